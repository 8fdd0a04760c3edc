"""The choices: how the window looks, and how answers are made. They hold at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app.bridge import Bridge
from desktop_app.choices import Choices
from desktop_app.widgets.answer_settings import AnswerSettings
from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.controls import Choice, show_value
from desktop_app.widgets.privacy_card import PrivacyCard
from desktop_app.widgets.setting_row import SettingRow

LANGUAGES = ("", "en", "zh")
THEMES = ("", "light", "dark")
WIDEST = 900


class SettingsPage(Retranslated, QScrollArea):
    """Signals: `language_chosen` and `theme_chosen` with the setting's value."""

    language_chosen = Signal(str)
    theme_chosen = Signal(str)

    def __init__(self, bridge: Bridge, choices: Choices, home: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._home = home
        self._title = label("title")
        self._look_title = label("heading")
        self.language, self.theme = Choice(), Choice()
        self._rows = (SettingRow(self.language), SettingRow(self.theme), SettingRow())
        self.answers = AnswerSettings(bridge, choices)
        self.privacy = PrivacyCard()
        self._build()
        for box, values, value in (
            (self.language, LANGUAGES, choices.settings.language),
            (self.theme, THEMES, choices.settings.theme),
        ):
            for one in values:
                box.addItem("", one)
            show_value(box, value)
        self.language.activated.connect(lambda index: self.language_chosen.emit(LANGUAGES[index]))
        self.theme.activated.connect(lambda index: self.theme_chosen.emit(THEMES[index]))
        self.retranslate()

    def _build(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(20, 18, 20, 18)
        rows.setSpacing(16)
        rows.addWidget(self._look_title)
        for row in self._rows:
            rows.addWidget(row)
        inner = QWidget()
        inner.setProperty("role", "clear")
        parts = QWidget()
        parts.setMaximumWidth(WIDEST)
        column = QVBoxLayout(parts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self._title, card, self.answers, self.privacy):
            column.addWidget(part)
        column.addStretch(1)
        row = QHBoxLayout(inner)
        row.setContentsMargins(40, 30, 40, 30)
        row.addWidget(parts, 1000)
        row.addStretch(1)
        self.setWidget(inner)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.answers.refresh()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Settings"))
        self._title.setText(self.tr("Settings"))
        self._look_title.setText(self.tr("General"))
        language, theme, home = self._rows
        language.say(self.tr("Language"))
        theme.say(self.tr("Theme"))
        home.say(self.tr("Data folder"), str(self._home))
        for index, text in enumerate((self.tr("As the system"), "English", "简体中文")):
            self.language.setItemText(index, text)
        for index, text in enumerate((self.tr("As the system"), self.tr("Light"), self.tr("Dark"))):
            self.theme.setItemText(index, text)
