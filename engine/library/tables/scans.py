"""The pages whose text has to be recognised: which they are, what became of each, and which wait."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.library.rows import to_bytes, to_path
from engine.library.tables.base import Table
from engine.library.tables.files import FoundFile
from engine.types import Reading, Reason


class ScanState(StrEnum):
    WAITING = "waiting"
    READ = "read"  # its passages are in the library
    EMPTY = "empty"  # no text was recognised on it
    LOST = "lost"  # it was tried and given up
    OFF = "off"  # it would wait if text could be recognised here
    KEPT = "kept"  # likewise; the garbage in its text layer is better than nothing


class Scans(Table):
    """A content counts its scanned pages (`scan_pages`) and those that still wait (`scans_left`)."""

    def use_ocr(self, is_there: bool) -> None:
        """Whether text can be recognised from now on. Without it, what has only scanned pages has failed."""
        if self.meta("ocr") == str(is_there):
            return
        there, away = ScanState.WAITING.value, ScanState.OFF.value
        with self.database.writing():
            self.database.run(
                "UPDATE scans SET state = ? WHERE state = ?", [there, away] if is_there else [away, there]
            )
            if is_there:
                self.database.run(
                    "UPDATE contents SET reading = -1 WHERE id IN (SELECT content_id FROM scans WHERE state = ?)",
                    [ScanState.KEPT.value],
                )
            self._settle("scan_pages > 0")
            self._set_meta("ocr", str(is_there))

    def scans_left(self) -> int:
        """How many pages wait to be recognised."""
        row = self.database.one("SELECT coalesce(sum(scans_left), 0) FROM contents")
        return int(row[0]) if row else 0

    def next_scan(self, after: int) -> tuple[int, int] | None:
        """(content id, page) of the first page that waits, in a content whose id is above `after`."""
        row = self.database.one(
            "SELECT content_id, page FROM scans WHERE state = 'waiting' AND content_id > ? ORDER BY 1, 2 LIMIT 1",
            [after],
        )
        return (int(row[0]), int(row[1])) if row else None

    def holders(self, content_id: int) -> tuple[FoundFile, ...]:
        """The files that hold a content, as they were when it was read."""
        rows = self.database.all(
            "SELECT path, root, size_bytes, mtime_ns FROM documents WHERE content_id = ?"
            " AND root IN (SELECT path FROM roots) ORDER BY path",
            [content_id],
        )
        return tuple(FoundFile(to_path(path), to_path(root), size, mtime) for path, root, size, mtime in rows)

    def scans_outcome(self, content_id: int) -> tuple[int, Reason | None, int] | None:
        """(pages that wait, why it failed or None, number of passages); None if the content is gone."""
        row = self.database.one(
            "SELECT scans_left, reason, (SELECT count(*) FROM passages WHERE content_id = c.id) FROM contents c"
            " WHERE id = ?",
            [content_id],
        )
        return (int(row[0]), Reason(row[1]) if row[1] else None, int(row[2])) if row else None

    def miss_scan(self, content_id: int, page: int, reason: Reason, tries: int, lost_pages: int) -> None:
        """A page could not be recognised. It is given up after so many `tries`, and with so many `lost_pages` in one
        content whatever still waits there."""
        with self.database.writing():
            self.database.run(
                "UPDATE scans SET tries = tries + 1, reason = ?, state = CASE WHEN tries + 1 >= ? THEN 'lost' ELSE"
                " state END WHERE content_id = ? AND page = ? AND state = 'waiting'",
                [reason.value, tries, content_id, page],
            )
            self.database.run(
                "UPDATE scans SET state = 'lost', reason = ? WHERE content_id = ? AND state = 'waiting'"
                " AND (SELECT count(*) FROM scans WHERE content_id = ? AND state = 'lost') >= ?",
                [reason.value, content_id, content_id, lost_pages],
            )
            self._settle("id = ?", content_id)

    def retry_scans(self, path: Path | None) -> None:
        """Let pages that were given up wait again: those of one document, or all."""
        of_path = " AND content_id IN (SELECT content_id FROM documents WHERE path = ?)"
        with self.database.writing():
            self.database.run(
                f"UPDATE scans SET state = ?, tries = 0 WHERE state = 'lost'{of_path if path else ''}",
                [self._waits, *([to_bytes(path)] if path else [])],
            )
            self._settle("scan_pages > 0")

    @property
    def _waits(self) -> ScanState:
        return ScanState.WAITING if self.meta("ocr") == str(True) else ScanState.OFF

    def _add_scans(self, content_id: int, reading: Reading) -> None:
        waits = self._waits
        kept = {span.page for chunk in reading.chunks for span in chunk.spans}
        self.database.run_many(
            "INSERT INTO scans (content_id, page, state) VALUES (?, ?, ?)",
            ((content_id, page, ScanState.KEPT if page in kept else waits) for page in reading.scans),
        )
        self.database.run("UPDATE contents SET scan_pages = ? WHERE id = ?", [len(reading.scans), content_id])
        if reading.scans:
            self._settle("id = ?", content_id)

    def _end_scan(self, content_id: int, page: int, state: ScanState) -> bool:
        """Whether the page still waited: another process may have taken its document away."""
        which = "WHERE content_id = ? AND page = ? AND state = 'waiting'"
        waited = self.database.one(f"SELECT 1 FROM scans {which}", [content_id, page])
        self.database.run(f"UPDATE scans SET state = ?, reason = NULL {which}", [state, content_id, page])
        return waited is not None

    def _drop_scans(self, content_id: int) -> None:
        self.database.run("DELETE FROM scans WHERE content_id = ?", [content_id])

    def _settle(self, which: str, *values: Any) -> None:
        """Count the pages that wait, and say why a content without any text has failed."""
        self.database.run(
            "UPDATE contents SET scans_left ="
            f" (SELECT count(*) FROM scans WHERE content_id = contents.id AND state = 'waiting') WHERE {which}",
            values,
        )
        self.database.run(
            "UPDATE contents SET reason = CASE"
            " WHEN scans_left > 0 OR EXISTS (SELECT 1 FROM passages WHERE content_id = contents.id) THEN NULL"
            " WHEN EXISTS (SELECT 1 FROM scans WHERE content_id = contents.id AND state = 'off') THEN ?"
            " ELSE coalesce((SELECT reason FROM scans WHERE content_id = contents.id AND state = 'lost'"
            f" ORDER BY page LIMIT 1), ?) END WHERE {which}",
            [Reason.NO_OCR.value, Reason.SCAN.value, *values],
        )
