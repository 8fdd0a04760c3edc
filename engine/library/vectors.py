"""Nearest passages by meaning: graphs that propose, exact scores that decide.

The graphs are a cache of the store's vectors: some of them each, so that a file is written again only when its own
vectors changed much, and memory for that is bounded. Whatever is damaged or of another model is thrown away. Vectors
that no graph holds yet (all of them, in a small library) are searched exactly: an answer never waits for a graph.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.library.graphs import BrokenGraph, Graph
from engine.library.pending import Pending
from engine.library.store import Ids, Store, Vectors
from engine.library.tables.embeddings import NONE, Shelf

logger = logging.getLogger(__name__)

_IN_A_GRAPH = 100_000  # vectors: a file of 170 MB at 384 dimensions
_BREADTH = 400  # generous: the graph only proposes
_BREADTH_OF_MANY = 200  # each of several graphs holds but a few of the nearest
_STEP = 64  # vectors added under one lock: a question waits for about 0.03 s at the most
_BLOCK = 4096  # vectors read from the store at once
_EXACT_UP_TO = 10_000  # vectors: below, a question compares itself with all of them within a few milliseconds
_EXACT_AMONG = 20_000  # vectors, read from the store: about 0.1 s
_MOST_PROPOSED = 2_000
_SPARE = 0.25  # a graph is made again when more than this share of it is deleted
_WORTH_SAVING = 1000  # new vectors: fewer are added again within a second


class VectorIndex:
    """The vectors of one store and model. All methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        model_id: str,
        dimension: int,
        exact_up_to: int = _EXACT_UP_TO,
        in_a_graph: int = _IN_A_GRAPH,
        worth_saving: int = _WORTH_SAVING,
    ) -> None:
        self._store = store
        self._folder = folder
        self._model_id = model_id
        self._dimension = dimension
        self._exact_up_to = exact_up_to
        self._in_a_graph = in_a_graph
        self._worth_saving = worth_saving
        self._lock = threading.RLock()
        self._graphs: dict[int, Graph] = {}  # by the number of its file
        self._pending = Pending(dimension)
        self._version = -1

    def search(self, query: Vectors, k: int, among: Ids | None = None) -> list[tuple[int, float]]:
        """(passage id, cosine) of the `k` passages nearest to `query`, (dim,) and of unit length; best first.

        `among`: the only ones that count, ascending. Few of them are compared one and all; of many, the graphs propose
        more than are wanted, and the others are passed over.
        """
        if among is not None and len(among) <= _EXACT_AMONG:
            return self._store.best(self.cosines(query, among.tolist()), k)
        with self._lock:
            self.refresh()
            proposed = self._proposed(query, k if among is None else min(_MOST_PROPOSED, self._share(k, len(among))))
        if among is not None:
            proposed = np.intersect1d(proposed, among).tolist()
        return self._store.best(self.cosines(query, proposed), k)

    def cosines(self, query: Vectors, passages: Sequence[int]) -> dict[int, float]:
        """The exact cosine with `query` of those passages that have a vector of this model."""
        with self._store.database.reading():  # the shelves may be exchanged at any moment
            shelf = self._shelf()
            if shelf is None:
                return {}
            ids, vectors = self._store.vectors(passages, self._dimension, shelf)
        # In double precision, so that equal vectors have equal scores wherever they stand in the product.
        cosines = np.nan_to_num(vectors.astype(np.float64) @ query.astype(np.float64), nan=-1.0).round(7)
        return dict(zip(ids.tolist(), cosines.tolist(), strict=True))

    def refresh(self) -> None:
        """Notice what was added to the store and removed from it, by this process or another."""
        with self._lock:
            if self._version < 0:
                self._load()
            if self._store.vectors_version() == self._version:
                return
            with self._store.database.reading():
                version, shelf = self._store.vectors_version(), self._shelf()
                added, gone = self._changes(shelf)
                self._forget(gone)
                self._hold(added, shelf)
                self._give_up_sparse(shelf)
            self._version = version

    def absorb(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Add what is pending to the graphs, in steps between which questions are answered.

        A small library needs no graph: comparing with every vector is exact, and quick enough.
        """
        self.refresh()
        if not self._graphs and len(self._pending) <= self._exact_up_to:
            return
        while not stop():
            with self._lock:
                if not len(self._pending):
                    return
                self._open_graph().add(*self._pending.take(_STEP))

    def save(self) -> None:
        """Write those graphs that have grown enough since they were written.

        Raises BrokenInstallation when the disk is full or cannot be written; the library itself is not touched.
        """
        with self._lock:
            for number, graph in self._graphs.items():
                is_full = len(graph) >= self._in_a_graph
                if graph.unsaved >= self._worth_saving and (is_full or graph.unsaved * 10 >= len(graph)):
                    graph.save(self._folder / self._name(number), self._model_id)
            if self._version >= 0:
                self._remove_others()

    def _shelf(self) -> Shelf | None:
        """None while another model was chosen: the vectors are its own."""
        return self._store.shelf_of(self._model_id)

    def _name(self, number: int) -> str:
        return f"{_prefix(self._model_id)}{number:04}.graph"

    def _load(self) -> None:
        seen = NONE
        for path in sorted(self._folder.glob(f"{_prefix(self._model_id)}*.graph")):
            try:
                number = int(path.stem.rpartition("-")[2])
                graph = Graph.load(path, self._model_id, self._dimension)
            except (BrokenGraph, ValueError) as error:
                logger.warning("a part of the vector index is made again: %s", error)
                continue
            graph.forget(np.intersect1d(graph.ids, seen))  # a kill while a graph was made again leaves both
            seen = np.union1d(seen, graph.ids)
            self._graphs[number] = graph

    def _changes(self, shelf: Shelf | None) -> tuple[Ids, Ids]:
        """(ids that came, ids that went) since the last look."""
        if shelf and self._version >= 0 and (noted := self._store.vector_changes(self._version, self._model_id)):
            return noted
        there = self._store.vector_ids(shelf) if shelf else NONE
        known = np.concatenate([self._pending.ids, *(graph.ids for graph in self._graphs.values())])
        return np.setdiff1d(there, known), np.setdiff1d(known, there)

    def _forget(self, gone: Ids) -> None:
        if len(gone):
            self._pending.forget(gone)
            for graph in self._graphs.values():
                graph.forget(gone)

    def _hold(self, ids: Ids, shelf: Shelf | None) -> None:
        for start in range(0, len(ids) if shelf else 0, _BLOCK):
            assert shelf
            self._pending.add(*self._store.vectors(ids[start : start + _BLOCK].tolist(), self._dimension, shelf))

    def _give_up_sparse(self, shelf: Shelf | None) -> None:
        for number, graph in list(self._graphs.items()):
            if len(graph.ids) < (1 - _SPARE) * len(graph):
                del self._graphs[number]
                self._hold(graph.ids, shelf)

    def _open_graph(self) -> Graph:
        """The one that takes more vectors."""
        for graph in self._graphs.values():
            if len(graph) < self._in_a_graph:
                return graph
        number = next(number for number in range(len(self._graphs) + 1) if number not in self._graphs)
        self._graphs[number] = Graph(self._dimension)
        return self._graphs[number]

    def _remove_others(self) -> None:
        """Files of graphs that were given up, of models that are no longer wanted, and of earlier programs."""
        wanted = {_prefix(model) for model in (self._store.embedder(), self._store.next_embedder()) if model}
        mine = _prefix(self._model_id)
        for path in self._folder.glob("*") if self._folder.exists() else ():
            prefix, _, number = path.stem.rpartition("-")
            is_kept = f"{prefix}-" in wanted and path.suffix == ".graph"
            if not is_kept or (f"{prefix}-" == mine and int(number) not in self._graphs):
                path.unlink(missing_ok=True)

    def _share(self, k: int, among: int) -> int:
        """How many of all must be looked at so that `k` of some are likely to be there."""
        every = len(self._pending) + sum(len(graph.ids) for graph in self._graphs.values())
        return -(-k * every // max(1, among))

    def _proposed(self, query: Vectors, k: int) -> list[int]:
        breadth = _BREADTH if len(self._graphs) < 2 else _BREADTH_OF_MANY
        proposed = self._pending.nearest(query, 2 * k)
        for graph in self._graphs.values():
            near = graph.nearest(query, 2 * k, max(breadth, 2 * k))
            proposed += near if near is not None else self._nearest_of_all(graph, query, 2 * k)
        return proposed

    def _nearest_of_all(self, graph: Graph, query: Vectors, k: int) -> list[int]:
        found = self.cosines(query, graph.ids.tolist())
        return sorted(found, key=lambda id: -found[id])[:k]


def _prefix(model_id: str) -> str:
    return f"{hashlib.sha256(model_id.encode()).hexdigest()[:8]}-"
