"""How the library stands: documents by their state, folders, and how many passages there are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.library.rows import DOCUMENT, STATUS, to_bytes, to_document
from engine.library.tables.files import Files
from engine.types import Document, Folder, Status

_COUNTED = (Status.INDEXED, Status.WAITING, Status.FAILED)


class Counting(Files):
    """What the status shows."""

    def documents(self, root: Path | None = None) -> tuple[Document, ...]:
        where, values = ("", []) if root is None else (" AND d.root = ?", [to_bytes(root)])
        rows = self.database.all(f"{DOCUMENT} WHERE d.root IN (SELECT path FROM roots){where} ORDER BY d.path", values)
        return tuple(to_document(row) for row in rows)

    def failures(self) -> tuple[Document, ...]:
        """Those of `documents` that failed."""
        rows = self.database.all(
            f"{DOCUMENT} WHERE d.root IN (SELECT path FROM roots) AND coalesce(d.reason, c.reason) IS NOT NULL"
            " ORDER BY d.path"
        )
        return tuple(to_document(row) for row in rows)

    def folders(self, reachable: Iterable[Path]) -> tuple[Folder, ...]:
        """The roots with their documents counted; `reachable` are those that can be listed now."""
        counts: dict[tuple[bytes, str], int] = {
            (root, status): count
            for root, status, count in self.database.all(
                f"SELECT d.root, {STATUS} AS status, count(*) FROM documents d"
                " LEFT JOIN contents c ON c.id = d.content_id GROUP BY d.root, status"
            )
        }
        there = set(reachable)
        return tuple(
            Folder(
                root.path,
                root.is_file,
                root.path in there,
                *(counts.get((to_bytes(root.path), status.value), 0) for status in _COUNTED),
            )
            for root in self.roots()
        )

    def read_and_total(self) -> tuple[int, int]:
        """Of the files that can be read: how many were, and are found by their words, and how many there are."""
        row = self.database.one(
            "SELECT count(d.content_id), count(*) FROM documents d LEFT JOIN contents c ON c.id = d.content_id"
            " WHERE coalesce(d.reason, c.reason) IS NULL AND d.root IN (SELECT path FROM roots)"
        )
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def passage_count(self) -> int:
        """How many can be found. Asked for every sentence of an answer, so it is counted once for each state."""
        return self.database.remembered("passages", self._count_passages)

    def _count_passages(self) -> int:
        row = self.database.one(
            "SELECT coalesce(sum(passages), 0) FROM contents WHERE id IN (SELECT content_id FROM documents"
            " WHERE root IN (SELECT path FROM roots))"
        )
        return int(row[0]) if row else 0
