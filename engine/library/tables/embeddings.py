"""The vectors of the passages, and which of these still wait for one.

While the library is embedded anew, those of the next embedder gather on a shelf of their own; search goes on with the
ones in use, until the shelves are exchanged in one step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.library.database import Row
from engine.library.rows import parts
from engine.library.tables.base import Table

Vectors = NDArray[np.float32]  # (n, dim), unit length
Ids = NDArray[np.int64]  # (n,), passage ids

NONE: Ids = np.empty(0, np.int64)
_LINKS_BYTES = 160  # of a vector in a graph
_KEPT_CHANGES = 4096  # whoever missed more of them reads all ids again


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one embedder's vectors stand: a table, and the column of `contents` that counts the passages without."""

    table: str
    waiting: str


IN_USE = Shelf("vectors", "waiting")
NEXT = Shelf("vectors_next", "waiting_next")


class Embeddings(Table):
    """Vectors here are the truth; the vector index is a cache of them."""

    def embedder(self) -> str | None:
        """The id of the model whose vectors are searched."""
        return self.meta("embedder")

    def embedder_in_use(self) -> str | None:
        """Likewise; None while there are no vectors at all."""
        return self.embedder() if self.database.one("SELECT 1 FROM vectors LIMIT 1") else None

    def next_embedder(self) -> str | None:
        """The id of the model with which the library is being embedded anew."""
        return self.meta("embedder_next")

    def use_embedder(self, model_id: str) -> None:
        """What is embedded from now on is embedded with this model.

        Vectors of another model stay in use until every passage has a new one. The one in use, chosen again, keeps
        its vectors: what was made of others is dropped.
        """
        embedder, following = self.embedder(), self.next_embedder()
        if (following or embedder) == model_id:
            return
        with self.database.writing():
            self._clear_next()
            if embedder == model_id:
                return
            if self.database.one("SELECT 1 FROM vectors LIMIT 1") is None:
                self._set_meta("embedder", model_id)
            else:
                self._set_meta("embedder_next", model_id)
                self.database.run("UPDATE contents SET waiting_next = passages")
            self._note_change()

    def finish_embedder(self) -> bool:
        """Put the next embedder's vectors into use if they are complete, and drop the old ones; whether it was done."""
        model_id = self.next_embedder()
        if model_id is None or self._waiting(NEXT):
            return False
        with self.database.writing():
            if self._waiting(NEXT):
                return False
            self.database.run("DROP TABLE vectors")
            self.database.run("ALTER TABLE vectors_next RENAME TO vectors")
            self._make_next()
            self.database.run("UPDATE contents SET waiting = 0 WHERE waiting > 0")
            self.database.run("DELETE FROM meta WHERE key = 'embedder_next'")
            self._set_meta("embedder", model_id)
            self._forget_changes()
        return True

    def anew(self) -> tuple[str, int, int] | None:
        """(next embedder, passages that it has embedded, of how many); None while there is no next."""
        model_id = self.next_embedder()
        if model_id is None:
            return None
        row = self.database.one("SELECT coalesce(sum(passages), 0), coalesce(sum(waiting_next), 0) FROM contents")
        total, waiting = row or (0, 0)
        return model_id, int(total - waiting), int(total)

    def all_passages(self) -> int:
        """How many passages there are to embed, those of forgotten files included."""
        row = self.database.one("SELECT coalesce(sum(passages), 0) FROM contents")
        return int(row[0]) if row else 0

    def bytes_for(self, dimension: int) -> int:
        """What the vectors of all passages, and the graphs over them, take on the disk."""
        of_row = 4 * dimension + 12
        page = 4096 / max(1, 4080 // of_row) if of_row < 4060 else of_row + 4096  # SQLite splits no small row
        return round(self.all_passages() * (page + of_row + _LINKS_BYTES))

    def waiting_passages(self) -> int:
        """How many passages have no vector of the embedder that is at work."""
        return self._waiting(self._at_work())

    def unembedded(self, limit: int) -> list[tuple[int, int, str, str]]:
        """(passage id, content id, heading, text) of the first passages without a vector, content by content."""
        shelf = self._at_work()
        # CROSS JOIN keeps SQLite's order of tables: no more rows are visited than are given
        rows = self.database.all(
            f"SELECT p.id, p.content_id, p.heading, p.text FROM contents c INDEXED BY contents_{shelf.waiting}"
            f" CROSS JOIN passages p ON p.content_id = c.id WHERE c.{shelf.waiting} > 0"
            f" AND NOT EXISTS (SELECT 1 FROM {shelf.table} WHERE passage_id = p.id)"
            " ORDER BY c.id, p.ordinal LIMIT ?",
            [limit],
        )
        return [(int(id), int(content), str(heading), str(text)) for id, content, heading, text in rows]

    def put_vectors(self, passages: Sequence[tuple[int, int]], vectors: Vectors) -> None:
        """Keep the vectors of (passage id, content id) pairs.

        A passage that was removed meanwhile, by this process or another, is passed over.
        """
        with self.database.writing():
            shelf = self._at_work()
            there = self._without_vector([id for id, _ in passages], shelf)
            rows = [(id, vector.tobytes()) for (id, _), vector in zip(passages, vectors, strict=True) if id in there]
            self.database.run_many(f"INSERT INTO {shelf.table} VALUES (?, ?)", rows)
            self.database.run_many(
                f"UPDATE contents SET {shelf.waiting} = {shelf.waiting} - ? WHERE id = ?",
                ((count, content) for content, count in Counter(there.values()).items()),
            )
            self._note_change(added=[id for id, _ in rows])

    def vectors_version(self) -> int:
        """Grows with every change to the vectors."""
        return int(self.meta("vectors_version") or 0)

    def shelf_of(self, model_id: str) -> Shelf | None:
        """Where the vectors of a model stand, if there are any."""
        if self.embedder() == model_id:
            return IN_USE
        return NEXT if self.next_embedder() == model_id else None

    def vector_ids(self, shelf: Shelf = IN_USE) -> Ids:
        """The ids of all passages that have a vector, ascending. No vector is read for it."""
        some = f"EXISTS (SELECT 1 FROM {shelf.table} WHERE passage_id = p.id)"
        rows = self.database.each(
            f"SELECT p.id FROM contents c JOIN passages p ON p.content_id = c.id WHERE c.{shelf.waiting} = 0 OR {some}"
        )
        return np.sort(np.fromiter((row[0] for row in rows), np.int64))

    def vector_changes(self, since: int, model_id: str) -> tuple[Ids, Ids] | None:
        """(ids added, ids gone) of one model after version `since`; None when that is not remembered.

        An id that is in both is gone first: its vector is another one.
        """
        version = self.vectors_version()
        rows = self.database.all(
            "SELECT model, added, gone FROM vector_changes WHERE version > ? ORDER BY version", [since]
        )
        if len(rows) != version - since:
            return None
        there: set[int] = set()
        gone: set[int] = set()
        for model, ids, ended in rows:
            there.difference_update(_ids(ended).tolist())
            gone.update(_ids(ended).tolist())
            there.update(_ids(ids).tolist() if model == model_id else ())
        return _sorted(there), _sorted(gone)

    def vectors(self, ids: Sequence[int], dimension: int, shelf: Shelf = IN_USE) -> tuple[Ids, Vectors]:
        """The vectors of those of `ids` that have one, in ascending order of id."""
        rows: list[Row] = []
        for part in parts(sorted(ids)):
            marks = ",".join("?" * len(part))
            rows += self.database.all(
                f"SELECT passage_id, vector FROM {shelf.table}"
                f" WHERE passage_id IN ({marks}) AND length(vector) = {4 * dimension} ORDER BY 1",
                part,
            )
        found, blobs = [row[0] for row in rows], [row[1] for row in rows]
        matrix = np.frombuffer(b"".join(blobs), np.float32).reshape(len(found), dimension)
        return np.array(found, np.int64), matrix

    # Within a transaction

    def _drop_vectors(self, content_id: int) -> Ids:
        """Those of one content, of every embedder; the ids of its passages."""
        rows = self.database.all("SELECT id FROM passages WHERE content_id = ?", [content_id])
        for shelf in (IN_USE, NEXT):
            self.database.run_many(f"DELETE FROM {shelf.table} WHERE passage_id = ?", rows)
        return np.array([row[0] for row in rows], np.int64)

    def _vectors_by_text(self, content_id: int) -> dict[Shelf, dict[tuple[str, str], bytes]]:
        """The vectors of one content's passages by (heading, text), of every embedder."""
        found: dict[Shelf, dict[tuple[str, str], bytes]] = {}
        for shelf in (IN_USE, NEXT):
            rows = self.database.all(
                f"SELECT p.heading, p.text, v.vector FROM passages p JOIN {shelf.table} v ON v.passage_id = p.id"
                " WHERE p.content_id = ?",
                [content_id],
            )
            found[shelf] = {(heading, text): vector for heading, text, vector in rows}
        return found

    def _carry_over(self, vectors: dict[Shelf, dict[tuple[str, str], bytes]], content_id: int) -> None:
        """Give a content's passages the vectors that their words had before."""
        passages = self.database.all("SELECT id, heading, text FROM passages WHERE content_id = ?", [content_id])
        for shelf, model in ((IN_USE, self.embedder()), (NEXT, self.next_embedder())):
            known = vectors[shelf]
            rows = [(id, known[heading, text]) for id, heading, text in passages if (heading, text) in known]
            if rows:
                self.database.run_many(f"INSERT INTO {shelf.table} VALUES (?, ?)", rows)
                self.database.run(
                    f"UPDATE contents SET {shelf.waiting} = {shelf.waiting} - ? WHERE id = ?", [len(rows), content_id]
                )
                self._note_change(added=[id for id, _ in rows], model=model)

    def _note_change(
        self, added: Sequence[int] | Ids = NONE, gone: Sequence[int] | Ids = NONE, model: str | None = None
    ) -> None:
        """`model`: whose vectors came; left out, the one's at work."""
        version = self.vectors_version() + 1
        self.database.run(
            "INSERT INTO vector_changes VALUES (?, ?, ?, ?)",
            [
                version,
                model or self.next_embedder() or self.embedder() or "",
                np.asarray(added, np.int64).tobytes(),
                np.asarray(gone, np.int64).tobytes(),
            ],
        )
        self.database.run("DELETE FROM vector_changes WHERE version <= ?", [version - _KEPT_CHANGES])
        self._set_meta("vectors_version", str(version))

    def _forget_changes(self) -> None:
        """Let everybody read all ids again."""
        self._note_change()
        self.database.run("DELETE FROM vector_changes")

    def _clear_next(self) -> None:
        if self.next_embedder() is None:
            return
        self.database.run("DROP TABLE vectors_next")
        self._make_next()
        self.database.run("UPDATE contents SET waiting_next = 0 WHERE waiting_next > 0")
        self.database.run("DELETE FROM meta WHERE key = 'embedder_next'")
        self._forget_changes()

    def _make_next(self) -> None:
        self.database.run(
            "CREATE TABLE vectors_next"
            " (passage_id INTEGER PRIMARY KEY REFERENCES passages, vector BLOB NOT NULL) STRICT"
        )

    def _at_work(self) -> Shelf:
        return NEXT if self.next_embedder() else IN_USE

    def _waiting(self, shelf: Shelf) -> int:
        row = self.database.one(f"SELECT sum({shelf.waiting}) FROM contents WHERE {shelf.waiting} > 0")
        return int(row[0] or 0) if row else 0

    def _without_vector(self, ids: Sequence[int], shelf: Shelf) -> dict[int, int]:
        """The content by passage of those passages that are there and have no vector."""
        there: dict[int, int] = {}
        for part in parts(ids):
            marks = ",".join("?" * len(part))
            there |= dict(
                self.database.all(
                    f"SELECT id, content_id FROM passages WHERE id IN ({marks})"
                    f" AND NOT EXISTS (SELECT 1 FROM {shelf.table} WHERE passage_id = passages.id)",
                    part,
                )
            )
        return there


def _ids(blob: bytes) -> Ids:
    return np.frombuffer(blob, np.int64)


def _sorted(ids: set[int]) -> Ids:
    return np.array(sorted(ids), np.int64)
