"""The watched roots, and the files within them as the library last saw them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from engine.library.rows import to_bytes, to_path
from engine.library.tables.base import Table
from engine.types import Reason


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that is watched, or one file."""

    path: Path
    is_file: bool


class KnownFile(NamedTuple):
    """What the library last saw of a file. There may be hundreds of thousands at a time, so its name stays text."""

    id: int
    name: str  # the whole path
    root: str
    size_bytes: int
    mtime_ns: int
    read: bool  # False while its content is still to be read
    reason: Reason | None = None  # of the file itself, not of its content
    away: bool = False
    fresh: bool = False  # it was written to only moments before it was read

    @property
    def path(self) -> Path:
        return Path(self.name)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as the folder listing shows it."""

    path: Path
    root: Path
    size_bytes: int
    mtime_ns: int


class Files(Table):
    """Roots and files; what a file holds is a content, which stands apart."""

    def roots(self) -> tuple[Root, ...]:
        rows = self.database.all("SELECT path, is_file FROM roots ORDER BY path")
        return tuple(Root(to_path(path), bool(is_file)) for path, is_file in rows)

    def add_root(self, root: Root, replacing: Iterable[Path] = ()) -> None:
        """Watch `root`; the roots in `replacing` lie within it and are watched through it from now on."""
        with self.database.writing():
            for path in replacing:
                self.database.run("DELETE FROM roots WHERE path = ?", [to_bytes(path)])
                self.database.run("UPDATE documents SET root = ? WHERE root = ?", [to_bytes(root.path), to_bytes(path)])
            self.database.run("INSERT OR IGNORE INTO roots VALUES (?, ?)", [to_bytes(root.path), int(root.is_file)])

    def remove_root(self, path: Path) -> None:
        """Stop watching; the documents go with the next indexing, and are not found from now on."""
        with self.database.writing():
            self.database.run("DELETE FROM roots WHERE path = ?", [to_bytes(path)])

    def known_files(self, reading: int) -> dict[str, KnownFile]:
        """Every file by its path as text. A content read by another `reading` version counts as not read."""
        rows = self.database.each(
            "SELECT d.id, d.path, d.root, d.size_bytes, d.mtime_ns, c.reading IS ?, d.reason, d.away, d.fresh"
            " FROM documents d LEFT JOIN contents c ON c.id = d.content_id",
            [reading],
        )
        files: dict[str, KnownFile] = {}
        roots: dict[bytes, str] = {}
        for id, path, root, size, mtime, read, why, away, fresh in rows:
            name = os.fsdecode(path)
            root_name = roots.get(root) or roots.setdefault(root, os.fsdecode(root))
            reason = Reason(why) if why else None
            files[name] = KnownFile(id, name, root_name, size, mtime, bool(read), reason, bool(away), bool(fresh))
        return files

    def never_read(self) -> set[Path]:
        """The files of which nothing is known but that they are there."""
        rows = self.database.each("SELECT path FROM documents WHERE content_id IS NULL AND reason IS NULL")
        return {to_path(path) for (path,) in rows}

    def see(self, files: Iterable[FoundFile]) -> None:
        """Note files that are new: they wait to be read. A changed one is found by its old text until it is."""
        with self.database.writing():
            self.database.run_many(
                "INSERT OR IGNORE INTO documents (path, root, size_bytes, mtime_ns) VALUES (?, ?, ?, ?)",
                ((to_bytes(file.path), to_bytes(file.root), file.size_bytes, file.mtime_ns) for file in files),
            )

    def outcome(self, path: Path) -> tuple[Reason | None, int]:
        """(why it failed or None, number of passages) of a document that was read."""
        row = self.database.one(
            "SELECT c.reason, (SELECT count(*) FROM passages WHERE content_id = c.id) FROM documents d"
            " JOIN contents c ON c.id = d.content_id WHERE d.path = ?",
            [to_bytes(path)],
        )
        reason, passages = row or (None, 0)
        return (Reason(reason) if reason else None), int(passages)

    def holder(self, content_id: int) -> tuple[Path, Path] | None:
        """(path, root) of the first file that holds a content."""
        row = self.database.one(
            "SELECT path, root FROM documents WHERE content_id = ? ORDER BY path LIMIT 1", [content_id]
        )
        return (to_path(row[0]), to_path(row[1])) if row else None

    def link(self, file: FoundFile, content_id: int) -> None:
        """The file holds a content that is known."""
        with self.database.writing():
            self._link(file, content_id)

    def fail_file(self, file: FoundFile, reason: Reason) -> None:
        """The file cannot be reached; what was read of it before is forgotten."""
        with self.database.writing():
            self.database.run(
                "UPDATE documents SET reason = ?, content_id = NULL, size_bytes = ?, mtime_ns = ? WHERE path = ?",
                [reason.value, file.size_bytes, file.mtime_ns, to_bytes(file.path)],
            )

    def forget(self, ids: Sequence[int]) -> None:
        """Remove documents. Their contents stay until `drop_orphans`, so that a move finds them."""
        with self.database.writing():
            self.database.run_many("DELETE FROM documents WHERE id = ?", ([id] for id in ids))

    def forget_path(self, path: Path) -> None:
        with self.database.writing():
            self.database.run("DELETE FROM documents WHERE path = ?", [to_bytes(path)])

    def forget_unwatched(self) -> None:
        """Remove the documents of removed roots."""
        with self.database.writing():
            self.database.run("DELETE FROM documents WHERE root NOT IN (SELECT path FROM roots)")

    def retry(self, path: Path | None) -> None:
        """Let a failed document, or every one, be read again."""
        where, values = ("", []) if path is None else (" AND d.path = ?", [to_bytes(path)])
        failed = self.database.all(
            "SELECT d.id, d.content_id FROM documents d LEFT JOIN contents c ON c.id = d.content_id"
            f" WHERE (d.reason IS NOT NULL OR c.reason IS NOT NULL){where}",
            values,
        )
        with self.database.writing():
            self.database.run_many(
                "UPDATE documents SET content_id = NULL, reason = NULL WHERE id = ?", ([id] for id, _ in failed)
            )
            self.database.run_many(
                "UPDATE contents SET reading = -1 WHERE id = ? AND reason IS NOT NULL",
                ([content] for _, content in failed if content is not None),
            )

    def _link(self, file: FoundFile, content_id: int) -> None:
        self.database.run(
            # the root as it was listed may have been joined to the one above it meanwhile
            "UPDATE documents SET content_id = ?, reason = NULL, size_bytes = ?, mtime_ns = ?,"
            " root = CASE WHEN root IN (SELECT path FROM roots) THEN root ELSE ? END WHERE path = ?",
            [content_id, file.size_bytes, file.mtime_ns, to_bytes(file.root), to_bytes(file.path)],
        )
