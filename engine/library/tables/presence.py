"""What the library remembers of files as things in folders: whether they are away, whether they had settled."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from engine.library.rows import to_bytes, to_path
from engine.library.tables.base import Table


class Presence(Table):
    """Nothing here says what is in a file."""

    def volumes(self) -> dict[str, str]:
        """The file systems on which roots, and mount points below them, stood, by path."""
        return {os.fsdecode(path): volume for path, volume in self.database.each("SELECT path, volume FROM volumes")}

    def remember_volumes(self, volumes: Mapping[str, str]) -> None:
        """These and no others."""
        if volumes == self.volumes():
            return
        with self.database.writing():
            self.database.run("DELETE FROM volumes")
            rows = ((os.fsencode(path), volume) for path, volume in volumes.items())
            self.database.run_many("INSERT INTO volumes VALUES (?, ?)", rows)

    def mark_away(self, ids: Sequence[int], away: bool) -> None:
        if not ids:
            return
        with self.database.writing():
            self.database.run_many("UPDATE documents SET away = ? WHERE id = ?", ((int(away), id) for id in ids))

    def mark_fresh(self, fresh: Iterable[Path], settled: Iterable[Path]) -> None:
        """`fresh` are to be looked at once more, `settled` are not."""
        rows = [(1, to_bytes(path)) for path in fresh] + [(0, to_bytes(path)) for path in settled]
        if not rows:
            return
        with self.database.writing():
            self.database.run_many("UPDATE documents SET fresh = ? WHERE path = ? AND fresh <> ?1", rows)

    def has_fresh(self) -> bool:
        """Whether anything waits to be looked at once more."""
        return (
            self.database.one("SELECT 1 FROM documents WHERE fresh AND NOT away AND reason IS NULL LIMIT 1") is not None
        )

    def note_watching(self, whole: bool) -> None:
        """Whether every folder tells of its changes; `unwatched_folders` gives it back."""
        if (self.meta("watching") == "part") == whole:
            self.set_meta("watching", "whole" if whole else "part")

    def unwatched_folders(self) -> int:
        """How many folders there are, if they are more than could be watched when that was last tried; else 0."""
        return int(self.meta("folders") or 0) if self.meta("watching") == "part" else 0

    def is_away(self, path: Path) -> bool:
        row = self.database.one("SELECT away FROM documents WHERE path = ?", [to_bytes(path)])
        return bool(row and row[0])

    def away_count(self) -> int:
        row = self.database.one("SELECT count(*) FROM documents WHERE away AND root IN (SELECT path FROM roots)")
        return int(row[0]) if row else 0

    def all_away(self) -> set[Path]:
        """The roots all of whose documents are away."""
        rows = self.database.each("SELECT root FROM documents GROUP BY root HAVING min(away) = 1")
        return {to_path(root) for (root,) in rows}

    def sha256_of(self, path: Path) -> str:
        """Of what was read from a document, "" if it was not."""
        row = self.database.one(
            "SELECT c.sha256 FROM documents d JOIN contents c ON c.id = d.content_id WHERE d.path = ?",
            [to_bytes(path)],
        )
        return str(row[0]) if row else ""
