"""Questions to measure a reader with, each beside the passages that a search by words would bring it.

From files of questions (a passage answers when it is the question's own) or from triplets (all passages of the file are
one collection). A passage that holds an accepted answer without being marked as right may answer too: it counts neither
as right nor as wrong, and is left out.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import question_sets
from engine.models.manifest import FILE_NAME, Calibration
from engine.models.reader import PassageReading, Reader, Source
from engine.scores import contains
from training.data.bm25 import BM25
from training.data.cutting import is_yes_or_no
from training.errors import TrainingError
from training.evaluating.passage_sets import holds_triplets
from training.evaluating.results import engine_errors_said, fingerprint
from training.lines import Lines


@dataclass(frozen=True, slots=True)
class Case:
    """A question about one collection of passages."""

    question: str
    answers: tuple[str, ...]
    right: frozenset[int]  # passages that answer


@dataclass(frozen=True, slots=True)
class Collected:
    """A collection and what is asked of it."""

    name: str
    passages: tuple[str, ...]
    cases: tuple[Case, ...]

    @property
    def fingerprint(self) -> str:
        return fingerprint([*(case.question for case in self.cases), *self.passages])


@dataclass(frozen=True, slots=True)
class Put:
    """A case with what a search by words finds for it."""

    case: Case
    right: int  # the best of those that answer
    found: tuple[int, ...]  # best first; the right one is among them only where the search found it
    scores: Mapping[int, float]  # of `found` and `right`: shares of the best


def load(path: Path, limit: int | None = None, seed: int = 0) -> Collected:
    """A file of questions, or of triplets; `limit` draws that many by the seed. Raises TrainingError."""
    return of_triplets([path], limit, seed) if holds_triplets(path) else of_questions(path, limit, seed)


def of_questions(path: Path, limit: int | None, seed: int) -> Collected:
    """Raises TrainingError when there is nothing that has an answer."""
    with engine_errors_said():
        loaded = question_sets.load(path)
    numbers = {id: number for number, id in enumerate(loaded.documents)}
    cases = [
        Case(each.text, each.answers, frozenset(numbers[id] for id in each.relevant))
        for each in loaded.questions
        if each.relevant
    ]
    return _drawn(loaded.name, tuple(loaded.documents.values()), cases, limit, seed)


def of_triplets(paths: Sequence[Path], limit: int | None, seed: int) -> Collected:
    """Raises TrainingError."""
    numbers: dict[str, int] = {}
    cases = []
    with Lines(paths) as lines:
        for row in range(len(lines)):
            line = lines[row]
            right = frozenset(numbers.setdefault(text, len(numbers)) for text in line["pos"])
            for text in line["neg"]:
                numbers.setdefault(text, len(numbers))
            answers = tuple(each for each in line.get("answers") or () if not is_yes_or_no(each))
            cases.append(Case(line["query"], answers, right))
    return _drawn(paths[0].name.split(".")[0], tuple(numbers), cases, limit, seed)


def put(collected: Collected, count: int) -> Iterator[Put]:
    """Each case with the best `count` passages for it."""
    search = BM25(collected.passages)
    for case in collected.cases:
        scores = search.scores(case.question)
        right = max(sorted(case.right), key=lambda number: scores[number])
        order = np.lexsort((np.arange(len(scores)), -scores))[: count * 3]
        found = [int(number) for number in order if number in case.right or not _may_answer(collected, case, number)]
        best = float(scores.max()) or 1.0
        kept = tuple(found[:count])
        yield Put(case, right, kept, {number: float(scores[number]) / best for number in {*kept, right}})


def open_reader(model: str, max_tokens: int) -> Reader:
    """An exported folder (model.json), or one that training left. Raises TrainingError."""
    threads = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
    if (Path(model) / FILE_NAME).exists():
        with engine_errors_said():
            return Reader.open(Path(model), threads)
    from training.reading.model import ReaderModel, Scored  # transformers take seconds, and exported models do without
    from training.reading.train import pairs_of

    found = ReaderModel.open(model).eval()
    return Reader(Path(model).name, pairs_of(found, max_tokens), Scored(found), Calibration())


def read(reader: Reader, question: str, collected: Collected, numbers: Sequence[int]) -> dict[int, PassageReading]:
    with engine_errors_said():
        found = reader.read(question, [Source(collected.passages[number]) for number in numbers])
    return dict(zip(numbers, found, strict=True))


def _may_answer(collected: Collected, case: Case, number: int) -> bool:
    return bool(contains(collected.passages[number], case.answers))


def _drawn(name: str, passages: tuple[str, ...], cases: Sequence[Case], limit: int | None, seed: int) -> Collected:
    if not cases:
        raise TrainingError(f"{name} has no question with a passage that answers it.")
    chosen = sorted(random.Random(seed).sample(range(len(cases)), min(limit or len(cases), len(cases))))
    return Collected(name, passages, tuple(cases[number] for number in chosen))
