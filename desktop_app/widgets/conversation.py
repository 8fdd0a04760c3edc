"""The questions and answers so far, newest at the bottom; it stays in sight while it grows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app import scopes
from desktop_app.widgets.answer_view import AnswerView
from desktop_app.widgets.basics import Retranslated, TextButton
from desktop_app.widgets.question_bubble import QuestionBubble
from engine.types import EVERYTHING, Exchange, Scope, Turn

WIDEST = 760  # pixels: longer lines are hard to read
ABOVE = 16  # pixels that stay free above a question at the top
AT_FIRST = 20  # exchanges of an earlier conversation; the others come when they are wanted


class Conversation(Retranslated, QScrollArea):
    """Signals: `added` with each AnswerView; `edited` with the AnswerView of a question and its new text;
    `restored` when all that is kept of it, and was wanted, is shown.
    """

    added = Signal(object)
    edited = Signal(object, str)
    restored = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._following = True
        self._waiting: list[Exchange] = []  # are being shown, one in each turn of the event loop
        self._earlier: list[Exchange] = []  # are shown when they are wanted
        inner = QWidget()
        inner.setProperty("role", "clear")
        self.show_earlier = TextButton("quiet", "chevron-up")
        self.show_earlier.hide()
        self._turns = QVBoxLayout()
        self._turns.setSpacing(18)
        self._turns.addWidget(self.show_earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self._turns.addStretch(1)
        row = QHBoxLayout(inner)
        row.setContentsMargins(32, 20, 32, 16)
        row.addStretch(1)
        row.addLayout(self._turns, 1000)
        row.addStretch(1)
        self.setWidget(inner)
        self.answers: list[AnswerView] = []
        self.questions: list[QuestionBubble] = []
        self.show_earlier.clicked.connect(self._bring_earlier)
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        self.verticalScrollBar().actionTriggered.connect(lambda: QTimer.singleShot(0, self, self._note_place))
        self.retranslate()

    def add(self, question: str, writer: str = "", scope: Scope = EVERYTHING) -> AnswerView:
        """Show a question and the place where its answer will grow; `writer` is the model that is to write it."""
        self._following = True
        return self._insert(len(self.answers), question, writer, scope)

    def restore(self, exchanges: tuple[Exchange, ...]) -> None:
        """Show what was asked before: the latest, a few at a time, so that the window stays quick."""
        self._earlier = list(exchanges[:-AT_FIRST])
        self._waiting = list(exchanges[-AT_FIRST:])
        self._restore_next()

    def drop_from(self, answer: AnswerView) -> None:
        """Forget an answer, its question and all that followed."""
        self._waiting.clear()
        at = self.answers.index(answer)
        for part in (*self.answers[at:], *self.questions[at:]):
            self._turns.removeWidget(part)
            part.hide()
            part.deleteLater()
        del self.answers[at:], self.questions[at:]

    def turns(self, most: int) -> tuple[Turn, ...]:
        """The latest questions that were answered, oldest first."""
        answered = [one for one in self.answers if one.answer is not None and one.answer.text.strip()]
        return tuple(Turn(one.question, one.answer.text) for one in answered[-most:])

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Conversation"))
        self.show_earlier.say(self.tr("Show earlier questions"))

    def wheelEvent(self, event: QEvent) -> None:
        super().wheelEvent(event)
        self._note_place()

    def _insert(self, at: int, question: str, writer: str, scope: Scope) -> AnswerView:
        answer = AnswerView(question, writer)
        bubble = QuestionBubble(question, scopes.sentence(scope))
        bubble.edited.connect(lambda text: self.edited.emit(answer, text))
        for part, row in ((bubble, 1 + 2 * at), (answer, 2 + 2 * at)):  # the button for earlier ones comes first
            part.setMaximumWidth(WIDEST)
            self._turns.insertWidget(row, part)
        self.answers.insert(at, answer)
        self.questions.insert(at, bubble)
        self.added.emit(answer)
        return answer

    def _restore_next(self) -> None:
        if not self._waiting:
            self.show_earlier.setVisible(bool(self._earlier))
            self.restored.emit()
            return
        exchange = self._waiting.pop(0)
        self._insert(len(self.answers), exchange.question, exchange.writer, exchange.scope).restore(exchange)
        QTimer.singleShot(0, self, self._restore_next)

    def _bring_earlier(self) -> None:
        """The button's place stays in sight: who goes back reads upward."""
        self._following = False
        part, self._earlier = self._earlier[-AT_FIRST:], self._earlier[:-AT_FIRST]
        for at, exchange in enumerate(part):
            self._insert(at, exchange.question, exchange.writer, exchange.scope).restore(exchange)
        self.show_earlier.setVisible(bool(self._earlier))
        self.restored.emit()

    @property
    def _newest(self) -> QuestionBubble | None:
        return self.questions[-1] if self.questions else None

    def _note_place(self) -> None:
        """A person who scrolled up wants to read there: don't pull them down."""
        bar = self.verticalScrollBar()
        lowest = min(bar.maximum(), self._newest.y() - ABOVE) if self._newest else 0
        self._following = abs(bar.value() - lowest) < 40

    def _follow(self) -> None:
        """Down with the growing answer, but no further than to its question at the top."""
        if self._following and self._newest is not None:
            self.verticalScrollBar().setValue(min(self.verticalScrollBar().maximum(), self._newest.y() - ABOVE))
