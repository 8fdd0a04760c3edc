"""A question becomes an answer, told as it comes: the quotes that answer, and where a model is in use, its text."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from engine.answers.ahead import Ahead
from engine.answers.citing import Citer
from engine.answers.extracting import Judged, written
from engine.answers.following import Understood, understood
from engine.answers.supporting import Support
from engine.answers.writing import Told, Writer, chosen, kept
from engine.documents.sentences import sentences
from engine.errors import EngineError
from engine.library.keywords import cjk_share, content_terms, stem, terms
from engine.texts import Language, say
from engine.types import (
    EVERYTHING,
    Answer,
    AnswerEvent,
    Citation,
    Finished,
    Hit,
    Notice,
    Piece,
    Quoted,
    Scope,
    Sources,
    Stop,
    Timings,
    Turn,
    Waiting,
)

_SOURCES = 12  # passages that an answer is looked for in
# How much of an earlier answer the model is told, a Chinese character counting twice: some 40 tokens, 2.3 seconds for
# ChatGLM3-6B on two cores. What the answer rests on stands in the passages.
_EARLIER = 160

Stopping = Callable[[], bool]


class Finder(Protocol):
    def find(self, question: str, k: int, scope: Scope = ...) -> tuple[Hit, ...]: ...


class Judge(Protocol):
    """What is needed of `extracting.Extractor`."""

    def judge(self, question: str, hits: Sequence[Hit], own: Collection[str] = ()) -> Judged: ...

    def is_related(self, question: str, hits: Sequence[Hit], own: Collection[str] = ()) -> bool: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what it was understood as, and what was found for it."""

    question: str
    understood: Understood
    hits: tuple[Hit, ...]
    language: Language
    history: tuple[Turn, ...]
    scope: Scope


class Answerer:
    """Answers by quoting, and by writing where there is a model. Several questions may be asked side by side.

    `writer` gives the model in use: None where there is none, a Notice where it cannot be used.
    """

    def __init__(
        self,
        finder: Finder,
        judge: Judge,
        support: Callable[[str, Sequence[Hit]], Support],
        writer: Callable[[], Writer | Notice | None] = lambda: None,
        ahead: Ahead | None = None,
    ) -> None:
        self._finder = finder
        self._judge = judge
        self._support = support
        self._writer = writer
        self._ahead = ahead or Ahead()
        # a question, its scope, and what the model was told for it
        self._told_last: tuple[str, Scope, tuple[Hit, ...]] = ("", EVERYTHING, ())
        self._noticed: Notice | None = None

    def ask(
        self,
        question: str,
        stop: Stopping = lambda: False,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
    ) -> Iterator[AnswerEvent]:
        """The events of one answer; `stop` is asked before each piece. `history`: oldest first."""
        clock = _Clock()
        self._ahead.asked()
        asked = self._find(question, history, scope)
        clock.mark("retrieve")
        yield Sources(asked.hits)
        judged = self._judge.judge(asked.understood.searched, asked.hits, asked.understood.own)
        writer = self._writer() if judged.related else None
        if isinstance(writer, Writer):
            yield from self._write(asked, judged, writer, stop, clock)
            return
        if writer:
            yield writer
        yield from _quote(asked, judged, stop, clock)

    def draft(self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING) -> float | None:
        """Lets the model begin with what the question, as typed so far, will need.

        Gives the seconds after which to `look_again`, None for never.
        """
        questions = self._ahead.questions
        writer = self._writer() if question.strip() else None
        if not isinstance(writer, Writer):
            self._ahead.nothing_drafted()
            return None
        writer.generator.load()
        asked = self._find(question, history, scope)
        try:
            if self._judge.is_related(asked.understood.searched, asked.hits, asked.understood.own):
                return self._ahead.drafted(self._tell(asked, writer).prompt, writer.generator, questions)
        except EngineError:  # a question too long: it is said when it is asked
            pass
        self._ahead.nothing_drafted()
        return None

    def look_again(self) -> float | None:
        """What was drafted last may be worth beginning by now."""
        return self._ahead.look()

    def _find(self, question: str, history: Sequence[Turn], scope: Scope) -> Asked:
        meant = understood(question, history)
        hits = _own_first(self._finder.find(meant.searched, _SOURCES, scope), meant.own)
        language: Language = "zh" if cjk_share(question if content_terms(question) else meant.searched) > 0.3 else "en"
        return Asked(question, meant, hits, language, tuple(_shortened(turn) for turn in history), scope)

    def _tell(self, asked: Asked, writer: Writer) -> Told:
        """The prompt: the same for a draft as for the question."""
        last, scope, before = self._told_last
        follows = asked.understood.follows and (last, scope) == (asked.history[-1].question, asked.scope)
        hits = kept(before, asked.hits) if follows else chosen(asked.hits)
        return writer.told(asked.question, asked.history, hits, asked.language)

    def _write(
        self, asked: Asked, judged: Judged, writer: Writer, stop: Stopping, clock: _Clock
    ) -> Iterator[AnswerEvent]:
        pieces = tuple(written(judged.quotes))
        quoted = Quoted("".join(piece.text for piece in pieces), tuple(_citations(pieces)))
        clock.mark("quoted")
        yield quoted
        writing = _Writing(clock)
        try:
            told = self._tell(asked, writer)
            self._told_last = (asked.question, asked.scope, told.hits)
            citer = Citer(self._support(asked.question, told.hits))
            with closing(writer.write(told.prompt, stop)) as stream:
                for event in writing.follow(stream, citer):
                    yield from self._new_notice(writer)
                    yield event
            notice = writing.why_not(citer)
        except EngineError as error:
            notice = Notice(error.code.value, {name: str(fact) for name, fact in error.facts.items()})
        yield from self._new_notice(writer)
        if notice:
            yield notice
        if notice or not writing.pieces:
            stopped = writing.ended is Stop.STOPPED and not notice
            ended = Stop.STOPPED if stopped else Stop.COMPLETE
            timings = clock.timings("quoted")
            yield Finished(Answer(asked.question, quoted.text, "extractive", ended, quoted.citations, timings))
            return
        timings = clock.timings("first_token")
        citations = tuple(citer.citations)
        yield Finished(Answer(asked.question, writing.text, "generated", writing.ended, citations, timings))

    def _new_notice(self, writer: Writer) -> Iterator[Notice]:
        """What the generator has to say about itself, once."""
        notice = writer.generator.notice
        if notice and notice != self._noticed:
            self._noticed = notice
            yield notice


