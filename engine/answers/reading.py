"""What a reading model says of the passages that were found: they are ranked anew, and answer with their own words.

A passage takes the reader some 40 ms of a core, so only the best few of the search are read, once for each question.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from engine.answers.retrieval import trust
from engine.models.manifest import Calibration
from engine.models.reader import PassageReading, Source
from engine.types import EVERYTHING, Hit, Scope

READ = 18  # passages of each question
_KEPT = 4  # questions whose readings are remembered: ranking, answering and drafting ask for the same

Readings = Mapping[int, PassageReading]  # by passage id; the characters are those of the passage's text


class Finder(Protocol):
    def find(self, question: str, k: int, scope: Scope = ...) -> tuple[Hit, ...]: ...


class Reads(Protocol):
    """What is needed of `engine.models.reader.Reader`."""

    id: str
    calibration: Calibration

    def read(self, question: str, sources: Sequence[Source]) -> tuple[PassageReading, ...]: ...

    def known_share(self, text: str) -> float: ...


class Reading:
    """Reads passages for questions. May be asked from several threads.

    `reader` gives the model in use, None where there is none.
    """

    def __init__(self, reader: Callable[[], Reads | None]) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], dict[Source, PassageReading]] = OrderedDict()

    def of(self, question: str, hits: Sequence[Hit]) -> tuple[Readings, Calibration | None]:
        """What the reader says of the first READ hits, and what its numbers mean.

        Nothing, and None, where there is no reader, or one whose vocabulary does not know the question's words.
        """
        reader = self._reader()
        if reader is None or not hits or not trust(reader.known_share(question)):
            return {}, None
        known = self._of_question(reader.id, question)
        sources = {hit.passage.id: _source(hit) for hit in hits[:READ]}
        missing = [source for source in dict.fromkeys(sources.values()) if source not in known]
        known.update(zip(missing, reader.read(question, missing), strict=True))
        return {id: _within(known[source], source.begins) for id, source in sources.items()}, reader.calibration

    def _of_question(self, reader: str, question: str) -> dict[Source, PassageReading]:
        with self._lock:
            known = self._kept.setdefault((reader, question), {})
            self._kept.move_to_end((reader, question))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return known


class ReadingFinder:
    """Finds passages for a question that is to be answered: the search's, ranked anew by what the reader says."""

    def __init__(self, finder: Finder, reading: Reading) -> None:
        self._finder = finder
        self._reading = reading

    def find(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The `k` passages that fit best, best first; as the finder has them where nothing can read the question."""
        hits = self._finder.find(question, max(k, READ), scope)
        readings, calibration = self._reading.of(question, hits)
        if calibration is None:
            return hits[:k]
        return ranked(hits, readings, calibration.weight)[:k]


def ranked(hits: Sequence[Hit], readings: Readings, weight: float) -> tuple[Hit, ...]:
    """Each hit's score and the reader's confidence as one, best first; what was not read has no confidence."""
    fused = [
        replace(
            hit,
            score=(1 - weight) * hit.score
            + weight * (readings[hit.passage.id].confidence if hit.passage.id in readings else 0.0),
        )
        for hit in hits
    ]
    return tuple(sorted(fused, key=lambda hit: (-hit.score, str(hit.document.path), hit.passage.ordinal)))


def _source(hit: Hit) -> Source:
    """A heading is read along, for it says what the passage is about; it is no answer."""
    heading = hit.passage.heading
    return Source(f"{heading}\n{hit.passage.text}", len(heading) + 1) if heading else Source(hit.passage.text)


def _within(reading: PassageReading, begins: int) -> PassageReading:
    """The same, its characters counted from the passage's text."""
    return replace(reading, start=reading.start - begins, end=reading.end - begins)
