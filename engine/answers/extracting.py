"""The answer that needs no language model: the sentences that answer best, word for word.

A sentence is judged by the rare words of the question that it holds, by its meaning where the embedder knows the
question's words, by the passage it stands in, and by whether it has what is asked for (a number for "how many").
Nothing is quoted when even the best passage shares too little with the question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Protocol

from engine.answers.reading import Reading, Readings
from engine.answers.retrieval import QueryEmbedder, trust
from engine.answers.weighing import Counter, Weights, held, stems, weights
from engine.documents.placing import quote_boxes, span_at
from engine.documents.sentences import sentences
from engine.library.store import Vectors
from engine.models.manifest import Calibration
from engine.models.reader import PassageReading
from engine.types import Citation, Hit, Piece

_QUOTES = 4  # at the most
_NEAREST = 3  # passages shown when nothing answers
_KEPT = 0.72  # of the best sentence's score: what another must reach to be quoted
_JUDGED = 24  # sentences whose meaning is compared: what 0.2 s of a laptop's core allow
_LONGEST = 400  # characters of a quote
_GLIMPSE = 160  # characters of a nearest passage
_MEANING = 0.5  # what a sentence's meaning counts beside its words, where the embedder knows the question's
# A passage is about the question when it holds half of the question's weight; a closeness above or below the usual one
# of a right passage makes up for some of it. tests.benchmarks.strangers: of questions put to their own collection 93 to
# 100 % pass, of those put to another 0 to 4 %.
_RELATED = 0.5
_USUALLY_CLOSE = 0.63
_NEARNESS = 0.6  # what it makes up for, where it is as far above that as a right passage is above a strange one
# With a reader: below this certainty its words are no answer by themselves ("why", "how"), and the sentence is chosen
# by what it shares with the question.
_CERTAIN = 0.15

_ASKS_NUMBER = re.compile(
    r"多少|几[个年次天月位种岁人]|多[久长大高远重]|哪[一]?年|何时|什么时候|比例|"
    r"\bhow (many|much|long|old|far|often|large|big|high|tall)\b|\bwhen\b|\bwhat (year|date|time|percentage|number)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|[一二三四五六七八九十百千万两]+[个年次天月日位种岁人小倍周]|"
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice|hundred|thousand|million)\b",
    re.IGNORECASE,
)


class Nearness(Protocol):
    def cosines(self, query: Vectors, passages: Sequence[int]) -> dict[int, float]: ...


class SentenceEmbedder(QueryEmbedder, Protocol):
    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage, and how well it answers (0 to 1)."""

    hit: Hit
    start: int
    end: int
    score: float
    answer: tuple[int, int] | None = None  # characters of the passage: the words within the quote that answer

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]

    @property
    def said(self) -> str:
        """What is said with it: where it is the whole passage, its heading belongs to it."""
        passage = self.hit.passage
        return f"{passage.heading}\n{passage.text}" if self.end - self.start >= len(passage.text) else self.text


@dataclass(frozen=True, slots=True)
class Judged:
    """The quotes, best first; none of them supports an answer unless `related`."""

    quotes: tuple[Quote, ...]
    related: bool


