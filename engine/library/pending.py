"""Vectors that no graph holds yet: searched exactly, in blocks that are given up one by one."""

from __future__ import annotations

import numpy as np

from engine.library.tables.embeddings import NONE, Ids, Vectors

_BLOCK = 4096  # vectors


class Pending:
    """Vectors by passage id, in the order in which they came."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._blocks: list[tuple[Ids, Vectors]] = []

    def __len__(self) -> int:
        return sum(len(ids) for ids, _ in self._blocks)

    @property
    def ids(self) -> Ids:
        return np.concatenate([NONE, *(ids for ids, _ in self._blocks)])

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """At most a block at once keeps the memory that is needed low."""
        if not len(ids):
            return
        if self._blocks and len(self._blocks[-1][0]) + len(ids) <= _BLOCK:
            before_ids, before = self._blocks.pop()
            ids, vectors = np.concatenate([before_ids, ids]), np.concatenate([before, vectors])
        self._blocks.append((ids, vectors))

    def forget(self, gone: Ids) -> None:
        if not len(gone):
            return
        kept = [(~np.isin(ids, gone), ids, vectors) for ids, vectors in self._blocks]
        self._blocks = [(ids[stays], vectors[stays]) for stays, ids, vectors in kept if stays.any()]

    def take(self, count: int) -> tuple[Ids, Vectors]:
        """The first `count` or fewer, which are no longer here."""
        ids, vectors = self._blocks[0]
        self._blocks[0] = (ids[count:], vectors[count:])
        if not len(self._blocks[0][0]):
            self._blocks.pop(0)
        return ids[:count], vectors[:count]

    def nearest(self, query: Vectors, k: int) -> list[int]:
        """The `k` nearest ids of each block: the best of all are among them."""
        found: list[int] = []
        for ids, vectors in self._blocks:
            scores = vectors @ query
            best = np.argpartition(-scores, k)[:k] if k < len(ids) else slice(None)
            found += ids[best].tolist()
        return found
