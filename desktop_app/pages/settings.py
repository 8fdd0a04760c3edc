"""The choices: how the window looks, how answers are made, what is read and kept. They hold at once, or say when."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app.bridge import Bridge
from desktop_app.choices import Choices
from desktop_app.starting import AtLogin
from desktop_app.widgets.answer_settings import AnswerSettings
from desktop_app.widgets.basics import Retranslated, TextButton, label
from desktop_app.widgets.data_settings import DataSettings
from desktop_app.widgets.flow_layout import FlowLayout
from desktop_app.widgets.indexing_settings import IndexingSettings
from desktop_app.widgets.look_settings import LookSettings
from desktop_app.widgets.privacy_card import PrivacyCard
from desktop_app.widgets.shortcut_settings import ShortcutSettings
from desktop_app.widgets.system_settings import SystemSettings
from engine.config import Config

WIDEST = 900


class SettingsPage(Retranslated, QScrollArea):
    """Signals: `chosen` with the name and value of a setting of the look; `erase_wanted`, which was confirmed."""

    chosen = Signal(str, object)
    erase_wanted = Signal()

    def __init__(self, bridge: Bridge, choices: Choices, config: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._title = label("title")
        self.look = LookSettings(choices)
        self.system = SystemSettings(choices, AtLogin(config.home))
        self.answers = AnswerSettings(bridge, choices)
        self.indexing = IndexingSettings(choices)
        self.shortcuts = ShortcutSettings(choices)
        self.data = DataSettings(bridge, config)
        self.privacy = PrivacyCard()
        self.cards = (self.look, self.system, self.answers, self.indexing, self.shortcuts, self.data, self.privacy)
        self.jumps = [TextButton("quiet") for _ in self.cards]
        self.language, self.theme = self.look.language, self.look.theme
        self._build()
        self.look.chosen.connect(self.chosen)
        self.data.erase_wanted.connect(self.erase_wanted)
        for button, card in zip(self.jumps, self.cards, strict=True):
            button.clicked.connect(lambda _=False, card=card: self._go_to(card))
        self.retranslate()

    def _build(self) -> None:
        jumps = FlowLayout()
        for button in self.jumps:
            jumps.addWidget(button)
        inner = QWidget()
        inner.setProperty("role", "clear")
        parts = QWidget()
        parts.setMaximumWidth(WIDEST)
        column = QVBoxLayout(parts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._title)
        column.addLayout(jumps)
        for card in self.cards:
            column.addWidget(card)
        column.addStretch(1)
        row = QHBoxLayout(inner)
        row.setContentsMargins(40, 30, 40, 30)
        row.addWidget(parts, 1000)
        row.addStretch(1)
        self.setWidget(inner)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.answers.refresh()
        self.system.refresh()
        self.data.refresh()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Settings"))
        self._title.setText(self.tr("Settings"))
        names = (
            self.tr("General"),
            self.tr("System"),
            self.tr("Answers"),
            self.tr("Reading"),
            self.tr("Keyboard"),
            self.tr("Data"),
            self.tr("Privacy"),
        )
        for button, name in zip(self.jumps, names, strict=True):
            button.say(name, self.tr("Go to: {part}").format(part=name))

    def _go_to(self, card: QFrame) -> None:
        """Bring a card to the top, and the keyboard to its first control."""
        self.verticalScrollBar().setValue(card.y())
        controls = [part for part in card.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
        first = next((part for part in controls if part.isVisible() and part.isEnabled()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
            self.verticalScrollBar().setValue(card.y())
