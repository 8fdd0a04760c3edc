"""The settings about language and look. They are in sight at once, before they are kept."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from desktop_app import theme
from desktop_app.choices import Choices
from desktop_app.widgets.controls import Choice
from desktop_app.widgets.settings_card import SettingsCard

LANGUAGES = ("", "en", "zh")
THEMES = ("", "light", "dark")
SIZES = (90, 100, 115, 130, 150)  # percent


class LookSettings(SettingsCard):
    """Signal: `chosen` with the setting's name and its value."""

    chosen = Signal(str, object)

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        self.language, self.theme, self.accent, self.size = Choice(), Choice(), Choice(), Choice()
        for box, values in (
            (self.language, LANGUAGES),
            (self.theme, THEMES),
            (self.accent, tuple(theme.ACCENTS)),
            (self.size, tuple(sorted({*SIZES, choices.settings.font_percent}))),
        ):
            for value in values:
                box.addItem("", value)
        controls = {"language": self.language, "theme": self.theme, "accent": self.accent, "font_percent": self.size}
        super().__init__(choices, controls, parent)
        self._dark: bool | None = None
        self._dye()
        self.retranslate()

    def change(self, name: str, value: str | int | float | bool) -> None:
        self.chosen.emit(name, value)

    def retranslate(self) -> None:
        super().retranslate()
        self.title.setText(self.tr("General"))
        self.rows["language"].say(self.tr("Language"), self.tr("Of the window; questions may be in either."))
        self.rows["theme"].say(self.tr("Theme"), self.tr("Light or dark, or as the system has it at the moment."))
        self.rows["accent"].say(self.tr("Accent colour"), self.tr("Marks what is chosen and what can be pressed."))
        self.rows["font_percent"].say(self.tr("Size of text"), self.tr("Of everything but the pages of documents."))
        for index, text in enumerate((self.tr("As the system"), "English", "简体中文")):
            self.language.setItemText(index, text)
        for index, text in enumerate((self.tr("As the system"), self.tr("Light"), self.tr("Dark"))):
            self.theme.setItemText(index, text)
        names = (
            self.tr("Blue"),
            self.tr("Teal"),
            self.tr("Green"),
            self.tr("Violet"),
            self.tr("Rose"),
            self.tr("Amber"),
        )
        for index, text in enumerate(names):
            self.accent.setItemText(index, text)
        for index in range(self.size.count()):
            self.size.setItemText(index, f"{self.size.itemData(index)} %")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_dark"):
            self._dye()

    def _dye(self) -> None:
        """The colours beside their names, as the theme in use has them."""
        dark = theme.current().bg == theme.DARK.bg
        if dark == self._dark:
            return
        self._dark = dark
        for index, name in enumerate(theme.ACCENTS):
            self.accent.setItemIcon(index, _swatch(theme.tokens_of(name, dark).accent))


def _swatch(colour: str) -> QIcon:
    made = QPixmap(32, 32)
    made.setDevicePixelRatio(2)
    made.fill(QColor(0, 0, 0, 0))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(1, 1, 14, 14)
    painter.end()
    return QIcon(made)
