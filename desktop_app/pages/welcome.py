"""The first run: three calm steps that can be skipped, and never come again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.bridge import Bridge
from desktop_app.choices import Choices
from desktop_app.library_state import LibraryState
from desktop_app.widgets.basics import Fitted, Retranslated, TextButton, label
from desktop_app.widgets.first_question import FirstQuestion
from desktop_app.widgets.welcome_library import WelcomeLibrary
from desktop_app.widgets.welcome_look import WelcomeLook

LOOK, READ, ASK = range(3)
WIDEST, STEP_HEIGHT = 620, 250  # pixels; every step is as high, so that nothing jumps
SENTENCE_LINES = 2
SIGN, SIGN_SIZE = Path(__file__).parents[1] / "resources" / "inkstone.svg", 48


class WelcomePage(Fitted, Retranslated, QScrollArea):
    """Signals: `chosen` with a setting's name and value; `folder_wanted`, `files_wanted`; `asked` with a first
    question; `ended` without one."""

    chosen = Signal(str, object)
    folder_wanted = Signal()
    files_wanted = Signal()
    asked = Signal(str)
    ended = Signal()

    def __init__(self, bridge: Bridge, state: LibraryState, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.look = WelcomeLook(choices)
        self.library = WelcomeLibrary(bridge, state)
        self.question = FirstQuestion()
        self._build()
        self._connect()
        self.fit()
        self.show_step(LOOK)

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.where = label("muted")
        sign = QLabel()
        sign.setPixmap(QIcon(str(SIGN)).pixmap(SIGN_SIZE, SIGN_SIZE))
        self._title = label("title", wrap=True)
        self._sentence = label("muted", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.steps = QStackedWidget()
        for step in (self.look, self.library, self.question):
            self.steps.addWidget(_at_top(step))
        self.skip, self.back = TextButton("quiet"), TextButton("plain")
        self.next = TextButton("primary")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        parts = QWidget()
        parts.setMaximumWidth(WIDEST)
        column = QVBoxLayout(parts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(sign)
        column.addSpacing(10)
        column.addWidget(self.where)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addSpacing(10)
        column.addWidget(self.steps)
        column.addSpacing(10)
        column.addLayout(foot)
        column.addStretch(2)
        inner = QWidget()
        inner.setProperty("role", "page")
        row = QHBoxLayout(inner)
        row.setContentsMargins(40, 30, 40, 30)
        row.addStretch(1)
        row.addWidget(parts, 1000)
        row.addStretch(1)
        self.setWidget(inner)

    def _connect(self) -> None:
        self.look.chosen.connect(self.chosen)
        self.library.folder_wanted.connect(self.folder_wanted)
        self.library.files_wanted.connect(self.files_wanted)
        self.question.asked.connect(self.asked)
        self.question.words.textChanged.connect(self._show_next)
        self.skip.clicked.connect(self.ended)
        self.back.clicked.connect(lambda: self.show_step(self.step - 1))
        self.next.clicked.connect(self._go_on)
        self._state.changed.connect(self._show_library)

    @property
    def step(self) -> int:
        return self.steps.currentIndex()

    def add(self, paths: list[Path]) -> None:
        """Read these; what becomes of it is told by the second step."""
        self.library.add(paths)
        if self.step == LOOK:
            self.show_step(READ)

    def show_step(self, step: int) -> None:
        self.steps.setCurrentIndex(step)
        self._show_library()
        self.retranslate()
        wanted = self.question if step == ASK and not self._state.is_empty else self.next
        wanted.setFocus()

    def fit(self) -> None:
        self.steps.setMinimumHeight(theme.scaled(STEP_HEIGHT))
        self._sentence.setMinimumHeight(SENTENCE_LINES * self._sentence.fontMetrics().lineSpacing())

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Welcome"))
        self.where.setText(self.tr("Step {at} of {count}").format(at=self.step + 1, count=self.steps.count()))
        title, sentence = self._texts()
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.skip.say(self.tr("Skip"), self.tr("Skip the introduction"))
        self.back.say(self.tr("Back"))
        self.back.setVisible(self.step != LOOK)
        self.skip.setVisible(self.step != ASK)
        self._show_next()

    def _texts(self) -> tuple[str, str]:
        if self.step == LOOK:
            return (
                self.tr("Welcome to Inkstone"),
                self.tr(
                    "It answers questions from your own documents and shows where each answer stands. "
                    "Everything happens on this computer: there is nothing to download, and nothing is sent."
                ),
            )
        if self.step == READ:
            return (
                self.tr("What should Inkstone read?"),
                self.tr("Folders are followed from now on. You can add and remove them at any time, in the library."),
            )
        return (
            self.tr("Ask a first question"),
            self.tr("Click a number in the answer: the document opens at the page, with the words highlighted."),
        )

    def _show_library(self) -> None:
        self.question.show_library(self.library.has_sample, self._state.status is None or self._state.is_empty)
        self._show_next()

    def _show_next(self) -> None:
        if self.step != ASK:
            self.next.say(self.tr("Next"))
        elif self.question.words.text().strip():
            self.next.say(self.tr("Ask"))
        else:
            self.next.say(self.tr("Begin"), self.tr("Begin without a question"))

    def _go_on(self) -> None:
        if self.step != ASK:
            self.show_step(self.step + 1)
        elif self.question.words.text().strip():
            self.question.ask()
        else:
            self.ended.emit()


def _at_top(step: QWidget) -> QWidget:
    """A step keeps its height where another one is higher."""
    held = QWidget()
    column = QVBoxLayout(held)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(step)
    column.addStretch(1)
    return held
