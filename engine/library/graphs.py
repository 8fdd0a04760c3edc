"""The one door to hnswlib: a graph over some vectors that proposes neighbours, and its file.

hnswlib 0.8.0 opens narrow paths, so that on Windows a Chinese user name makes saving and loading fail, and its own
files are trusted whatever stands in them. Here its state is taken out as arrays and written by Python: any path will
do, and every byte is under a checksum. A file holds the whole graph or is not used at all.

Asking while adding, and for more than the live elements, raises: the caller holds a lock, k is clamped here.
"""

from __future__ import annotations

import errno
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import hnswlib
import numpy as np

from engine.errors import BrokenInstallation, Code
from engine.library.tables.embeddings import NONE, Ids, Vectors

_LINKS = 16
_BUILD_BREADTH = 200
_FORMAT = 1  # raise it when another hnswlib keeps its state otherwise
_BROKEN = (OSError, EOFError, KeyError, MemoryError, RuntimeError, SyntaxError, TypeError, ValueError)


class BrokenGraph(Exception):
    """A file that holds no graph of this model."""


class Graph:
    """Vectors of one model by passage id. Not for two threads at once."""

    def __init__(self, dimension: int, index: Any = None) -> None:
        self._dimension = dimension
        if index is None:
            index = hnswlib.Index(space="ip", dim=dimension)
            index.init_index(1024, ef_construction=_BUILD_BREADTH, M=_LINKS)
        self._index = index
        self.ids: Ids = NONE  # sorted, without the forgotten
        self.unsaved = 0  # vectors that came after it was saved

    def __len__(self) -> int:
        """The forgotten count: they stay in the graph as ways."""
        return int(self._index.get_current_count())

    def add(self, ids: Ids, vectors: Vectors) -> None:
        needed, most = len(self) + len(ids), self._index.get_max_elements()
        if needed > most:
            self._index.resize_index(max(needed, most * 3 // 2))
        self._index.add_items(vectors, ids)
        is_behind = not len(self.ids) or ids[0] > self.ids[-1]
        self.ids = np.concatenate([self.ids, ids]) if is_behind else np.union1d(self.ids, ids)
        self.unsaved += len(ids)

    def forget(self, ids: Ids) -> None:
        """Never propose those of `ids` (sorted) that are here."""
        places = np.searchsorted(self.ids, ids)
        here = places < len(self.ids)
        places = places[here][self.ids[places[here]] == ids[here]]
        for id in self.ids[places]:
            self._index.mark_deleted(int(id))
        self.ids = np.delete(self.ids, places)

    def nearest(self, query: Vectors, k: int, breadth: int) -> list[int] | None:
        """About the `k` ids nearest to `query`; None where the graph falls apart: many of its vectors are equal."""
        k = min(k, len(self.ids))
        if not k:
            return []
        self._index.set_ef(max(breadth, k))
        try:
            labels, _ = self._index.knn_query(query[None], k=k, num_threads=1)
        except RuntimeError:
            return None
        return [int(label) for label in labels[0]]

    def save(self, path: Path, model_id: str) -> None:
        """Put the graph at `path`. A kill at any moment leaves the file that was there, or this one.

        Raises BrokenInstallation when the disk is full or cannot be written.
        """
        temporary = path.with_name(f"{path.name}.new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                self._write(file, model_id)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            full = error.errno == errno.ENOSPC
            code, why = (Code.NO_SPACE, {}) if full else (Code.CANNOT_WRITE, {"why": str(error.strerror or error)})
            raise BrokenInstallation(code, path=str(path), **why) from error
        self.unsaved = 0

    @classmethod
    def load(cls, path: Path, model_id: str, dimension: int) -> Graph:
        """Raises BrokenGraph unless the file holds a whole graph of this model."""
        try:
            with (
                path.open("rb") as file,
                np.load(file, allow_pickle=False) as parts,
            ):  # every part's checksum is compared as it is read
                state: dict[str, Any] = json.loads(str(parts["note"]))
                about = state.pop("about")
                if about != _about(model_id, dimension):
                    raise BrokenGraph(f"it is of {about}")
                state |= {name: parts[name] for name in parts.files if name != "note"}
            index = hnswlib.Index.__new__(hnswlib.Index)
            index.__setstate__((state,))
            graph = cls(dimension, index)
            graph.ids = np.sort(state["label_lookup_external"].astype(np.int64))
        except (*_BROKEN, zipfile.BadZipFile) as error:
            raise BrokenGraph(str(error)) from error
        graph._leave_out_forgotten(state)
        return graph

    def _write(self, file: Any, model_id: str) -> None:
        (state,) = self._index.__getstate__()
        arrays: dict[str, Any] = {name: value for name, value in state.items() if isinstance(value, np.ndarray)}
        note = {name: value for name, value in state.items() if name not in arrays}
        note["about"] = _about(model_id, self._dimension)
        np.savez(file, note=np.array(json.dumps(note)), **arrays)

    def _leave_out_forgotten(self, state: dict[str, Any]) -> None:
        """hnswlib marks them in the third byte of each element's list of links."""
        elements = state["data_level0"].reshape(state["cur_element_count"], state["size_data_per_element"])
        forgotten = np.flatnonzero(elements[:, state["offset_level0"] + 2] & 1)
        if len(forgotten):
            labels = elements[forgotten, state["label_offset"] : state["label_offset"] + 8].copy().view(np.int64)
            self.ids = np.setdiff1d(self.ids, labels.ravel())


def broken_files(folder: Path) -> list[Path]:
    """The graphs' files in a folder whose bytes are not what was written."""
    return [path for path in sorted(folder.glob("*.graph")) if not _is_whole(path)]


def _is_whole(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as file:
            return file.testzip() is None
    except (*_BROKEN, zipfile.BadZipFile):
        return False


def _about(model_id: str, dimension: int) -> dict[str, object]:
    return {"format": _FORMAT, "model": model_id, "dimension": dimension, "space": "ip"}
