"""The few choices: the language and the theme of the window. They hold at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_app import icons, theme
from desktop_app.widgets.basics import Retranslated, label
from engine.config import Settings

LANGUAGES = ("", "en", "zh")
THEMES = ("", "light", "dark")


class Choice(QComboBox):
    """A box to choose from, with an arrow in the theme's colour."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        arrow = icons.pixmap("chevron-down", theme.current().muted, 16, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawPixmap(self.width() - 26, (self.height() - 16) // 2, arrow)
        painter.end()


class SettingsPage(Retranslated, QWidget):
    """Signals: `language_chosen` and `theme_chosen` with the setting's value."""

    language_chosen = Signal(str)
    theme_chosen = Signal(str)

    def __init__(self, settings: Settings, home: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._home = home
        self._title = label("title")
        self._language_label, self._theme_label, self._home_label = QLabel(), QLabel(), QLabel()
        self.language, self.theme = Choice(), Choice()
        self._home_path = label("muted", wrap=True)
        self._home_path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._home_path.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._privacy = label("muted", wrap=True)
        self._build()
        for box, values, value in (
            (self.language, LANGUAGES, settings.language),
            (self.theme, THEMES, settings.theme),
        ):
            for one in values:
                box.addItem("", one)
            box.setCurrentIndex(max(0, box.findData(value)))
        self.language.activated.connect(lambda index: self.language_chosen.emit(LANGUAGES[index]))
        self.theme.activated.connect(lambda index: self.theme_chosen.emit(THEMES[index]))
        self.retranslate()

    def _build(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        form = QFormLayout(card)
        form.setContentsMargins(20, 18, 20, 18)
        form.setHorizontalSpacing(28)
        form.setVerticalSpacing(14)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(self._language_label, self.language)
        form.addRow(self._theme_label, self.theme)
        form.addRow(self._home_label, self._home_path)
        self._language_label.setBuddy(self.language)
        self._theme_label.setBuddy(self.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 30, 40, 30)
        column.setSpacing(16)
        column.addWidget(self._title)
        column.addWidget(card)
        column.addWidget(self._privacy)
        column.addStretch(1)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Settings"))
        self._language_label.setText(self.tr("Language"))
        self._theme_label.setText(self.tr("Theme"))
        self._home_label.setText(self.tr("Data folder"))
        self._home_path.setText(str(self._home))
        self._privacy.setText(
            self.tr("Your documents, questions and answers stay on this computer. Inkstone makes no connections.")
        )
        self.language.setAccessibleName(self.tr("Language"))
        self.theme.setAccessibleName(self.tr("Theme"))
        for index, text in enumerate((self.tr("As the system"), "English", "简体中文")):
            self.language.setItemText(index, text)
        for index, text in enumerate((self.tr("As the system"), self.tr("Light"), self.tr("Dark"))):
            self.theme.setItemText(index, text)
