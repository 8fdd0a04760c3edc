"""The questions and answers so far, newest at the bottom; it stays in sight while it grows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.widgets.answer_view import AnswerView
from desktop_app.widgets.basics import Retranslated, label
from engine.types import Turn

WIDEST = 760  # pixels: longer lines are hard to read
BUBBLE_SHARE = 0.72
PADDING = 14
ABOVE = 16  # pixels that stay free above a question at the top


class UserBubble(QFrame):
    """A question, on the right, as wide as its text needs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._label = label("user", wrap=True)
        self._label.setText(text)
        self._label.setContentsMargins(PADDING, 10, PADDING, 10)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._label)

    @property
    def bubble(self) -> QLabel:
        return self._label

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        most = max(120, int(self.width() * BUBBLE_SHARE))
        flags = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
        room = self._label.fontMetrics().boundingRect(QRect(0, 0, most - 2 * PADDING, 0), flags, self._label.text())
        self._label.setFixedWidth(min(most, room.width() + 2 * PADDING + 4))


class Conversation(Retranslated, QScrollArea):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._following = True
        inner = QWidget()
        inner.setProperty("role", "clear")
        self._turns = QVBoxLayout()
        self._turns.setSpacing(18)
        self._turns.addStretch(1)
        row = QHBoxLayout(inner)
        row.setContentsMargins(32, 24, 32, 16)
        row.addStretch(1)
        row.addLayout(self._turns, 1000)
        row.addStretch(1)
        self.setWidget(inner)
        self.answers: list[AnswerView] = []
        self._newest: UserBubble | None = None
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        self.verticalScrollBar().actionTriggered.connect(lambda: QTimer.singleShot(0, self, self._note_place))
        self.retranslate()

    def add(self, question: str, writer: str = "") -> AnswerView:
        """Show a question and the place where its answer will grow; `writer` is the model that is to write it."""
        answer = AnswerView(question, writer)
        bubble = UserBubble(question)
        for part in (bubble, answer):
            part.setMaximumWidth(WIDEST)
            self._turns.insertWidget(self._turns.count() - 1, part)
        self.answers.append(answer)
        self._newest = bubble
        self._following = True
        return answer

    def turns(self, most: int) -> tuple[Turn, ...]:
        """The latest questions that were answered, oldest first."""
        answered = [one for one in self.answers if one.answer is not None and one.answer.text.strip()]
        return tuple(Turn(one.question, one.answer.text) for one in answered[-most:])

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Conversation"))

    def wheelEvent(self, event: QEvent) -> None:
        super().wheelEvent(event)
        self._note_place()

    def _note_place(self) -> None:
        """A person who scrolled up wants to read there: don't pull them down."""
        bar = self.verticalScrollBar()
        lowest = min(bar.maximum(), self._newest.y() - ABOVE) if self._newest else 0
        self._following = abs(bar.value() - lowest) < 40

    def _follow(self) -> None:
        """Down with the growing answer, but no further than to its question at the top."""
        if self._following and self._newest is not None:
            self.verticalScrollBar().setValue(min(self.verticalScrollBar().maximum(), self._newest.y() - ABOVE))
