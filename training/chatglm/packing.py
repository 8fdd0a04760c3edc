"""Several samples in one row, each of which sees only itself: no token of padding is computed where another fits.

Positions begin again with every sample and attention stays within it, so that the loss of a packed row is that of its
samples alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.chatglm.samples import Encoded

IGNORED = -100
_OPEN_ROWS = 64  # among which a place is looked for

Row = tuple[int, ...]  # numbers of samples


@dataclass(frozen=True, slots=True)
class Batch:
    """What a step computes at once."""

    ids: Tensor  # (rows, longest) int64, 0 behind the last sample
    labels: Tensor  # (rows, longest) int64: the id itself where it is part of an answer, else IGNORED
    positions: Tensor  # (rows, longest) int64, from 0 in each sample
    mask: Tensor | None  # (rows, 1, longest, longest) bool: who sees whom. None: each token all before it

    def to(self, device: torch.device) -> Batch:
        mask = None if self.mask is None else self.mask.to(device)
        return Batch(self.ids.to(device), self.labels.to(device), self.positions.to(device), mask)


class Plan:
    """Which rows each step takes: a function of the seed and the lengths, whoever computes the rows."""

    def __init__(self, lengths: Sequence[int], row_tokens: int, seed: int, *, pack: bool) -> None:
        """`row_tokens`: no sample is longer. Without `pack` a row is one sample."""
        self._lengths = lengths
        self._row_tokens = row_tokens if pack else 0
        self._seed = seed
        self._epochs: list[list[Row]] = []

    def rows(self, epoch: int) -> list[Row]:
        """All samples once, in an order of the epoch's own."""
        while len(self._epochs) <= epoch:
            order = np.random.default_rng((self._seed, len(self._epochs))).permutation(len(self._lengths))
            self._epochs.append(packed(self._lengths, order.tolist(), self._row_tokens))
        return self._epochs[epoch]

    def steps(self, epochs: int, batch: int) -> int:
        """How many steps of `batch` rows go through the samples `epochs` times."""
        return -(-sum(len(self.rows(epoch)) for epoch in range(epochs)) // batch)

    def step(self, number: int, batch: int) -> list[Row]:
        """The rows of a step, numbered from 0; the last ones of an epoch are joined by the first of the next."""
        first, epoch = number * batch, 0
        while first >= len(self.rows(epoch)):
            first -= len(self.rows(epoch))
            epoch += 1
        found = self.rows(epoch)[first : first + batch]
        while len(found) < batch:
            epoch += 1
            found = found + self.rows(epoch)[: batch - len(found)]
        return found


def packed(lengths: Sequence[int], order: Sequence[int], row_tokens: int) -> list[Row]:
    """Each sample, in turn, into the first of the latest rows that has room for it."""
    rows: list[list[int]] = []
    free: list[int] = []
    for number in order:
        latest = range(max(0, len(rows) - _OPEN_ROWS), len(rows))
        place = next((place for place in latest if free[place] >= lengths[number]), None)
        if place is None:
            rows.append([])
            free.append(row_tokens)
            place = len(rows) - 1
        rows[place].append(number)
        free[place] -= lengths[number]
    return [tuple(row) for row in rows]


def batch(rows: Sequence[Sequence[Encoded]]) -> Batch:
    """Rows of samples as tensors."""
    longest = max(sum(len(sample.ids) for sample in row) for row in rows)
    ids, positions = (torch.zeros(len(rows), longest, dtype=torch.int64) for _ in range(2))
    labels = torch.full((len(rows), longest), IGNORED)
    owners = torch.zeros(len(rows), longest, dtype=torch.int64)  # the sample's place in its row from 1; 0 is padding
    for row, samples in enumerate(rows):
        at = 0
        for place, sample in enumerate(samples, start=1):
            end = at + len(sample.ids)
            ids[row, at:end] = torch.tensor(sample.ids)
            labels[row, at + sample.answer : end] = torch.tensor(sample.ids[sample.answer :])
            positions[row, at:end] = torch.arange(len(sample.ids))
            owners[row, at:end] = place
            at = end
    alone = all(len(samples) == 1 for samples in rows)  # padding stands behind, where nobody looks back from
    return Batch(ids, labels, positions, None if alone else _mask(owners))


def _mask(owners: Tensor) -> Tensor:
    """(rows, 1, longest, longest): each token sees those before it that have its owner, padding sees padding."""
    same = owners[:, :, None] == owners[:, None, :]
    return same.tril()[:, None]
