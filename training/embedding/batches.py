"""Which rows stand together in a batch: a pure function of the seed and the epoch.

In a batch every other row's passage counts as wrong. So rows that share a passage, a question or a document never
stand together (Inkstone's questions come several to a page), and a batch may be kept to one source or language, where
passages are not told apart by that alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

_LOOKED_AT = 4  # batches' worth of rows that wait: more would make the time grow with their square


class Keyed(Protocol):
    groups: Sequence[int]

    def __len__(self) -> int: ...
    def keys(self, row: int) -> Sequence[int]: ...


def epoch_batches(rows: Keyed, size: int, seed: int, epoch: int) -> Rows:
    """(batches, size): each row at most once, no two of a batch sharing a key, all of a batch in one group.

    What is left over in the end is not used in this epoch; another epoch leaves over others.
    """
    random = np.random.default_rng((seed, epoch))
    order = random.permutation(len(rows))
    groups = np.asarray(rows.groups)[order]  # (rows,)
    found = [batch for group in np.unique(groups) for batch in _filled(rows, order[groups == group], size)]
    batches = np.array(found, dtype=np.int64).reshape(-1, size)
    return batches[random.permutation(len(batches))]


def _filled(rows: Keyed, order: Rows, size: int) -> Iterator[list[int]]:
    fresh = deque(order.tolist())
    waiting: deque[int] = deque()  # rows that met one of their kin
    while len(fresh) + len(waiting) >= size:
        batch: list[int] = []
        taken: set[int] = set()
        for _ in range(min(len(waiting), _LOOKED_AT * size)):
            _place(rows, waiting.popleft(), batch, taken, size, waiting)
        while fresh and len(batch) < size:
            _place(rows, fresh.popleft(), batch, taken, size, waiting)
        if len(batch) < size:  # what waits is too much alike
            return
        yield batch


def _place(rows: Keyed, row: int, batch: list[int], taken: set[int], size: int, waiting: deque[int]) -> None:
    keys = rows.keys(row)
    if len(batch) < size and taken.isdisjoint(keys):
        batch.append(row)
        taken.update(keys)
    else:
        waiting.append(row)
