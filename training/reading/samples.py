"""Questions with passages that answer and passages that do not, as rows of token ids: what a reader learns from.

The lines are those of `training.data.prepare`: {"query", "pos", "neg", "answers", "lang", "source", …}. Where the
answer's words stand in the right passage, its first and last token are wanted; where they don't (yes, no, a sentence
that nobody copied), or where they are too long to be words that answer, only the relevance is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.documents.sentences import sentences
from engine.library.keywords import content_terms, stem, terms
from engine.models.pairs import Pairs, Row
from engine.models.reader import LONGEST_ANSWER
from training.data.cutting import is_yes_or_no
from training.embedding.triplets import text_key
from training.lines import Lines

NO_SPAN = (-1, -1)


@dataclass(frozen=True, slots=True)
class Sample:
    """One row, and what is right for it."""

    row: Row
    answers: bool  # whether the passage does
    span: tuple[int, int]  # the answer's first and last token, counted from the row's first; NO_SPAN where not known


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the data."""

    question: str
    right: str
    wrong: tuple[str, ...]
    answers: tuple[str, ...]
    source: str


class Samples:
    """All lines of `paths`. In memory are 24 bytes for each."""

    def __init__(self, paths: Sequence[Path], pairs: Pairs, scratch: Path | None = None) -> None:
        self._lines = Lines(paths, scratch)
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._lines)

    def asked(self, number: int) -> Asked:
        """Raises TrainingError for a line without a question and a passage that answers it."""
        line = self._lines[number]
        question, right = line.get("query"), line.get("pos")
        if not (isinstance(question, str) and question.strip() and isinstance(right, list) and right):
            raise self._lines.broken(number, "it has no 'query' with a 'pos'")
        return Asked(question, right[0], _texts(line, "neg"), _texts(line, "answers"), str(line.get("source", "")))

    def draw(self, number: int, epoch: int, negatives: int, seed: int) -> Iterator[Sample]:
        """The right passage, then up to `negatives` wrong ones: others in every epoch until all were drawn."""
        asked = self.asked(number)
        random = np.random.default_rng((seed, number))
        yield self._right(asked)
        order = random.permutation(len(asked.wrong))
        for place in range(min(negatives, len(order))):
            wrong = asked.wrong[order[(epoch * negatives + place) % len(order)]]
            rows = self._pairs.rows(asked.question, wrong)
            yield Sample(rows[random.integers(len(rows))], False, NO_SPAN)

    def fingerprint(self) -> int:
        """Tells these lines, in this order, from others."""
        return hash(tuple(text_key(self.asked(number).question) for number in range(0, len(self), 50))) & 0xFFFFFFFF

    def _right(self, asked: Asked) -> Sample:
        rows = self._pairs.rows(asked.question, asked.right)
        place = answer_place(asked.question, asked.right, asked.answers)
        found = None if place is None else [(row, tokens_of(row, *place)) for row in rows]
        for row, span in found or ():
            if span[1] - span[0] < LONGEST_ANSWER and span != NO_SPAN:
                return Sample(row, True, span)
        return Sample(rows[0], True, NO_SPAN)


def answer_place(question: str, passage: str, answers: Sequence[str]) -> tuple[int, int] | None:
    """The characters of the passage that are the answer; None where it does not stand there.

    Where it stands several times, in the sentence that shares most with the question: the data don't say which.
    """
    for answer in answers:
        if is_yes_or_no(answer) or not answer:
            continue
        places = [*_places(passage, answer)]
        if len(places) == 1:
            return places[0], places[0] + len(answer)
        if places:
            best = max(places, key=lambda place: (_shared(question, passage, place), -place))
            return best, best + len(answer)
    return None


def tokens_of(row: Row, start: int, end: int) -> tuple[int, int]:
    """The first and the last token that stand for these characters, counted from the row's first; NO_SPAN where they
    are not all in it."""
    inside = np.flatnonzero((row.spans[:, 1] > start) & (row.spans[:, 0] < end))
    if not len(inside) or row.spans[inside[0], 0] > start or row.spans[inside[-1], 1] < end:
        return NO_SPAN
    return row.first + int(inside[0]), row.first + int(inside[-1])


def _places(text: str, answer: str) -> Iterator[int]:
    place = text.find(answer)
    while place >= 0:
        yield place
        place = text.find(answer, place + 1)


def _shared(question: str, passage: str, place: int) -> int:
    """How many terms of the question stand in the sentence at `place`."""
    start, end = next(((start, end) for start, end in sentences(passage) if start <= place < end), (0, 0))
    wanted = {stem(term) for term in content_terms(question)}
    return len(wanted & {stem(term) for term in terms(passage[start:end])})


def _texts(line: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(each for each in line.get(name) or () if isinstance(each, str) and each.strip())
