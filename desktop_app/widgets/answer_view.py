"""One answer in the conversation: its text while it arrives, its quotes and sources, and what went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import language, wording
from desktop_app.bridge import Failure
from desktop_app.widgets.answer_actions import AnswerActions
from desktop_app.widgets.answer_text import AnswerText
from desktop_app.widgets.basics import IconLabel, Retranslated, TextButton, label, set_role
from desktop_app.widgets.quotes_view import QuotesView
from desktop_app.widgets.source_chips import SourceChips
from desktop_app.widgets.state_line import StateLine
from desktop_app.widgets.verdict_row import WhyBox
from engine.texts import say
from engine.types import (
    UNSUPPORTED,
    Answer,
    Checked,
    Citation,
    Exchange,
    Notice,
    Piece,
    Quoted,
    Sources,
    Standing,
    Stop,
    Timings,
    Verdict,
    Waiting,
)

logger = logging.getLogger(__name__)

_MARKS = re.compile(r"[ \u00a0]?(?<!\\)\[(?:\d{1,3}|\?)\]")
NO_SUPPORT_MARK = UNSUPPORTED.strip()
FLUSH_MS = 40  # pieces are collected this long: one layout for many tokens


class AnswerView(Retranslated, QFrame):
    """Signals: `cited` with a Citation and all that it stands among; `ask_again` with the question; `judged` with a
    Verdict and why.

    `writer` is the name of the model that was to write the answer. `exchange` is under what it is kept, 0 as long as
    that is not known.
    """

    cited = Signal(object, object)
    ask_again = Signal(str)
    judged = Signal(object, str)

    def __init__(self, question: str, writer: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.answer: Answer | None = None
        self.failure: Failure | None = None
        self.exchange = 0
        self.stale: dict[int, Standing] = {}
        self._writer = writer
        self._text = ""
        self._citations: dict[int, Citation] = {}
        self._quoted: Quoted | None = None
        self._notices: list[Notice] = []
        self._build()
        self._flush = QTimer(self, singleShot=True, interval=FLUSH_MS)
        self._flush.timeout.connect(self._show_text)
        self.retranslate()

    def _build(self) -> None:
        self.heading_icon = IconLabel("search-x", 20, "muted")
        self.heading = label("name", wrap=True)
        self.sources_title = label("muted")
        self.quotes = QuotesView()
        self.text = AnswerText()
        self.state = StateLine()
        self.chips = SourceChips()
        self.legend = label("muted", wrap=True)
        self.notice = label("muted", wrap=True)
        self.actions = AnswerActions()
        self.why: WhyBox | None = None
        self.again = TextButton("plain", "rotate-cw")
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.heading_icon, 0, Qt.AlignmentFlag.AlignTop)
        heading.addWidget(self.heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(heading)
        for part in (self.notice, self.quotes, self.sources_title, self.text, self.state, self.legend, self.chips):
            column.addWidget(part)
            part.hide()
        column.addWidget(self.actions)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self.text.cited.connect(self._on_cited)
        self.chips.cited.connect(self._on_cited)
        self.quotes.cited.connect(lambda one: self.cited.emit(one, tuple(self.quotes.citations.values())))
        self.actions.copy_wanted.connect(self.copy)
        self.actions.judged.connect(self._on_judged)
        for wanted in (self.again.clicked, self.actions.repeat_wanted):
            wanted.connect(lambda: self.ask_again.emit(self.question))
        for part in (self.heading_icon, self.heading, self.again):
            part.hide()

    @property
    def citations(self) -> dict[int, Citation]:
        """Of the answer, by their numbers."""
        return self._citations

    @property
    def all_citations(self) -> tuple[Citation, ...]:
        """Of the answer and of the quotes above it."""
        return (*self._citations.values(), *self.quotes.citations.values())

    def restore(self, exchange: Exchange) -> None:
        """Show what is kept of an earlier answer."""
        self.exchange = exchange.id
        if exchange.quoted is not None:
            self.take(exchange.quoted)
        if exchange.answer is None:
            self.fail(Failure("interrupted"))
        else:
            self.finish(exchange.answer)
        self.actions.thumbs.show_verdict(exchange.verdict)

    def show_standing(self, checked: Iterable[Checked]) -> None:
        """What became of its citations: where their words stand now, or that they stand nowhere."""
        mine = {one.citation.number: one for one in checked if self._is_mine(one.citation)}
        for number, one in mine.items():
            self._citations[number] = one.citation
            self.chips.replace(one.citation)
        stale = {number: one.standing for number, one in mine.items() if one.standing is not Standing.FRESH}
        if mine and stale != self.stale:
            self.stale = stale
            self.text.mark_stale(stale)
        self.chips.mark_stale(self.stale)

    def _is_mine(self, citation: Citation) -> bool:
        known = self._citations.get(citation.number)
        return known is not None and (known.path, known.quote) == (citation.path, citation.quote)

    def take(self, event: object) -> None:
        """More of the answer came."""
        if self._ended:
            return
        if isinstance(event, Sources | Waiting):
            self.state.show_state(event)
        elif isinstance(event, Quoted):
            self._quoted = event
            self.quotes.show_quotes(event)
            self.quotes.setVisible(bool(event.text))
        elif isinstance(event, Notice):
            self._notices.append(event)
            self.retranslate()
        elif isinstance(event, Piece):
            self._take_piece(event)

    def finish(self, answer: Answer) -> None:
        self._flush.stop()
        self.answer = answer
        self._text = answer.text
        self._citations = {citation.number: citation for citation in answer.citations}
        if answer.stop == Stop.NO_SOURCES:
            self._become("no-sources")
        self.quotes.give_way()
        self.quotes.setVisible(bool(self._quoted and self._quoted.text) and answer.mode == "generated")
        self._show_text()
        self.chips.show_citations(answer.citations)
        self.chips.setVisible(bool(answer.citations))
        self.actions.show_actions(bool(answer.text.strip()))
        self.again.setVisible(answer.stop == Stop.STOPPED and not answer.text.strip())
        self.retranslate()

    def stop(self) -> None:
        """The person wants no more of it: what there is now is the answer."""
        text, citations = self._text, tuple(self._citations.values())
        written = self._quoted is not None and bool(text)
        if self._quoted is not None and not text:
            text, citations = self._quoted.text, self._quoted.citations
        mode = "generated" if written else "extractive"
        self.finish(Answer(self.question, text, mode, Stop.STOPPED, citations, Timings(0, 0, 0)))

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
        self.state.setVisible(not self._text and not self._ended)
        self.heading.setText(self._heading_text())
        self.heading.setVisible(bool(self.heading.text()))
        self.heading_icon.setVisible(bool(self.heading.text()))
        nearest = self.answer is not None and self.answer.stop == Stop.NO_SOURCES and bool(self.answer.citations)
        self.sources_title.setText(say("nearest", language.current()))
        self.sources_title.setVisible(nearest)
        self.text.setAccessibleName(self.tr("Answer"))
        self.legend.setText(self.tr("? marks a sentence that no passage in your documents supports."))
        self.notice.setText("\n".join(filter(None, map(_sentence, self._notices))))
        self.notice.setVisible(bool(self.notice.text()))
        self.again.say(self.tr("Ask again"))
        self.actions.tell(self._note_text())

    @property
    def _ended(self) -> bool:
        return self.answer is not None or self.failure is not None

    def _take_piece(self, piece: Piece) -> None:
        if self._quoted is not None and not self._text:
            self.quotes.give_way()
        self._text += piece.text
        if piece.citation:
            self._citations[piece.citation.number] = piece.citation
        if not self._flush.isActive():
            self._flush.start()

    def _heading_text(self) -> str:
        if self.failure and (self._text or self._quoted):
            return self.tr("The answer was interrupted. {reason}").format(reason=wording.failure(self.failure))
        if self.failure:
            return wording.failure(self.failure)
        if self.answer and self.answer.stop == Stop.NO_SOURCES:
            return say("nothing_found", language.current())
        return ""

    def _note_text(self) -> str:
        if self.answer is None:
            return ""
        return " · ".join(text for text in (self._origin_text(self.answer), self._ending_text(self.answer)) if text)

    def _origin_text(self, answer: Answer) -> str:
        if answer.stop == Stop.NO_SOURCES or not answer.text:
            return ""
        if answer.mode == "extractive":
            return self.tr("Word for word from your documents")
        if self._writer:
            return self.tr("Written by {model} from the passages").format(model=self._writer)
        return self.tr("Written by the language model from the passages")

    def _ending_text(self, answer: Answer) -> str:
        if answer.stop == Stop.STOPPED:
            return self.tr("You stopped this answer.")
        if answer.stop == Stop.LENGTH:
            return self.tr("The answer reached its greatest length and ends here.")
        return ""

    def _become(self, role: str) -> None:
        """Turn into a card, which looks unlike a supported answer."""
        if role == "answer-error":
            self.heading_icon.rename("triangle-alert", "danger")
        set_role(self, role)
        self.layout().setContentsMargins(16, 14, 16, 14)

    def _show_text(self) -> None:
        written = self.answer.mode == "generated" if self.answer else self._quoted is not None
        self.text.setVisible(bool(self._shown_text()))
        self.state.setVisible(not self._text and not self._ended)
        self.text.show_text(self._shown_text(), self._citations, finished=self._ended, written=written)
        unsupported = NO_SUPPORT_MARK in self._text and self.text.has_unsupported()
        self.legend.setVisible(unsupported)
        self.text.setAccessibleDescription(self.legend.text() if unsupported else "")

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

    def copy(self, with_citations: bool) -> None:
        """Into the clipboard: with its marks and sources, or as it reads without either."""
        if with_citations:
            sources = "\n".join(f"[{number}] {wording.source(one)}" for number, one in self._citations.items())
            QGuiApplication.clipboard().setText(f"{self._text.strip()}\n\n{sources}".strip())
        else:
            QGuiApplication.clipboard().setText((_MARKS.sub("", self._text) if self._citations else self._text).strip())

    def _on_judged(self, verdict: Verdict) -> None:
        self.judged.emit(verdict, "")
        if self.why is not None:
            self.why.deleteLater()
            self.why = None
        if verdict is Verdict.BAD:
            self.why = WhyBox()
            self.why.said.connect(self._on_why)
            self.layout().addWidget(self.why)
            self.why.reasons[0].setFocus()

    def _on_why(self, why: str) -> None:
        self.judged.emit(Verdict.BAD, why)
        self.why.deleteLater()
        self.why = None
        self.actions.thumbs.buttons[Verdict.BAD].setFocus()


def _sentence(notice: Notice) -> str:
    try:
        return say(notice.code, language.current(), **notice.facts)
    except KeyError:  # an engine that knows more than this window
        logger.warning("No sentence for the notice %s %s", notice.code, notice.facts)
        return ""
