"""One answer in the conversation: its text while it arrives, its sources, and what went wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import language, wording
from desktop_app.bridge import Failure
from desktop_app.widgets.answer_text import AnswerText
from desktop_app.widgets.basics import IconLabel, Retranslated, TextButton, label, set_role
from desktop_app.widgets.source_chips import SourceChips
from engine.texts import say
from engine.types import Answer, Citation, Piece, Sources, Stop

FLUSH_MS = 40  # pieces are collected this long: one layout for many tokens


class AnswerView(Retranslated, QFrame):
    """Signals: `cited` with a Citation and all of the answer's; `ask_again` with the question."""

    cited = Signal(object, object)
    ask_again = Signal(str)

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.answer: Answer | None = None
        self.failure: Failure | None = None
        self._text = ""
        self._citations: dict[int, Citation] = {}
        self._sources: Sources | None = None
        self._build()
        self._flush = QTimer(self, singleShot=True, interval=FLUSH_MS)
        self._flush.timeout.connect(self._show_text)
        self.retranslate()

    def _build(self) -> None:
        self.state = label("muted", wrap=True)
        self.heading_icon = IconLabel("search-x", 20, "muted")
        self.heading = label("name", wrap=True)
        self.text = AnswerText()
        self.sources_title = label("muted")
        self.chips = SourceChips()
        self.copy = TextButton("quiet", "copy")
        self.note = label("muted", wrap=True)
        self.again = TextButton("plain", "rotate-cw")
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.heading_icon, 0, Qt.AlignmentFlag.AlignTop)
        heading.addWidget(self.heading, 1)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self.copy)
        actions.addWidget(self.note, 1)
        actions.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(heading)
        column.addWidget(self.state)
        column.addWidget(self.sources_title)
        column.addWidget(self.text)
        column.addWidget(self.chips)
        column.addLayout(actions)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self.text.cited.connect(self._on_cited)
        self.chips.cited.connect(self._on_cited)
        self.copy.clicked.connect(self._copy)
        self.again.clicked.connect(lambda: self.ask_again.emit(self.question))
        for part in (self.heading_icon, self.heading, self.text, self.sources_title, self.chips, self.copy, self.again):
            part.hide()

    def take(self, event: object) -> None:
        """More of the answer came."""
        if isinstance(event, Sources):
            self._sources = event
            self.retranslate()
        elif isinstance(event, Piece):
            self._text += event.text
            if event.citation:
                self._citations[event.citation.number] = event.citation
            if not self._flush.isActive():
                self._flush.start()

    def finish(self, answer: Answer) -> None:
        self._flush.stop()
        self.answer = answer
        self._text = answer.text
        self._citations = {citation.number: citation for citation in answer.citations}
        if answer.stop == Stop.NO_SOURCES:
            self._become("no-sources")
        self._show_text()
        self.chips.show_citations(answer.citations)
        self.chips.setVisible(bool(answer.citations))
        self.copy.setVisible(bool(answer.text.strip()))
        self.retranslate()

    def fail(self, failure: Failure) -> None:
        """The answer will not come, or not whole: say why, and offer to ask again."""
        self._flush.stop()
        self.failure = failure
        self._show_text()
        self._become("answer-error")
        self.again.show()
        self.retranslate()

    def mark_open(self, citation: Citation | None) -> None:
        """Show which of the sources is open; None: none of this answer's."""
        mine = citation is not None and self._citations.get(citation.number) == citation
        self.chips.mark_open(citation.number if mine else None)

    def retranslate(self) -> None:
        self.state.setText(self._state_text())
        self.state.setVisible(not self._text and self.answer is None and self.failure is None)
        self.heading.setText(self._heading_text())
        self.heading.setVisible(bool(self.heading.text()))
        self.heading_icon.setVisible(bool(self.heading.text()))
        nearest = self.answer is not None and self.answer.stop == Stop.NO_SOURCES and bool(self.answer.citations)
        self.sources_title.setText(say("nearest", language.current()))
        self.sources_title.setVisible(nearest)
        self.text.setAccessibleName(self.tr("Answer"))
        self.copy.say(self.tr("Copy"), self.tr("Copy the answer"))
        self.again.say(self.tr("Ask again"))
        self.note.setText(self._note_text())
        self.note.setVisible(bool(self.note.text()))

    def _state_text(self) -> str:
        if self._sources is None:
            return self.tr("Searching your library…")
        return self.tr("Reading %Ln passage(s)…", "", len(self._sources.hits))

    def _heading_text(self) -> str:
        if self.failure and self._text:
            return self.tr("The answer was interrupted. {reason}").format(reason=wording.failure(self.failure))
        if self.failure:
            return wording.failure(self.failure)
        if self.answer and self.answer.stop == Stop.NO_SOURCES:
            return say("nothing_found", language.current())
        return ""

    def _note_text(self) -> str:
        if self.answer is None:
            return ""
        if self.answer.stop == Stop.STOPPED:
            return self.tr("You stopped this answer.")
        if self.answer.stop == Stop.LENGTH:
            return self.tr("The answer reached its greatest length and ends here.")
        if self.answer.stop == Stop.COMPLETE and self.answer.mode == "extractive":
            return self.tr("Word for word from your documents")
        return ""

    def _become(self, role: str) -> None:
        """Turn into a card, which looks unlike a supported answer."""
        if role == "answer-error":
            self.heading_icon.rename("triangle-alert", "danger")
        set_role(self, role)
        self.layout().setContentsMargins(16, 14, 16, 14)

    def _show_text(self) -> None:
        self.text.setVisible(bool(self._shown_text()))
        self.state.setVisible(not self._text and self.answer is None and self.failure is None)
        ended = self.answer is not None or self.failure is not None
        self.text.show_text(self._shown_text(), self._citations, finished=ended)

    def _shown_text(self) -> str:
        """Without the engine's opening words where the card's heading says the same."""
        if self.answer is None or self.answer.stop != Stop.NO_SOURCES:
            return self._text
        text = self._text
        for own in ("en", "zh"):
            text = text.removeprefix(say("nothing_found", own)).lstrip().removeprefix(say("nearest", own)).lstrip()
        return text

    def _on_cited(self, number: int) -> None:
        if number in self._citations:
            self.cited.emit(self._citations[number], tuple(self._citations.values()))

    def _copy(self) -> None:
        sources = "\n".join(f"[{number}] {wording.source(one)}" for number, one in self._citations.items())
        QGuiApplication.clipboard().setText(f"{self._text.strip()}\n\n{sources}".strip())
