"""A teacher that is frozen shows where texts belong: a student puts the same text, or its translation, there too.

Of a text that the teacher reads as well, this keeps what it knew; of a text whose English is known, it makes another
language land where English lies (Reimers and Gurevych 2020, https://arxiv.org/abs/2004.09813).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training import processes
from training.embedding.encoder import Encoder, embed
from training.errors import TrainingError
from training.lines import Lines


@dataclass(frozen=True, slots=True)
class Share:
    """A file of {"text": str, optional "teacher": str}, or of triplets, and how many of its rows a step takes."""

    path: Path
    rows: int


def share(word: str) -> Share:
    """From FILE=ROWS. Raises ValueError, as argparse wants it."""
    path, equals, rows = word.rpartition("=")
    if not equals or not path or int(rows) < 1:
        raise ValueError(word)
    return Share(Path(path), int(rows))


class Shown:
    """The texts of all shares; those of a step are a pure function of the seed and the step."""

    def __init__(self, shares: Sequence[Share], seed: int, scratch: Path | None = None) -> None:
        self._shares = shares
        self._lines = [Lines([each.path], scratch) for each in shares]
        self._seed = seed
        self._orders: dict[int, tuple[int, np.ndarray]] = {}  # of each share: an epoch and its order

    def at(self, step: int) -> tuple[list[str], list[str]]:
        """This process's texts of a step, as the student reads them and as the teacher does.

        Raises TrainingError for a line without a text.
        """
        count, rank = processes.count(), processes.rank()
        rows = [
            self._row(number, place)
            for number, each in enumerate(self._shares)
            for place in range(step * each.rows + rank, (step + 1) * each.rows, count)
        ]
        return [row[0] for row in rows], [row[1] for row in rows]

    @property
    def together(self) -> int:
        """Rows of a step, over all processes."""
        return sum(each.rows for each in self._shares)

    def _row(self, number: int, place: int) -> tuple[str, str]:
        lines = self._lines[number]
        epoch, within = divmod(place, len(lines))
        if self._orders.get(number, (-1,))[0] != epoch:
            order = np.random.default_rng((self._seed, number, epoch)).permutation(len(lines))
            self._orders[number] = epoch, order
        row = int(self._orders[number][1][within])
        line = lines[row]
        text = line.get("text") or _of_triplet(line, row + epoch)
        told = line.get("teacher", text)
        if not all(isinstance(each, str) and each.strip() for each in (text, told)):
            raise lines.broken(row, "it has no text as 'text', or none as 'teacher'")
        return text, told


class Teacher:
    """`encoder` is never changed. Raises TrainingError when the student's vectors have another width."""

    def __init__(self, encoder: Encoder, student: Encoder, shown: Shown, weight: float, max_tokens: int) -> None:
        self._encoder = encoder.eval().requires_grad_(False)
        self._shown = shown
        self._weight = weight
        self._max_tokens = max_tokens
        widths = encoder.model.config.hidden_size, student.model.config.hidden_size
        if widths[0] != widths[1]:
            raise TrainingError(f"The teacher's vectors have {widths[0]} numbers, the model's {widths[1]}.")

    def backward(self, student: Encoder, step: int, group: int) -> float:
        """Adds the gradient of this step's texts to the student's. Returns how far off they are: 1 - cosine, 0 to 2."""
        texts, told = self._shown.at(step)
        if not texts:
            return 0.0
        with torch.inference_mode():
            wanted = embed(self._encoder, self._encoder.tokenise(told, self._max_tokens), group)  # (n, dimension)
        found = embed(student, student.tokenise(texts, self._max_tokens), group)  # (n, dimension)
        away = (1 - (found * wanted.clone()).sum(dim=1)).sum() / self._shown.together
        (self._weight * away).backward()
        return away.item()


def _of_triplet(line: dict[str, Any], turn: int) -> Any:
    """The question and its passages in turn."""
    texts = [line.get("query"), *(line.get("pos") or ())]
    return texts[turn % len(texts)]
