"""One conversation at work: what is asked in it, what comes back, and under what it is kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.choices import Choices
from desktop_app.widgets.answer_view import AnswerView
from desktop_app.widgets.conversation import Conversation
from engine.types import EVERYTHING, Answer, Checked, Citation, Exchange, Noted, Scope, Turn, Verdict

TURNS = 30  # go along with a question: the model is told the latest, a search may need what began the topic


class Session(QObject):
    """Several may be answering at a time.

    Signals: `busy_changed`; `noted` when a question is kept; `finished` when an answer is whole; `cited` with a
    Citation and all that it stands among; `replaced` with the exchange that stands in another's place.
    """

    busy_changed = Signal(bool)
    noted = Signal()
    finished = Signal()
    cited = Signal(object, object)
    replaced = Signal(object)

    def __init__(self, bridge: Bridge, choices: Choices, id: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.id = id  # under which the conversation is kept; 0 until something is asked
        self.scope = EVERYTHING
        self.conversation = Conversation()
        self.is_loaded = not id
        self._bridge = bridge
        self._choices = choices
        self._reply: Reply | None = None
        self._answer: AnswerView | None = None
        self._checking: Reply | None = None
        self._replacing = False
        self.conversation.added.connect(self._connect)
        self.conversation.edited.connect(self._ask_instead)
        self.conversation.restored.connect(self.recheck)

    @property
    def is_answering(self) -> bool:
        return self._reply is not None

    def load(self) -> None:
        """Show what is kept of it, or what there is of that after a change."""
        reply = self._bridge.request("exchanges", conversation=self.id)
        reply.done.connect(self._on_exchanges)

    def ask(self, question: str, scope: Scope, replaces: int = 0, telling: bool = False) -> None:
        """Ask, unless an answer is still coming. `telling`: what is replaced is worth a word."""
        if self._reply is not None:
            return
        self.scope = scope
        history = self.history()
        answer = self._answer = self.conversation.add(question, self._choices.settings.generator, scope)
        kept = {"conversation": self.id, "replaces": replaces}
        self._replacing = telling
        reply = self._reply = self._bridge.request("ask", question=question, history=history, scope=scope, **kept)
        # by the answer and not by what is at work now: a stopped one is still to learn under what it is kept
        reply.event.connect(lambda event: self._take(answer, event))
        reply.done.connect(self._on_done)
        reply.failed.connect(self._on_failed)
        self.busy_changed.emit(True)

    def stop(self) -> None:
        """End the answer that is being written, at once; what there is of it stays. The engine ends when it can."""
        if self._reply is None:
            return
        self._bridge.request("stop", request=self._reply.number)
        if self._answer.exchange:
            self._reply.drop()
        else:  # it is only to be heard as what it is kept
            self._reply.done.disconnect(self._on_done)
            self._reply.failed.disconnect(self._on_failed)
        self._end()
        self._answer.stop()
        self.finished.emit()

    def history(self) -> tuple[Turn, ...]:
        return self.conversation.turns(TURNS)

    def take_back(self, exchange: int) -> None:
        """What was replaced by this exchange stands there again."""
        self.stop()
        self._bridge.request("take_back", exchange=exchange).done.connect(self.load)

    def recheck(self) -> None:
        """See whether the cited words still stand in their documents."""
        citations = tuple(one for answer in self.conversation.answers for one in answer.citations.values())
        if self._checking is not None:
            self._checking.drop()
        self._checking = None
        if citations:
            self._checking = self._bridge.request("recheck", citations=citations)
            self._checking.done.connect(self._on_checked)

    def cites(self, path: object) -> bool:
        answers = self.conversation.answers
        return any(one.path == path for answer in answers for one in answer.citations.values())

    def mark_open(self, citation: Citation | None) -> None:
        for answer in self.conversation.answers:
            answer.mark_open(citation)

    def close(self) -> None:
        """Nobody looks at it any more."""
        for reply in (self._reply, self._checking):
            if reply is not None:
                reply.drop()
        self.conversation.deleteLater()
        self.deleteLater()

    def _on_exchanges(self, exchanges: tuple[Exchange, ...]) -> None:
        if self.conversation.answers:
            self.conversation.drop_from(self.conversation.answers[0])
        self.is_loaded = True
        if exchanges:
            self.scope = exchanges[-1].scope
        self.conversation.restore(exchanges)

    def _connect(self, answer: AnswerView) -> None:
        answer.cited.connect(self.cited)
        answer.ask_again.connect(lambda question: self._ask_instead(answer, question))
        answer.judged.connect(lambda verdict, why: self._judge(answer, verdict, why))

    def _ask_instead(self, answer: AnswerView, question: str) -> None:
        """Ask something in the place of an earlier question; what followed that goes."""
        if self._reply is not None and self._answer is not answer:
            self.stop()
        if self._reply is not None:
            return
        self.conversation.drop_from(answer)
        self.ask(question, self.scope, answer.exchange, telling=bool(answer.exchange and answer.answer))

    def _judge(self, answer: AnswerView, verdict: Verdict, why: str) -> None:
        if answer.exchange:
            self._bridge.request("judge", exchange=answer.exchange, verdict=verdict, why=why)

    def _take(self, answer: AnswerView, event: object) -> None:
        if not isinstance(event, Noted):
            answer.take(event)
            return
        answer.exchange = event.exchange
        self.id = event.conversation
        if self._replacing:
            self._replacing = False
            self.replaced.emit(event.exchange)
        self.noted.emit()

    def _on_done(self, answer: Answer) -> None:
        self._end()
        self._answer.finish(answer)
        self.finished.emit()

    def _on_failed(self, failure: Failure) -> None:
        self._end()
        self._answer.fail(failure)
        self.finished.emit()

    def _end(self) -> None:
        self._reply = None
        self.busy_changed.emit(False)

    def _on_checked(self, checked: tuple[Checked, ...]) -> None:
        self._checking = None
        rest = list(checked)
        for answer in self.conversation.answers:
            count = len(answer.citations)
            answer.show_standing(rest[:count])
            rest = rest[count:]