class _Writing:
    """What was told of one written answer, and how it ended."""

    def __init__(self, clock: _Clock) -> None:
        self.pieces: list[Piece] = []
        self.ended = Stop.COMPLETE
        self._clock = clock

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces).strip()

    def follow(self, stream: Iterator[Waiting | str | Stop], citer: Citer) -> Iterator[Waiting | Piece]:
        for event in stream:
            if isinstance(event, Waiting):
                yield event
            elif isinstance(event, Stop):
                self.ended = event
                yield from self._told(citer.finish(cut=event in (Stop.STOPPED, Stop.LENGTH)))
            else:
                yield from self._told(citer.feed(event))

    def why_not(self, citer: Citer) -> Notice | None:
        """Why what was written is not the answer; None where it is, or where it was stopped."""
        if self.ended is Stop.STOPPED:
            return None
        if self.ended is Stop.NO_SOURCES or not self.text:
            return Notice("model_declined", {})
        return None if citer.has_support else Notice("model_unsupported", {})

    def _told(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        for piece in pieces:
            self._clock.mark("first_token")
            self.pieces.append(piece)
            yield piece


def _quote(asked: Asked, judged: Judged, stop: Stopping, clock: _Clock) -> Iterator[AnswerEvent]:
    """The answer that is quotes, or that says that there is none."""
    ended = Stop.COMPLETE if judged.related else Stop.NO_SOURCES
    told: list[Piece] = []
    for piece in _pieces(asked, judged):
        if stop():
            ended = Stop.STOPPED
            break
        clock.mark("first_token")
        told.append(piece)
        yield piece
    text = "".join(piece.text for piece in told)
    timings = clock.timings("first_token")
    yield Finished(Answer(asked.question, text, "extractive", ended, tuple(_citations(told)), timings))


def _pieces(asked: Asked, judged: Judged) -> Iterator[Piece]:
    if not judged.related:
        yield Piece(say("nothing_found", asked.language))
        if asked.hits:
            yield Piece(" " + say("nearest", asked.language) + "\n\n")
    yield from written(judged.quotes)


def _citations(pieces: Sequence[Piece]) -> Iterator[Citation]:
    return (piece.citation for piece in pieces if piece.citation)


def _shortened(turn: Turn) -> Turn:
    """The turn with the first sentences of its answer."""
    ends = [end for _, end in sentences(turn.answer) if end * (1 + cjk_share(turn.answer[:end])) <= _EARLIER]
    return Turn(turn.question, turn.answer[: max(ends, default=0)])


def _own_first(hits: tuple[Hit, ...], own: Collection[str]) -> tuple[Hit, ...]:
    """Passages that hold a word which a follow-up itself brought stand before the others."""
    if not own:
        return hits
    wanted = {stem(term) for term in own}
    return tuple(sorted(hits, key=lambda hit: wanted.isdisjoint(stem(term) for term in terms(hit.passage.text))))


class _Clock:
    """Milliseconds since it was made, at each first mark."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._marks: dict[str, float] = {}

    def mark(self, name: str) -> None:
        self._marks.setdefault(name, self._now())

    def timings(self, first: str) -> Timings:
        """`first`: the mark of the first thing that could be read."""
        total = self._now()
        return Timings(self._marks.get("retrieve", total), self._marks.get(first, total), total)

    def _now(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 1)