class Extractor:
    """Picks the quotes that answer a question from the passages that were found for it."""

    def __init__(
        self, store: Counter, vectors: Nearness, embedder: SentenceEmbedder, reading: Reading | None = None
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._embedder = embedder
        self._reading = reading or Reading(lambda: None)

    def judge(self, question: str, hits: Sequence[Hit], own: Collection[str] = ()) -> Judged:
        """`own`: the terms of the question that count more than the others."""
        readings, calibration = self._reading.of(question, hits)
        if calibration:
            return self._read(question, hits, own, readings, calibration)
        wanted = weights(question, self._store, own)
        trusted = trust(self._embedder.known_share(question))
        query = self._embedder.embed_query(question)
        if not self._related(hits, wanted, query, trusted):
            return Judged(tuple(_whole(hit) for hit in hits[:_NEAREST]), related=False)
        asks_number = bool(_ASKS_NUMBER.search(question))
        quotes = sorted(
            (_scored(quote, wanted, asks_number) for hit in hits for quote in _sentences(hit)),
            key=lambda quote: -quote.score,
        )[:_JUDGED]
        if trusted:
            quotes = self._by_meaning(quotes, query, _MEANING * trusted)
        return Judged(tuple(_chosen(quotes)), related=bool(quotes))

    def is_related(self, question: str, hits: Sequence[Hit], own: Collection[str] = ()) -> bool:
        """Whether any of the passages is about the question."""
        readings, calibration = self._reading.of(question, hits)
        if calibration:
            return _answers(readings, calibration)
        query = self._embedder.embed_query(question)
        return self._related(
            hits, weights(question, self._store, own), query, trust(self._embedder.known_share(question))
        )

    def _read(
        self, question: str, hits: Sequence[Hit], own: Collection[str], readings: Readings, calibration: Calibration
    ) -> Judged:
        """The quotes as the reader found them: of each passage that answers the sentence with the words that do."""
        if not _answers(readings, calibration):
            return Judged(tuple(_whole(hit) for hit in hits[:_NEAREST]), related=False)
        wanted = weights(question, self._store, own)
        asks_number = bool(_ASKS_NUMBER.search(question))
        quotes = []
        for hit in hits:
            reading = readings.get(hit.passage.id)
            if reading is None or reading.confidence < calibration.bound:
                continue
            quote = _around(hit, reading) if reading.certainty >= _CERTAIN else None
            if quote is None:
                said = (_scored(each, wanted, asks_number) for each in _sentences(hit))
                quote = replace(max(said, key=lambda each: each.score), score=reading.confidence)
            quotes.append(quote)
        return Judged(tuple(_chosen(quotes)), related=True)

    def _related(self, hits: Sequence[Hit], wanted: Weights, query: Vectors, trusted: float) -> bool:
        cosines = self._vectors.cosines(query, [hit.passage.id for hit in hits]) if trusted else {}
        near = {id: self._embedder.closeness(cosine) for id, cosine in cosines.items()}
        return any(
            held(stems(f"{hit.passage.heading}\n{hit.passage.text}"), wanted)
            + trusted * _NEARNESS * (near.get(hit.passage.id, _USUALLY_CLOSE) - _USUALLY_CLOSE)
            >= _RELATED
            for hit in hits
        )

    def _by_meaning(self, quotes: Sequence[Quote], query: Vectors, meaning: float) -> list[Quote]:
        cosines = self._embedder.embed_passages([quote.said for quote in quotes]) @ query
        judged = [
            replace(quote, score=(1 - meaning) * quote.score + meaning * _NEARNESS * self._closeness(cosine))
            for quote, cosine in zip(quotes, cosines, strict=True)
        ]
        return sorted(judged, key=lambda quote: -quote.score)

    def _closeness(self, cosine: float) -> float:
        return max(0.0, self._embedder.closeness(float(cosine)))


def _answers(readings: Readings, calibration: Calibration) -> bool:
    """Whether any passage does, as the reader sees it."""
    return any(reading.confidence >= calibration.bound for reading in readings.values())


def _around(hit: Hit, reading: PassageReading) -> Quote | None:
    """The sentence, or the few that hold the words that answer; None where they are no words, or too many."""
    text = hit.passage.text
    held = [(start, end) for start, end in sentences(text) if start < reading.end and end > reading.start]
    if not held or held[-1][1] - held[0][0] > _LONGEST or not _bare(text[reading.start : reading.end]):
        return None
    return Quote(hit, held[0][0], held[-1][1], reading.confidence, (reading.start, reading.end))


def written(quotes: Sequence[Quote]) -> Iterator[Piece]:
    """The quotes as Markdown, grouped by document, best document first; each with its numbered mark."""
    number = 0
    order = {quote.hit.document.path: rank for rank, quote in reversed(list(enumerate(quotes)))}
    ordered = sorted(quotes, key=lambda quote: (order[quote.hit.document.path], quote.hit.passage.ordinal, quote.start))
    for path, group in groupby(ordered, key=lambda quote: quote.hit.document.path):
        lead = "\n\n" if number else ""
        yield Piece(f"{lead}**{_escaped(path.name)}**")
        for quote in group:
            number += 1
            yield Piece(f"\n\n> {_marked(quote)} [{number}]", cited(quote, number))


def cited(quote: Quote, number: int) -> Citation:
    passage, document = quote.hit.passage, quote.hit.document
    begins = span_at(passage.spans, quote.start)
    return Citation(
        number=number,
        path=document.path,
        title=document.title,
        unit=document.unit,
        page=begins.page,
        quote=quote.text,
        boxes=quote_boxes(passage.spans, passage.text, quote.start, quote.end),
        score=round(min(1.0, quote.score), 4),
        label=begins.label,
        sha256=document.sha256,
        answer=passage.text[slice(*quote.answer)] if quote.answer else "",
    )


def _sentences(hit: Hit) -> Iterator[Quote]:
    text, heading = hit.passage.text, _bare(hit.passage.heading)
    worth = [
        Quote(hit, start, min(end, start + _LONGEST), 0.0)
        for start, end in sentences(text)
        if len(text[start:end].strip()) > 3 and _bare(text[start:end]) != heading
    ]
    yield from worth or [_whole(hit)]  # "yes" under "Is it allowed" answers too


def _whole(hit: Hit) -> Quote:
    """The beginning of a passage, to show what it is about."""
    last = max((end for _, end in sentences(hit.passage.text) if end <= _GLIMPSE), default=_GLIMPSE)
    return Quote(hit, 0, min(last, len(hit.passage.text)), hit.score)


def _scored(quote: Quote, wanted: Weights, asks_number: bool) -> Quote:
    own = held(stems(quote.said), wanted)
    around = held(stems(f"{quote.hit.passage.heading}\n{quote.hit.passage.text}"), wanted)
    fits = 1.0 if not asks_number or _NUMBER.search(quote.text) else 0.7
    if quote.text.rstrip().endswith(("?", "？")):
        fits *= 0.7  # a question that is written in the document answers nothing by itself
    score = (0.6 * own + 0.2 * around + 0.2 * quote.hit.score) * fits
    return Quote(quote.hit, quote.start, quote.end, score)


def _chosen(quotes: Sequence[Quote]) -> Iterator[Quote]:
    best = quotes[0].score if quotes else 0.0
    seen: set[str] = set()
    for quote in quotes:
        if len(seen) < _QUOTES and quote.score >= _KEPT * best and quote.text not in seen:
            seen.add(quote.text)
            yield quote


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])|(?<=^\d)([.)])|(?<=^\d\d)([.)])|(?<=^\d\d\d)([.)])|^([-+])")


def _escaped(text: str) -> str:
    """One line of Markdown that shows exactly `text`, also where it begins like a list."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(text.split()))


def _marked(quote: Quote) -> str:
    """The quote in Markdown, the words in it that answer in bold."""
    if quote.answer is None:
        return _escaped(quote.text)
    text = quote.hit.passage.text
    before, words, after = (
        re.sub(r"\s+", " ", text[start:end])
        for start, end in ((quote.start, quote.answer[0]), quote.answer, (quote.answer[1], quote.end))
    )
    if not _can_be_bold(before[-1:], words, after[:1]):
        return _escaped(quote.text)
    before, words, after = (_MARKDOWN.sub(r"\\\g<0>", part) for part in (before, words, after))
    return f"{before}**{words}**{after}"


def _can_be_bold(before: str, words: str, after: str) -> bool:
    """Whether Markdown sees the marks around the words: beside a full stop or a bracket it may not (CommonMark 6.2)."""
    inside = words[:1].isalnum() and words[-1:].isalnum()
    return inside or not (before.isalnum() or after.isalnum() or words != words.strip())
