"""Thumbs up and down for an answer, and why. What is said stays on this computer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.widgets.basics import IconButton, Retranslated, TextButton, label
from desktop_app.widgets.flow_layout import FlowLayout
from engine.types import Verdict


class Thumbs(Retranslated, QWidget):
    """Signal: `judged` with a Verdict when a thumb was pressed; NONE takes the one before back."""

    judged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {Verdict.GOOD: IconButton("thumbs-up", 16), Verdict.BAD: IconButton("thumbs-down", 16)}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for verdict, button in self.buttons.items():
            button.setCheckable(True)
            button.use_icon(button.icon_name, "muted", "accent")
            button.clicked.connect(lambda on, verdict=verdict: self._press(verdict, on))
            row.addWidget(button)
        self.retranslate()

    def show_verdict(self, verdict: Verdict) -> None:
        for own, button in self.buttons.items():
            button.setChecked(own is verdict)

    def retranslate(self) -> None:
        self.buttons[Verdict.GOOD].say(self.tr("A good answer"))
        self.buttons[Verdict.BAD].say(self.tr("Not a good answer"))

    def _press(self, verdict: Verdict, on: bool) -> None:
        chosen = verdict if on else Verdict.NONE
        self.show_verdict(chosen)
        self.judged.emit(chosen)


class WhyBox(Retranslated, QFrame):
    """What was wrong with an answer: a few reasons to choose from, and words. Signal: `said` with all of it."""

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.title = label("muted", wrap=True)
        self.reasons = [TextButton("chip") for _ in range(4)]
        self.words = QLineEdit()
        self.words.setProperty("role", "field")
        self.done = TextButton("primary")
        chips = QWidget()
        chips.setProperty("role", "clear")
        flow = FlowLayout()
        chips.setLayout(flow)
        for reason in self.reasons:
            reason.setCheckable(True)
            flow.addWidget(reason)
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(self.done)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(chips)
        column.addLayout(line)
        self.done.clicked.connect(self._say)
        self.words.returnPressed.connect(self._say)
        self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(self.tr("What is wrong with it? Your words stay on this computer."))
        texts = (
            self.tr("It is wrong"),
            self.tr("Something is missing"),
            self.tr("The sources don't fit"),
            self.tr("It misses the question"),
        )
        for reason, text in zip(self.reasons, texts, strict=True):
            reason.say(text)
        self.words.setPlaceholderText(self.tr("What should it have said? (may stay empty)"))
        self.words.setAccessibleName(self.tr("What should it have said?"))
        self.done.say(self.tr("Keep"))

    def _say(self) -> None:
        chosen = [reason.text() for reason in self.reasons if reason.isChecked()]
        self.said.emit("; ".join([*chosen, *filter(None, [self.words.text().strip()])]))
