"""Copies of the library that are kept beside it, in `backups`: before it is changed as a whole, or made again."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any, Protocol

from engine.errors import BrokenInstallation, Code

KEPT = 2  # of each kind
_SPARE_BYTES = 50_000_000  # beside the copy: what the change itself may write


class Copied(Protocol):
    """What of a database this needs."""

    path: Path

    def one(self, sql: str) -> tuple[Any, ...] | None: ...

    def copy(self, path: Path) -> None: ...


def keep_copy(database: Copied, kind: str, detail: str = "") -> Path:
    """Copy the file to `backups/NAME-KIND DETAIL-TIME.sqlite`, NAME being its own; only the newest few of a kind stay.

    Raises BrokenInstallation: NO_SPACE_TO_UPGRADE before anything is written, or what SQLite says.
    """
    size, free = _size(database), shutil.disk_usage(database.path.parent).free
    if free < size + _SPARE_BYTES:
        facts = {"needed": f"{(size + _SPARE_BYTES) / 1e9:.2f}", "free": f"{free / 1e9:.2f}"}
        raise BrokenInstallation(Code.NO_SPACE_TO_UPGRADE, path=str(database.path), **facts)
    copy = place_for(database.path, kind, detail)
    if not copy.exists():  # else another process that opens the same library has just made it
        database.copy(copy)
    for old in copies(database.path, kind)[KEPT:]:
        old.unlink(missing_ok=True)
    return copy


def place_for(library: Path, kind: str, detail: str = "") -> Path:
    """Where a copy of this moment goes. Raises BrokenInstallation when the folder cannot be made."""
    folder = library.parent / "backups"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(folder), why=error.strerror or str(error)) from error
    return folder / f"{library.stem}-{kind}{detail}-{time.strftime('%Y%m%d-%H%M%S')}.sqlite"


def copies(library: Path, kind: str) -> list[Path]:
    """The copies of a kind, the newest first."""
    found = (library.parent / "backups").glob(f"{library.stem}-{kind}*.sqlite")
    return sorted(found, key=lambda copy: (copy.stem.split("-")[-2:], copy.name), reverse=True)


def _size(database: Copied) -> int:
    pages, page_bytes = database.one("PRAGMA page_count"), database.one("PRAGMA page_size")
    return int(pages[0]) * int(page_bytes[0]) if pages and page_bytes else 0
