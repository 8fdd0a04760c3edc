"""Nearest passages by meaning: an hnswlib graph that proposes, exact scores that decide.

The graph is a cache of the store's vectors. It is saved beside a sidecar that says what it holds; whatever disagrees
is thrown away. Vectors that the graph does not hold yet (all of them, when there is no graph) are searched exactly, so
that an answer never waits for the graph.

hnswlib 0.8.0: saving into a missing folder, loading a damaged file and loading with a wrong dimension all fail without
a word; asking while adding, or for more than the live elements, raises.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import hnswlib
import numpy as np

from engine.errors import BrokenInstallation, Code
from engine.hashing import sha256_of
from engine.library.store import Ids, Store, Vectors

logger = logging.getLogger(__name__)

_LINKS = 16
_BUILD_BREADTH = 200
_SEARCH_BREADTH = 400  # generous: the graph only proposes
_STEP = 256  # vectors added under one lock: a question waits for about 0.1 s at the most
_EXACT_UP_TO = 10_000  # vectors: below, a question compares itself with all of them within a few milliseconds
_SPARE = 0.25  # the graph is made again when more than this share of it is deleted


class VectorIndex:
    """The vectors of one store and model. All methods may be called from any thread."""

    def __init__(
        self, store: Store, folder: Path, model_id: str, dimension: int, exact_up_to: int = _EXACT_UP_TO
    ) -> None:
        self._store = store
        self._folder = folder
        self._model_id = model_id
        self._dimension = dimension
        self._exact_up_to = exact_up_to
        self._lock = threading.RLock()
        self._graph: Any = None
        self._graph_ids: Ids = np.empty(0, np.int64)  # sorted, without the deleted
        self._pending_ids: Ids = np.empty(0, np.int64)  # sorted, in the store but not in the graph
        self._pending: Vectors = np.empty((0, dimension), np.float32)
        self._version = -1
        self._unsaved = False

    def search(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        """(passage id, cosine) of the `k` passages nearest to `query`, (dim,) and of unit length; best first."""
        with self._lock:
            self.refresh()
            proposed = self._proposed(query, k)
        return sorted(self.cosines(query, proposed).items(), key=lambda found: (-found[1], found[0]))[:k]

    def cosines(self, query: Vectors, passages: Sequence[int]) -> dict[int, float]:
        """The exact cosine with `query` of those passages that have a vector of this model."""
        with self._store.database.reading():  # another model's vectors may come at any moment
            if not self._is_ours():
                return {}
            ids, vectors = self._store.vectors(passages, self._dimension)
        return dict(zip(ids.tolist(), (vectors @ query).tolist(), strict=True))

    def refresh(self) -> None:
        """Notice what was added to the store and removed from it, by this process or another."""
        with self._lock:
            if self._version < 0:
                self._load()
            if self._store.vectors_version() == self._version:
                return
            with self._store.database.reading():
                version = self._store.vectors_version()
                there = self._store.vector_ids() if self._is_ours() else np.empty(0, np.int64)
                self._forget(np.setdiff1d(self._graph_ids, there, assume_unique=True))
                self._hold(np.setdiff1d(there, self._graph_ids, assume_unique=True))
            self._version = version

    def absorb(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Add what is pending to the graph, in steps between which questions are answered.

        A small library needs no graph: comparing with every vector is exact, and quick enough.
        """
        self.refresh()
        if self._graph is None and len(self._pending_ids) <= self._exact_up_to:
            return
        while len(self._pending_ids) and not stop():
            with self._lock:
                self._add(self._pending_ids[:_STEP], self._pending[:_STEP])
                self._pending_ids, self._pending = self._pending_ids[_STEP:], self._pending[_STEP:]
        if not len(self._pending_ids):
            self._pending = np.empty((0, self._dimension), np.float32)  # a view would keep all of it in memory

    def save(self) -> None:
        """Write the graph and its sidecar. A kill at any moment leaves a pair that agrees, or one that is ignored.

        Raises BrokenInstallation when the disk is full or cannot be written; the library itself is not touched.
        """
        with self._lock:
            if not self._unsaved or self._graph is None:
                return
            try:
                self._write()
            except OSError as error:
                full = error.errno == errno.ENOSPC
                code, why = (Code.NO_SPACE, {}) if full else (Code.CANNOT_WRITE, {"why": str(error.strerror or error)})
                raise BrokenInstallation(code, path=str(self._folder), **why) from error
            self._unsaved = False

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = self._folder / "graph.new"
        self._graph.save_index(str(temporary))
        if temporary.stat().st_size != self._needed_bytes:
            temporary.unlink()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # hnswlib itself says nothing
        sidecar = self._sidecar(self._graph.get_current_count(), sha256_of(temporary))
        note = self._folder / "graph.json.new"
        note.write_text(json.dumps(sidecar), "utf-8")
        _replace(temporary, self._file)
        _replace(note, self._note)

    @property
    def _needed_bytes(self) -> int:
        return int(self._graph.index_file_size())

    @property
    def _file(self) -> Path:
        return self._folder / "graph.hnsw"

    @property
    def _note(self) -> Path:
        return self._folder / "graph.json"

    def _sidecar(self, count: int, sha256: str) -> dict[str, object]:
        return {
            "model": self._model_id,
            "dimension": self._dimension,
            "space": "ip",
            "count": count,
            "sha256": sha256,
        }

    def _load(self) -> None:
        try:
            noted = json.loads(self._note.read_text("utf-8"))
            if noted != self._sidecar(noted["count"], sha256_of(self._file)):
                raise ValueError("the sidecar disagrees")
            graph = hnswlib.Index(space="ip", dim=self._dimension)
            graph.load_index(str(self._file), max_elements=noted["count"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            logger.warning("the vector index is made again: %s", error)
            return
        graph.set_ef(_SEARCH_BREADTH)
        self._graph = graph
        self._graph_ids = np.sort(np.array(graph.get_ids_list(), np.int64))

    def _forget(self, gone: Ids) -> None:
        if not len(gone):
            return
        self._graph_ids = np.setdiff1d(self._graph_ids, gone, assume_unique=True)
        if len(self._graph_ids) < (1 - _SPARE) * self._graph.get_current_count():
            self._graph, self._graph_ids = None, np.empty(0, np.int64)
            return
        for id in gone:
            with contextlib.suppress(RuntimeError):  # raised for one that was deleted before it was saved
                self._graph.mark_deleted(int(id))
        self._unsaved = True

    def _hold(self, ids: Ids) -> None:
        kept = np.isin(self._pending_ids, ids, assume_unique=True)
        new = np.setdiff1d(ids, self._pending_ids, assume_unique=True)
        new_ids, vectors = self._store.vectors(new.tolist(), self._dimension)
        joined = np.concatenate([self._pending_ids[kept], new_ids])
        order = np.argsort(joined)
        self._pending_ids = joined[order]
        self._pending = np.concatenate([self._pending[kept], vectors])[order]

    def _add(self, ids: Ids, vectors: Vectors) -> None:
        if self._graph is None:
            self._graph = hnswlib.Index(space="ip", dim=self._dimension)
            self._graph.init_index(1024, ef_construction=_BUILD_BREADTH, M=_LINKS)
            self._graph.set_ef(_SEARCH_BREADTH)
        needed = self._graph.get_current_count() + len(ids)
        if needed > self._graph.get_max_elements():
            self._graph.resize_index(max(needed, self._graph.get_max_elements() * 3 // 2))
        self._graph.add_items(vectors, ids)
        self._graph_ids = np.union1d(self._graph_ids, ids)
        self._unsaved = True

    def _proposed(self, query: Vectors, k: int) -> list[int]:
        proposed: list[int] = []
        if len(self._graph_ids):
            count = min(2 * k, len(self._graph_ids))
            self._graph.set_ef(max(_SEARCH_BREADTH, 2 * count))
            proposed += self._graph_neighbours(query, count)
        if len(self._pending_ids):
            proposed += _nearest(self._pending_ids, self._pending, query, k)
        return proposed

    def _graph_neighbours(self, query: Vectors, count: int) -> list[int]:
        try:
            labels, _ = self._graph.knn_query(query[None], k=count)
        except RuntimeError:  # many equal vectors: parts of the graph cannot be reached from each other
            found = self.cosines(query, self._graph_ids.tolist())
            return sorted(found, key=lambda id: -found[id])[:count]
        return [int(label) for label in labels[0]]

    def _is_ours(self) -> bool:
        """False after another model was chosen, until the next indexing has begun: the vectors are the old one's."""
        return self._store.meta("embedder") == self._model_id


def _nearest(ids: Ids, vectors: Vectors, query: Vectors, k: int) -> list[int]:
    best = np.argsort(-(vectors @ query), kind="stable")[:k]
    return [int(id) for id in ids[best]]


def _replace(temporary: Path, final: Path) -> None:
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(final)
