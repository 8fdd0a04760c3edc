"""The page of questions and answers, with the source of a citation beside them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.choices import Choices
from desktop_app.drafting import Drafting
from desktop_app.library_state import LibraryState
from desktop_app.widgets.answer_view import AnswerView
from desktop_app.widgets.basics import IconLabel, Retranslated, TextButton, label
from desktop_app.widgets.conversation import WIDEST, Conversation
from desktop_app.widgets.question_box import QuestionBox
from desktop_app.widgets.source_panel import SourcePanel
from engine.types import Answer, Citation, Turn

TURNS = 30  # go along with a question: the model is told the latest, a search may need what began the topic


class ChatPage(Retranslated, QWidget):
    """Signal: `add_folder_wanted` by the button of an empty library."""

    add_folder_wanted = Signal()

    def __init__(self, bridge: Bridge, state: LibraryState, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._bridge = bridge
        self._state = state
        self._choices = choices
        self._reply: Reply | None = None
        self._answer: AnswerView | None = None
        self._build()
        self.drafting = Drafting(bridge, self.question.edit, self._history)
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        self.conversation = Conversation()
        self.start = _Start()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start)
        self.stack.addWidget(self.conversation)
        self.question = QuestionBox()
        self.question.setMaximumWidth(WIDEST)
        self.quiet = label("muted", wrap=True)
        self.quiet.setMaximumWidth(WIDEST)
        self.source = SourcePanel(self._bridge)
        self.source.setMinimumWidth(350)
        self.source.hide()
        foot = QVBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.quiet)
        foot.addWidget(self.question)
        foot_row = QHBoxLayout()
        foot_row.setContentsMargins(32, 4, 32, 18)
        foot_row.addStretch(1)
        foot_row.addLayout(foot, 1000)
        foot_row.addStretch(1)
        left = QWidget()
        left.setProperty("role", "page")
        left.setMinimumWidth(400)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stack, 1)
        column.addLayout(foot_row)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(5)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.source)
        self.splitter.setStretchFactor(0, 11)
        self.splitter.setStretchFactor(1, 6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)

    def _connect(self) -> None:
        self.question.asked.connect(self.ask)
        self.question.stop_wanted.connect(self.stop)
        self.start.add_folder.clicked.connect(self.add_folder_wanted)
        self.source.opened.connect(self._mark_open)
        self.source.closed.connect(self._close_source)
        self._state.changed.connect(self._show_state)

    def ask(self, question: str) -> None:
        if self._reply is not None:
            return
        history = self._history()
        self._answer = self.conversation.add(question, self._choices.settings.generator)
        self._answer.cited.connect(self.open_citation)
        self._answer.ask_again.connect(self.ask)
        self.stack.setCurrentWidget(self.conversation)
        self._reply = self._bridge.request("ask", question=question, history=history)
        self._reply.event.connect(self._answer.take)
        self._reply.done.connect(self._on_done)
        self._reply.failed.connect(self._on_failed)
        self._set_busy(True)

    def stop(self) -> None:
        """End the answer that is being written, at once; what there is of it stays. The engine ends when it can."""
        if self._reply is not None:
            self._bridge.request("stop", request=self._reply.number)
            self._reply.drop()
            self._end()
            self._answer.stop()

    def open_citation(self, citation: Citation, citations: tuple[Citation, ...]) -> None:
        if not self.source.isVisible():
            self.source.show()
            if self.splitter.sizes()[1] < self.source.minimumWidth():
                self.splitter.setSizes([round(self.width() * 0.62), round(self.width() * 0.38)])
        self.source.show_citation(citation, citations)

    def close_source(self) -> bool:
        """Close the document beside the conversation; says whether there was one."""
        if not self.source.isVisible():
            return False
        self.source.close_source()
        return True

    @property
    def is_answering(self) -> bool:
        return self._reply is not None

    def retranslate(self) -> None:
        self._show_state()

    def _on_done(self, answer: Answer) -> None:
        self._end()
        self._answer.finish(answer)

    def _on_failed(self, failure: Failure) -> None:
        self._end()
        self._answer.fail(failure)

    def _end(self) -> None:
        self._reply = None
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        self.question.set_busy(busy)
        self.drafting.hold(busy)

    def _history(self) -> tuple[Turn, ...]:
        return self.conversation.turns(TURNS)

    def _mark_open(self, citation: Citation | None) -> None:
        for answer in self.conversation.answers:
            answer.mark_open(citation)

    def _close_source(self) -> None:
        self.source.hide()
        self._mark_open(None)
        self.question.setFocus()

    def _show_state(self) -> None:
        status = self._state.status
        self.start.show_empty(self._state.is_empty)
        searchable = ""
        if status is not None and status.waiting:
            total = status.indexed + status.waiting
            searchable = self.tr("{done} of %Ln document(s) are searchable so far.", "", total)
            searchable = searchable.format(done=wording.number(status.indexed))
            if self._state.paused:
                searchable += " " + self.tr("Indexing is paused.")
        self.quiet.setText(searchable)
        self.quiet.setVisible(bool(searchable))


class _Start(Retranslated, QWidget):
    """What stands there before the first question."""

    def __init__(self) -> None:
        super().__init__()
        self._empty = False
        self._icon = IconLabel("message-square", 40)
        self._title = label("title", wrap=True)
        self._hint = label("muted", wrap=True)
        self.add_folder = TextButton("primary", "folder-plus", "accent_text")
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (self._title, self._hint):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(text)
        column.addSpacing(4)
        column.addWidget(self.add_folder, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.add_folder.hide()
        self.retranslate()

    def show_empty(self, empty: bool) -> None:
        self._empty = empty
        self.retranslate()

    def retranslate(self) -> None:
        self.add_folder.say(self.tr("Add folder"))
        self.add_folder.setVisible(self._empty)
        if self._empty:
            self._icon.rename("folder-plus", "accent")
            self._title.setText(self.tr("Add a folder of documents to begin"))
            self._hint.setText(
                self.tr("Inkstone reads it here, on this computer, and answers your questions with the exact passages.")
            )
        else:
            self._icon.rename("message-square", "accent")
            self._title.setText(self.tr("What would you like to know?"))
            self._hint.setText(
                self.tr("Answers come from your own documents. Each claim is linked to the passage that it came from.")
            )
