"""What a reader's numbers mean: fitted on questions that it was not trained on, and that are not reported.

Each question is put to the passages that a search by words finds, once with the passage that answers it and once
without. `scale` and `shift` are the logistic regression (Platt 1999) of "the best of them answers" on its relevance;
`bound` is the confidence that all but a few answerable questions reach; `weight` ranks the passages best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.models.manifest import Calibration
from engine.models.reader import Reader
from training.progress import Progress
from training.reading.asking import Collected, put, read

WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
_ROUNDS = 50

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """One question's passages: the relevance of each, and its share of the search's best score."""

    right: frozenset[int]
    relevance: Mapping[int, float]
    searched: Mapping[int, float]


def seen(reader: Reader, collected: Collected, passages: int) -> list[Seen]:
    found = []
    with Progress(len(collected.cases), "Calibrating") as progress:
        for each in put(collected, passages):
            numbers = [*dict.fromkeys([each.right, *each.found])]
            readings = read(reader, each.case.question, collected, numbers)
            relevance = {number: reading.relevance for number, reading in readings.items()}
            found.append(Seen(each.case.right, relevance, each.scores))
            progress.step()
    return found


def calibrated(cases: Sequence[Seen], refused: float) -> Calibration:
    """`refused`: the share of answerable questions that may be declined."""
    highest, answers = outcomes(cases)
    scale, shift = platt(highest, answers)
    plain = Calibration(scale, shift, 0.5, 0.5)
    present = [max(case.relevance.values()) for case in cases]
    bound = plain.confidence(float(np.quantile(present, refused)))
    weight = best_weight(cases, plain)
    return Calibration(*(float(f"{value:.6g}") for value in (scale, shift, bound, weight)))


def outcomes(cases: Sequence[Seen]) -> tuple[Values, Values]:
    """The highest relevance of each question, with and without its passage; 1 where the one that has it answers."""
    highest, answers = [], []
    for case in cases:
        best = max(case.relevance, key=lambda number: case.relevance[number])
        highest.append(case.relevance[best])
        answers.append(float(best in case.right))
        if others := [value for number, value in case.relevance.items() if number not in case.right]:
            highest.append(max(others))
            answers.append(0.0)
    return np.array(highest), np.array(answers)


def platt(relevance: Values, answers: Values) -> tuple[float, float]:
    """Scale (above 0) and shift, by Newton's method on Platt's smoothed targets."""
    right, wrong = answers.sum(), len(answers) - answers.sum()
    targets = np.where(answers > 0, (right + 1) / (right + 2), 1 / (wrong + 2))
    inputs = np.stack((relevance, np.ones_like(relevance)), axis=1)  # (n, 2)
    found = np.array([1.0, 0.0])
    for _ in range(_ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(inputs @ found, -60, 60)))
        slope = inputs.T @ (chances - targets)
        curve = (inputs * (chances * (1 - chances))[:, None]).T @ inputs + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        found -= np.clip(step, -1, 1)
    return max(float(found[0]), 1e-3), float(found[1])


def best_weight(cases: Sequence[Seen], calibration: Calibration) -> float:
    """The weight with the highest reciprocal rank; of equals the one nearest to their middle."""
    scores = [np.mean([_reciprocal_rank(case, calibration, weight) for case in cases]) for weight in WEIGHTS]
    best = [weight for weight, score in zip(WEIGHTS, scores, strict=True) if score >= max(scores) - 1e-9]
    return best[len(best) // 2]


def _reciprocal_rank(case: Seen, calibration: Calibration, weight: float) -> float:
    scores = {
        number: (1 - weight) * case.searched.get(number, 0.0) + weight * calibration.confidence(relevance)
        for number, relevance in case.relevance.items()
    }
    best = max((scores[number] for number in case.right if number in scores), default=-1.0)
    return 1 / (1 + sum(score > best for number, score in scores.items() if number not in case.right))
