"""Batches: a pure function of seed and epoch, without false negatives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.embedding.batches import epoch_batches


class Rows:
    """Row n has the keys `keys[n]` and the group `groups[n]`."""

    def __init__(self, keys: Sequence[Sequence[int]], groups: Sequence[int] | None = None) -> None:
        self._keys = keys
        self.groups = groups or [0] * len(keys)

    def __len__(self) -> int:
        return len(self._keys)

    def keys(self, row: int) -> Sequence[int]:
        return self._keys[row]


def test_no_batch_has_two_rows_of_one_key() -> None:
    rows = Rows([(row // 5, 1000 + row % 90) for row in range(300)])
    batches = epoch_batches(rows, 16, seed=3, epoch=0)
    for batch in batches:
        keys = [key for row in batch for key in rows.keys(row)]
        assert len(keys) == len(set(keys))
    used = batches.flatten().tolist()
    assert len(used) == len(set(used))
    assert len(used) >= 272  # of 300: only the end is left over


def test_order_depends_on_seed_and_epoch_alone() -> None:
    rows = Rows([(row,) for row in range(50)])
    again = [epoch_batches(rows, 8, seed, epoch) for seed, epoch in ((1, 0), (1, 0), (1, 1), (2, 0))]
    assert np.array_equal(again[0], again[1])
    assert not np.array_equal(again[0], again[2])
    assert not np.array_equal(again[0], again[3])


def test_one_group_in_a_batch() -> None:
    groups = [row % 3 for row in range(100)]
    batches = epoch_batches(Rows([(row,) for row in range(100)], groups), 8, seed=0, epoch=0)
    assert [len({groups[row] for row in batch}) for batch in batches] == [1] * len(batches)
    assert {groups[batch[0]] for batch in batches} == {0, 1, 2}
    assert [groups[batch[0]] for batch in batches] != sorted(groups[batch[0]] for batch in batches)  # groups alternate


def test_rows_of_one_document_make_no_batch() -> None:
    assert epoch_batches(Rows([(7,)] * 100), 2, seed=0, epoch=0).shape == (0, 2)


def test_large_document_does_not_slow_the_rest() -> None:
    rows = Rows([(0 if row % 2 else row,) for row in range(20000)])  # half of all rows are kin
    batches = epoch_batches(rows, 32, seed=0, epoch=0)
    assert len(batches) >= 10000 // 32
