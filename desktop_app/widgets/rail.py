"""The rail at the left of the window: one button a page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from desktop_app.shortcuts import shown
from desktop_app.widgets.basics import IconButton, Retranslated

WIDTH = 64
CHAT, LIBRARY, SETTINGS, SEARCH, MODELS, GUIDE = range(6)
ICONS = ("message-square", "library", "settings", "search", "cpu", "circle-help")


class Rail(Retranslated, QWidget):
    """Signal: `chosen` with the page's number."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self.buttons = [self._button(page, icon) for page, icon in enumerate(ICONS)]
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 14)
        column.setSpacing(6)
        column.addWidget(self.buttons[CHAT])
        column.addWidget(self.buttons[SEARCH])
        column.addWidget(self.buttons[LIBRARY])
        column.addWidget(self.buttons[MODELS])
        column.addStretch(1)
        column.addWidget(self.buttons[GUIDE])
        column.addWidget(self.buttons[SETTINGS])
        self._group.idClicked.connect(self.chosen)
        self.retranslate()

    def show_page(self, page: int) -> None:
        self.buttons[page].setChecked(True)

    def retranslate(self) -> None:
        self.buttons[CHAT].say(self.tr("Ask"), shown("chat"))
        self.buttons[SEARCH].say(self.tr("Search"), shown("search"))
        self.buttons[LIBRARY].say(self.tr("Library"), shown("library"))
        self.buttons[SETTINGS].say(self.tr("Settings"), shown("settings"))
        self.buttons[MODELS].say(self.tr("Models"), shown("models"))
        self.buttons[GUIDE].say(self.tr("Guide"), shown("guide"))

    def _button(self, page: int, icon: str) -> IconButton:
        button = IconButton(icon, 22)
        button.setProperty("role", "rail-button")
        button.setFixedSize(QSize(44, 44))
        button.setCheckable(True)
        button.use_icon(icon, "muted", "accent")
        self._group.addButton(button, page)
        return button
