"""A question becomes an answer, told as it comes: Sources, Piece after Piece, Finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from engine.answers.extracting import Extractor, Quote, written
from engine.answers.retrieval import Retriever
from engine.library.keywords import cjk_share
from engine.texts import Language, say
from engine.types import Answer, AnswerEvent, Citation, Finished, Hit, Piece, Sources, Stop, Timings

_SOURCES = 12  # passages that an answer is looked for in


class Answerer:
    """Answers by quoting. One question at a time goes through `ask`; several may run side by side."""

    def __init__(self, retriever: Retriever, extractor: Extractor) -> None:
        self._retriever = retriever
        self._extractor = extractor

    def ask(self, question: str, stop: Callable[[], bool] = lambda: False) -> Iterator[AnswerEvent]:
        """The events of one answer; `stop` is asked before each piece."""
        clock = _Clock()
        hits = self._retriever.find(question, _SOURCES)
        clock.mark("retrieve")
        yield Sources(hits)
        judged = self._extractor.judge(question, hits)
        ended = Stop.COMPLETE if judged.related else Stop.NO_SOURCES
        told: list[Piece] = []
        for piece in _pieces(_language(question), hits, judged.quotes, judged.related):
            if stop():
                ended = Stop.STOPPED
                break
            clock.mark("first_token")
            told.append(piece)
            yield piece
        yield Finished(
            Answer(
                question=question,
                text="".join(piece.text for piece in told),
                mode="extractive",
                stop=ended,
                citations=tuple(_citations(told)),
                timings_ms=clock.timings(),
            )
        )


def _pieces(language: Language, hits: Sequence[Hit], quotes: Sequence[Quote], related: bool) -> Iterator[Piece]:
    if not related:
        yield Piece(say("nothing_found", language))
        if hits:
            yield Piece(" " + say("nearest", language) + "\n\n")
    yield from written(quotes)


def _citations(pieces: Sequence[Piece]) -> Iterator[Citation]:
    return (piece.citation for piece in pieces if piece.citation)


def _language(question: str) -> Language:
    return "zh" if cjk_share(question) > 0.3 else "en"


class _Clock:
    """Milliseconds since it was made, at each first mark."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._marks: dict[str, float] = {}

    def mark(self, name: str) -> None:
        self._marks.setdefault(name, self._now())

    def timings(self) -> Timings:
        total = self._now()
        return Timings(self._marks.get("retrieve", total), self._marks.get("first_token", total), total)

    def _now(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 1)
