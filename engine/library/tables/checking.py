"""What may disagree within a library, and how each is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError
from engine.library.rows import parts
from engine.library.tables.contents import Contents
from engine.library.tables.embeddings import IN_USE, NEXT, Shelf

_BLOCK = 4096  # vectors looked at together
_UNIT = 0.01  # how far a vector's length may be from 1


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`code` names its sentence in `texts`; how many rows it is about."""

    code: str
    count: int


class Checking(Contents):
    """The file itself is sound (`Database.problems`); here its tables are held against each other."""

    def problems(self) -> list[str]:
        """What is wrong, in words; empty when it is sound."""
        return self.database.problems() or [f"{flaw.code}: {flaw.count}" for flaw in self.flaws()]

    def flaws(self) -> list[Disagreement]:
        """In the order in which they are mended."""
        found = (
            Disagreement("flaw_dangling", len(self._dangling())),
            Disagreement("flaw_vectors", sum(len(ids) for _, ids in self._bad_vectors())),
            Disagreement("flaw_counts", self._wrong_counts()),
            Disagreement("flaw_keywords", self._keywords_off()),
        )
        return [flaw for flaw in found if flaw.count]

    def mend(self, flaw: Disagreement) -> None:
        """In one transaction. What is taken away is read or embedded again with the next indexing."""
        with self.database.writing():
            if flaw.code == "flaw_dangling":
                self._drop_dangling()
                self._make_keywords()
            elif flaw.code == "flaw_vectors":
                self._drop_bad_vectors()
            elif flaw.code == "flaw_keywords":
                self._make_keywords()
            self._count_again()
            self._forget_changes()

    def _dangling(self) -> list[tuple[str, int]]:
        """(table, row id) of rows that refer to nothing, but for tables without row ids."""
        rows = self.database.all("PRAGMA foreign_key_check")
        return [(str(table), int(id)) for table, id, *_ in rows if id is not None]

    def _drop_dangling(self) -> None:
        self.database.run("PRAGMA defer_foreign_keys = ON")
        while rows := self._dangling():  # what goes may leave others dangling
            for table, id in rows:
                if table == "documents":  # the file is read again
                    self.database.run("UPDATE documents SET content_id = NULL WHERE id = ?", [id])
                else:
                    self.database.run(f'DELETE FROM "{table}" WHERE rowid = ?', [id])
        self.database.run("DELETE FROM scans WHERE content_id NOT IN (SELECT id FROM contents)")

    def _bad_vectors(self) -> Iterator[tuple[Shelf, list[int]]]:
        """Those that are no vector of unit length, or not of their shelf's commonest dimension."""
        for shelf in (IN_USE, NEXT):
            row = self.database.one(
                f"SELECT length(vector) FROM {shelf.table} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
            )
            if row is None:
                continue
            last, size = -1, int(row[0])
            while rows := self.database.all(
                f"SELECT passage_id, vector FROM {shelf.table} WHERE passage_id > ? ORDER BY 1 LIMIT ?", [last, _BLOCK]
            ):
                last = rows[-1][0]
                yield shelf, bad_vectors(rows, size)

    def _drop_bad_vectors(self) -> None:
        for shelf, ids in list(self._bad_vectors()):
            for part in parts(ids):
                marks = ",".join("?" * len(part))
                self.database.run(f"DELETE FROM {shelf.table} WHERE passage_id IN ({marks})", part)

    def _wrong_counts(self) -> int:
        row = self.database.one(f"SELECT count(*) FROM contents WHERE NOT ({_COUNTED})")
        return int(row[0]) if row else 0

    def _count_again(self) -> None:
        self.database.run(
            f"UPDATE contents SET passages = {_PASSAGES}, waiting = {_waiting(IN_USE)}, waiting_next = {_WAITING_NEXT}"
            f" WHERE NOT ({_COUNTED})"
        )

    def _keywords_off(self) -> int:
        """How many passages have no keywords, or keywords no passage."""
        try:
            self.database.run("INSERT INTO keywords (keywords) VALUES ('integrity-check')")
        except EngineError:
            return int((self.database.one("SELECT count(*) FROM passages") or (0,))[0]) or 1
        row = self.database.one(
            "SELECT (SELECT count(*) FROM passages WHERE id NOT IN (SELECT id FROM keywords_docsize))"
            " + (SELECT count(*) FROM keywords_docsize WHERE id NOT IN (SELECT id FROM passages))"
        )
        return int(row[0]) if row else 0


def bad_vectors(rows: list[tuple[int, bytes]], size: int) -> list[int]:
    """The ids of those (id, vector) that are not of `size` bytes, not finite, or not of unit length."""
    bad = [id for id, blob in rows if len(blob) != size]
    good = [(id, blob) for id, blob in rows if len(blob) == size]
    vectors = np.frombuffer(b"".join(blob for _, blob in good), np.float32).reshape(len(good), -1 if good else 0)
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
        is_bad = ~(np.abs(lengths - 1) <= _UNIT)  # NaN is not near 1
    return bad + [id for (id, _), wrong in zip(good, is_bad.tolist(), strict=True) if wrong]


def _waiting(shelf: Shelf) -> str:
    return (
        "(SELECT count(*) FROM passages p WHERE content_id = contents.id"
        f" AND NOT EXISTS (SELECT 1 FROM {shelf.table} WHERE passage_id = p.id))"
    )


_PASSAGES = "(SELECT count(*) FROM passages WHERE content_id = contents.id)"
_WAITING_NEXT = f"(SELECT count(*) FROM meta WHERE key = 'embedder_next') * {_waiting(NEXT)}"
_COUNTED = f"passages = {_PASSAGES} AND waiting = {_waiting(IN_USE)} AND waiting_next = {_WAITING_NEXT}"
