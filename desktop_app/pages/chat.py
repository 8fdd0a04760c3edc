"""The page of questions and answers: the conversations, the one in sight, and the source of a citation beside it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge
from desktop_app.choices import Choices
from desktop_app.conversations_state import ConversationsState
from desktop_app.drafting import Drafting
from desktop_app.exporting.saving import Saving
from desktop_app.library_state import LibraryState
from desktop_app.session import Session
from desktop_app.sessions import Sessions
from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.chat_header import ChatHeader
from desktop_app.widgets.chat_start import ChatStart
from desktop_app.widgets.conversation import WIDEST, Conversation
from desktop_app.widgets.conversation_list import ConversationList
from desktop_app.widgets.question_box import QuestionBox
from desktop_app.widgets.scope_button import ScopeButton
from desktop_app.widgets.source_panel import SourcePanel
from desktop_app.widgets.undo_bar import UndoBar
from engine.types import Citation, Failed, Indexed, Removed, Turn
from engine.types import Conversation as KeptConversation

NARROWEST, NARROWEST_SOURCE = 400, 350  # pixels


class ChatPage(Retranslated, QWidget):
    """Signals: `add_folder_wanted` by the button of an empty library; `told` with a function that gives a sentence."""

    add_folder_wanted = Signal()
    told = Signal(object)

    def __init__(self, bridge: Bridge, state: LibraryState, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._bridge = bridge
        self._state = state
        self.conversations = ConversationsState(bridge, self)
        self.sessions = Sessions(bridge, choices, self)
        self.saving = Saving(bridge, self)
        self._list_wanted = True
        self._build()
        self.drafting = Drafting(bridge, self.question.edit, self._history, lambda: self.scope.scope)
        self._connect()
        self._show_session(self.sessions.current)
        self.retranslate()

    def _build(self) -> None:
        self.list = ConversationList(self.conversations)
        self.header = ChatHeader()
        self.start = ChatStart()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start)
        self.source = SourcePanel(self._bridge)
        self.source.setMinimumWidth(NARROWEST_SOURCE)
        self.source.hide()
        self.scope = ScopeButton(self._bridge, self._state, lambda: self.source.path)
        self.question = QuestionBox(self.scope)
        self.quiet = label("muted", wrap=True)
        self.undo = UndoBar()
        foot = QVBoxLayout()
        foot.setSpacing(8)
        for part in (self.undo, self.quiet, self.question):
            part.setMaximumWidth(WIDEST)
            foot.addWidget(part)
        foot_row = QHBoxLayout()
        foot_row.setContentsMargins(32, 4, 32, 18)
        foot_row.addStretch(1)
        foot_row.addLayout(foot, 1000)
        foot_row.addStretch(1)
        left = QWidget()
        left.setProperty("role", "page")
        left.setMinimumWidth(NARROWEST)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
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
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.question.asked.connect(self.ask)
        self.question.stop_wanted.connect(self.stop)
        self.question.edit.recalled.connect(self._edit_last)
        self.scope.changed.connect(lambda scope: setattr(self.sessions.current, "scope", scope))
        self.start.add_folder.clicked.connect(self.add_folder_wanted)
        self.source.opened.connect(self.sessions.mark_open)
        self.source.closed.connect(self._close_source)
        self._state.changed.connect(self._show_state)
        self.list.new_wanted.connect(self.begin)
        self.list.chosen.connect(self.open_conversation)
        self.header.list_wanted.connect(self.toggle_list)
        self.header.new_wanted.connect(self.begin)
        self.header.rename_wanted.connect(self.rename)
        self.header.export_wanted.connect(self._export_where)
        self.header.feedback_wanted.connect(self.saving.ask_where_feedback)
        self.saving.told.connect(self.told)
        self.conversations.changed.connect(self._on_conversations)
        self.conversations.deleted.connect(self._on_deleted)
        self.sessions.shown.connect(self._show_session)
        self.sessions.busy_changed.connect(self._set_busy)
        self.sessions.cited.connect(self.open_citation)
        self.sessions.replaced.connect(self._on_replaced)
        self.sessions.noted.connect(self._on_noted)
        self.sessions.loaded.connect(self._on_loaded)
        self.sessions.finished.connect(lambda _: self.conversations.refresh())
        self._bridge.ready.connect(self.sessions.load_again)
        self._bridge.event.connect(self._on_event)

    @property
    def conversation(self) -> Conversation:
        """The one in sight."""
        return self.sessions.current.conversation

    @property
    def is_answering(self) -> bool:
        return self.sessions.current.is_answering

    def ask(self, question: str) -> None:
        self.undo.hide()
        self.sessions.current.ask(question, self.scope.scope)
        self.stack.setCurrentWidget(self.conversation)

    def stop(self) -> None:
        """End the answer that is being written, at once; what there is of it stays."""
        self.sessions.current.stop()

    def begin(self) -> None:
        """Show an empty conversation."""
        self.sessions.begin()
        self.question.setFocus()

    def open_conversation(self, id: int) -> None:
        self.sessions.open(id)
        self.question.setFocus()

    def open_numbered(self, number: int) -> None:
        """The citation of this number in the latest answer that has one."""
        for answer in reversed(self.conversation.answers):
            if number in answer.citations:
                self.open_citation(answer.citations[number], tuple(answer.citations.values()))
                return

    def step(self, by: int) -> None:
        """To the next citation (1) or the one before (-1) where a document is open, else to another conversation."""
        if self.source.isVisible():
            self.source.step(by)
        else:
            self.open_neighbour(by)

    def open_neighbour(self, step: int) -> None:
        """The conversation below (1) or above (-1) in the list."""
        if id := self.list.neighbour(self.sessions.current.id, step):
            self.open_conversation(id)

    def rename(self) -> None:
        """Let the title be typed anew, in the list: of what has the keyboard there, else of the one in sight."""
        if self.list.list.hasFocus():
            self.list.list.edit(self.list.list.currentIndex())
            return
        self._list_wanted = True
        self._arrange(closing_source=True)
        self.list.rename(self.sessions.current.id)

    def toggle_list(self) -> None:
        self._list_wanted = not self.list.isVisible()
        self._arrange(closing_source=True)

    def focus_search(self) -> None:
        """Search in the document that is open, else through the conversations."""
        if self.source.isVisible():
            self.source.find.open()
        else:
            self.search_conversations()

    def search_conversations(self) -> None:
        self._list_wanted = True
        self._arrange()
        self.list.search.setFocus()
        self.list.search.selectAll()

    def open_citation(self, citation: Citation, citations: tuple[Citation, ...]) -> None:
        if not self.source.isVisible():
            self.source.show()
            self._arrange()
            if self.splitter.sizes()[1] < self.source.minimumWidth():
                width = self.splitter.width()
                self.splitter.setSizes([round(width * 0.62), round(width * 0.38)])
        self.source.show_citation(citation, citations)

    def close_source(self) -> bool:
        """Close the document beside the conversation; says whether there was one."""
        if not self.source.isVisible():
            return False
        self.source.close_source()
        return True

    def export(self, path: Path) -> None:
        """Write the conversation in sight to a file, as its ending says."""
        self.saving.export(self.sessions.current.id, self.header.title.text(), path)

    def save(self, memory: QSettings) -> None:
        memory.setValue("splitter", self.splitter.saveState())
        memory.setValue("conversation", self.sessions.current.id)
        memory.setValue("conversations_shown", int(self._list_wanted))

    def restore(self, memory: QSettings) -> None:
        """As it was left. The conversation itself comes when the engine is ready."""
        if (splitter := memory.value("splitter")) is not None:
            self.splitter.restoreState(splitter)
        self._list_wanted = bool(int(memory.value("conversations_shown", 1)))
        if id := int(memory.value("conversation", 0)):
            self.sessions.open(id)
        self._arrange()

    def retranslate(self) -> None:
        self._show_state()
        self._show_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self, closing_source: bool = False) -> None:
        """The list gives way where the window is too narrow for everything, unless it was asked for just now."""
        room = self.width() - self.list.minimumWidth() - NARROWEST
        if closing_source and self._list_wanted and room < NARROWEST_SOURCE:
            self.close_source()
        taken = NARROWEST_SOURCE if self.source.isVisibleTo(self) else 0
        self.list.setVisible(self._list_wanted and room >= taken)
        self.header.show_list(self.list.isVisibleTo(self))

    def _show_session(self, session: Session) -> None:
        if self.stack.indexOf(session.conversation) < 0:
            self.stack.addWidget(session.conversation)
        empty = session.is_loaded and not session.conversation.answers
        self.stack.setCurrentWidget(self.start if empty and not session.id else session.conversation)
        self.scope.use(session.scope)
        self._set_busy(session.is_answering)
        self.list.mark_open(session.id)
        self.undo.hide()
        self._show_title()

    def _show_title(self) -> None:
        current = self.sessions.current
        known = self.conversations.find(current.id)
        asked = current.conversation.questions
        if known is not None:
            title = known.title
        else:  # it is not kept yet, or the list was not told of it so far
            title = asked[0].text if current.id and asked else self.tr("New conversation")
        self.header.show_title(title, kept=bool(current.id))

    def _set_busy(self, busy: bool) -> None:
        self.question.set_busy(busy)
        self.drafting.hold(busy)
        if busy:
            self.question.setFocus()  # what was pressed to ask may be gone by now

    def _history(self) -> tuple[Turn, ...]:
        return self.sessions.current.history()

    def _edit_last(self) -> None:
        if self.conversation.questions and not self.is_answering:
            self.conversation.questions[-1].start_editing()

    def _on_noted(self, session: Session) -> None:
        if session is self.sessions.current:
            self.list.mark_open(session.id)
        self.conversations.refresh()

    def _on_loaded(self, session: Session) -> None:
        if session is self.sessions.current:
            self.scope.use(session.scope)
            self._on_conversations()

    def _on_conversations(self) -> None:
        current = self.sessions.current
        is_there = not current.id or self.conversations.may_hold(current.id)
        if not is_there and current.is_loaded and not current.is_answering and not current.conversation.answers:
            self.sessions.forget(current.id)  # it was deleted while the window was closed
        self._show_title()

    def _on_deleted(self, deleted: KeptConversation) -> None:
        in_sight = deleted.id == self.sessions.current.id
        self.sessions.forget(deleted.id)
        if in_sight:
            self.sessions.begin()
        self.undo.offer(
            lambda: self.tr("“{title}” was deleted.").format(title=deleted.title),
            lambda: self._restore(deleted.id, in_sight),
        )

    def _restore(self, id: int, in_sight: bool) -> None:
        reply = self.conversations.restore(id)
        if in_sight:
            reply.done.connect(lambda: self.sessions.open(id))

    def _on_replaced(self, exchange: int) -> None:
        session = self.sessions.current
        self.undo.offer(
            lambda: self.tr("The earlier question and what followed it were replaced."),
            lambda: session.take_back(exchange),
        )

    def _on_event(self, event: object) -> None:
        if isinstance(event, Indexed | Removed | Failed):
            self.sessions.recheck(event.path)

    def _close_source(self) -> None:
        self.source.hide()
        self.sessions.mark_open(None)
        self._arrange()
        self.question.setFocus()

    def _export_where(self, ending: str) -> None:
        self.saving.ask_where(self.sessions.current.id, self.header.title.text(), ending)

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
