"""The line above a conversation: the list beside it, its title, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop_app.shortcuts import shown
from desktop_app.widgets.basics import ElidedLabel, IconButton, Retranslated


class ChatHeader(Retranslated, QWidget):
    """Signals: `list_wanted`; `rename_wanted`; `export_wanted` with "md", "html" or "pdf"; `feedback_wanted`."""

    list_wanted = Signal()
    new_wanted = Signal()
    rename_wanted = Signal()
    export_wanted = Signal(str)
    feedback_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list_button = IconButton("panel-left", 18)
        self.new_button = IconButton("square-pen", 18)
        self.title = ElidedLabel("name", Qt.TextElideMode.ElideRight)
        self.rename_button = IconButton("pencil", 16)
        self.export_button = IconButton("download", 18)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 12, 4)
        row.setSpacing(4)
        row.addWidget(self.list_button)
        row.addWidget(self.new_button)
        row.addSpacing(4)
        row.addWidget(self.title, 1)
        row.addWidget(self.rename_button)
        row.addWidget(self.export_button)
        self.list_button.clicked.connect(self.list_wanted)
        self.new_button.clicked.connect(self.new_wanted)
        self.rename_button.clicked.connect(self.rename_wanted)
        self.export_button.clicked.connect(self.open_menu)
        self.retranslate()

    def show_title(self, title: str, kept: bool) -> None:
        """`kept`: there is something to rename and to export."""
        self.title.setText(title)
        for button in (self.rename_button, self.export_button):
            button.setVisible(kept)

    def show_list(self, shown: bool) -> None:
        """Beside the list, which has a button of its own for a new conversation."""
        self.new_button.setVisible(not shown)

    def export_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("Export as Markdown…"), lambda: self.export_wanted.emit("md"))
        menu.addAction(self.tr("Export as a web page…"), lambda: self.export_wanted.emit("html"))
        menu.addAction(self.tr("Export as PDF…"), lambda: self.export_wanted.emit("pdf"))
        menu.addSeparator()
        menu.addAction(self.tr("Export all thumbs up and down…"), self.feedback_wanted.emit)
        return menu

    def retranslate(self) -> None:
        self.list_button.say(self.tr("Show or hide the conversations"), shown("list"))
        self.new_button.say(self.tr("New conversation"), shown("new"))
        self.rename_button.say(self.tr("Rename the conversation"), shown("rename"))
        self.export_button.say(self.tr("Export the conversation"), shown("export"))

    def open_menu(self) -> None:
        """Offer the ways to export."""
        menu = self.export_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.export_button.mapToGlobal(self.export_button.rect().bottomLeft()))
