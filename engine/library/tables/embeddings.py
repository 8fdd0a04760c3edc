"""The vectors of the passages, and which of these still wait for one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.library.rows import parts
from engine.library.tables.base import Table

Vectors = NDArray[np.float32]  # (n, dim), unit length
Ids = NDArray[np.int64]  # (n,), passage ids


class Embeddings(Table):
    """Vectors here are the truth; the vector index is a cache of them."""

    def use_embedder(self, model_id: str) -> None:
        """Vectors of another model are dropped: their passages wait to be embedded again."""
        if self.meta("embedder") == model_id:
            return
        with self.database.writing():
            self.database.run("DELETE FROM vectors")
            self.database.run(
                "UPDATE contents SET waiting = (SELECT count(*) FROM passages WHERE content_id = contents.id)"
            )
            self._set_meta("embedder", model_id)
            self._touch_vectors()

    def unembedded(self, after: int, limit: int) -> list[tuple[int, int, str, str]]:
        """(passage id, content id, heading, text) of passages without a vector, by id, above `after`."""
        rows = self.database.all(
            "SELECT id, content_id, heading, text FROM passages WHERE id > ?"
            " AND NOT EXISTS (SELECT 1 FROM vectors WHERE passage_id = passages.id) ORDER BY id LIMIT ?",
            [after, limit],
        )
        return [(int(id), int(content), str(heading), str(text)) for id, content, heading, text in rows]

    def put_vectors(self, passages: Sequence[tuple[int, int]], vectors: Vectors) -> None:
        """Keep the vectors of (passage id, content id) pairs."""
        with self.database.writing():
            self.database.run_many(
                # a passage may have been removed, by this process or another, while it was embedded
                "INSERT INTO vectors SELECT id, ? FROM passages WHERE id = ?",
                ((vector.tobytes(), id) for (id, _), vector in zip(passages, vectors, strict=True)),
            )
            self.database.run_many(
                "UPDATE contents SET waiting = waiting - 1 WHERE id = ?", ([content] for _, content in passages)
            )
            self._touch_vectors()

    def vectors_version(self) -> int:
        """Grows with every change to the vectors."""
        return int(self.meta("vectors_version") or 0)

    def vector_ids(self) -> Ids:
        """The ids of all passages that have a vector, ascending."""
        return np.array([row[0] for row in self.database.each("SELECT passage_id FROM vectors ORDER BY 1")], np.int64)

    def vectors(self, ids: Sequence[int], dimension: int) -> tuple[Ids, Vectors]:
        """The vectors of those of `ids` that have one, in ascending order of id."""
        found: list[int] = []
        blobs: list[bytes] = []
        for part in parts(ids):
            marks = ",".join("?" * len(part))
            for id, blob in self.database.each(
                f"SELECT passage_id, vector FROM vectors WHERE passage_id IN ({marks}) ORDER BY 1", part
            ):
                found.append(id)
                blobs.append(blob)
        matrix = np.frombuffer(b"".join(blobs), np.float32).reshape(len(found), dimension)
        return np.array(found, np.int64), matrix

    def _touch_vectors(self) -> None:
        self._set_meta("vectors_version", str(self.vectors_version() + 1))
