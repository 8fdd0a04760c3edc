"""A question and a passage read together, by a cross-encoder on the CPU: does the passage answer, and with which words?

The network gives three numbers for every token: how likely the answer starts there, how likely it ends there, and, at
the first token alone, how likely the passage answers at all (Devlin et al. 2019, section 4.2 and 4.3, with a head of
its own for relevance).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.models.flaws import Flaw, refused
from engine.models.manifest import Calibration, Manifest
from engine.models.networks import Network, States
from engine.models.pairs import Pairs, Row
from engine.models.wordpieces import Ids

WEIGHTS = "model.onnx"
TOKENIZER = "tokenizer.json"

START, END, RELEVANCE = range(3)  # the columns of what the network gives

LONGEST_ANSWER = 40  # tokens


@dataclass(frozen=True, slots=True)
class Source:
    """A passage to be read, and the first of its characters that may be answered with: before it stands a heading."""

    text: str
    begins: int = 0


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What a reader says of one passage."""

    relevance: float  # of any size: the higher, the likelier the passage answers
    confidence: float  # 0 to 1: how likely it answers, as measured on questions with a known answer
    start: int  # characters of the source: the words that answer, if any do
    end: int
    certainty: float  # 0 to 1: of these words, among all that it could answer with


class Scoring(Protocol):
    """What is needed of `networks.Network`."""

    def states(self, ids: Ids, types: Ids | None = None) -> States: ...

    def rest(self, ids: Ids) -> None: ...


class Reader:
    """A reading model, ready for use. Its methods may be called from several threads."""

    def __init__(self, id: str, pairs: Pairs, network: Scoring, calibration: Calibration, threads: int = 1) -> None:
        self.id = id
        self.calibration = calibration
        self._pairs = pairs
        self._network = network
        self._threads = threads

    @classmethod
    def open(cls, folder: Path, threads: int) -> Reader:
        """Verifies the model in `folder` and loads it; `threads` passages are read side by side.

        Raises BrokenInstallation(BAD_MODEL) with the reason.
        """
        manifest = Manifest.verified(folder, "reader", (WEIGHTS, TOKENIZER))
        assert manifest.reading  # a reader's card without it is refused
        try:
            pairs = Pairs.open(folder / TOKENIZER, manifest.max_tokens)
        except Flaw as flaw:
            raise flaw.of(folder, file=TOKENIZER) from flaw
        try:
            network = Network.open(folder / WEIGHTS, threads=1)
        except Flaw as flaw:
            raise flaw.of(folder, file=WEIGHTS) from flaw
        return cls(manifest.id, pairs, _Named(folder, network), manifest.reading, threads)

    def read(self, question: str, sources: Sequence[Source]) -> tuple[PassageReading, ...]:
        """What it says of each source, in their order; a long one is read in several rows, of which the best counts."""
        rows = [
            (number, row) for number, source in enumerate(sources) for row in self._pairs.rows(question, source.text)
        ]
        # One core a row, rows side by side, needs no core to wait for another within a row.
        with ThreadPoolExecutor(max(1, min(self._threads, len(rows)))) as pool:
            scores = list(pool.map(lambda each: self._network.states(each[1].ids, each[1].types), rows))
        found: list[PassageReading | None] = [None] * len(sources)
        for (number, row), given in zip(rows, scores, strict=True):
            reading, best = self._reading(row, given, sources[number].begins), found[number]
            if best is None or reading.relevance > best.relevance:
                found[number] = reading
        return tuple(reading for reading in found if reading is not None)

    def known_share(self, text: str) -> float:
        """The share (0..1) of the text's letters and digits that the vocabulary knows: what it can read of it."""
        return self._pairs.known_share(text)

    def rest(self) -> None:
        """Give back the memory that long rows took."""
        self._network.rest(self._pairs.rows("a", "a")[0].ids)

    def check_limits(self) -> None:
        """Tries the tokenizer's highest id, and as many tokens as a row may have.

        Raises BrokenInstallation(BAD_MODEL).
        """
        self._network.states(np.array([self._pairs.highest_id], np.int64))
        self.read("a", [Source("a " * 2000)])

    def _reading(self, row: Row, scores: States, begins: int) -> PassageReading:
        relevance = float(scores[0, RELEVANCE])
        confidence = self.calibration.confidence(relevance)
        inside = slice(row.first, row.first + len(row.spans))
        allowed = np.flatnonzero(row.spans[:, 0] >= begins) if len(row.spans) else np.empty(0, np.int64)
        if not len(allowed):
            return PassageReading(relevance, confidence, begins, begins, 0.0)
        first = int(allowed[0])
        starts, ends = scores[inside, START][first:], scores[inside, END][first:]
        start, end, certainty = best_span(starts, ends)
        spans = row.spans[first:]
        return PassageReading(relevance, confidence, int(spans[start, 0]), int(spans[end, 1]), certainty)


def best_span(starts: States, ends: States) -> tuple[int, int, float]:
    """The first and the last token of the likeliest answer, and its share of all that is likely.

    `starts`, `ends`: (n,), n > 0. Of equals the earliest; none has more than LONGEST_ANSWER tokens.
    """
    starts = starts - _log_sum(starts)
    ends = ends - _log_sum(ends)
    padded = np.concatenate((ends, np.full(LONGEST_ANSWER - 1, -np.inf, ends.dtype)))
    following = np.lib.stride_tricks.sliding_window_view(padded, LONGEST_ANSWER)  # (n, LONGEST_ANSWER)
    scores = starts[:, None] + following
    start, length = divmod(int(scores.argmax()), LONGEST_ANSWER)
    return start, start + length, math.exp(min(0.0, float(scores[start, length])))


def _log_sum(values: States) -> float:
    highest = float(values.max())
    return highest + math.log(float(np.exp(values - highest).sum()))


class _Named:
    """A network whose flaws are told of its folder."""

    def __init__(self, folder: Path, network: Network) -> None:
        self._folder = folder
        self._network = network

    def rest(self, ids: Ids) -> None:
        self._network.rest(ids)

    def states(self, ids: Ids, types: Ids | None = None) -> States:
        """(tokens, 3). Raises BrokenInstallation(BAD_MODEL)."""
        try:
            scores = self._network.states(ids, types)
        except Flaw as flaw:
            raise flaw.of(self._folder, file=WEIGHTS) from flaw
        if scores.shape[1] != 3 or not np.isfinite(scores).all():
            raise refused(self._folder, "wrong_output", shape=scores.shape, wanted=(len(ids), 3))
        return scores
