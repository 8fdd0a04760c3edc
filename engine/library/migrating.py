"""A library of an earlier program takes the schema of this one, step by step; nothing is lost on the way.

Every step is one transaction. Before a step that changes rows which are there, a copy of the library is kept beside it:
`backups/library-schema2-20261121-174500.sqlite`, the newest few.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from engine.errors import BrokenInstallation, Code

Step = Sequence[str]  # its statements

KEPT_COPIES = 2
_SPARE_BYTES = 50_000_000  # beside the copy: what the change itself may write
_CHANGES_ROWS = re.compile(
    r"^\s*(UPDATE|DELETE|INSERT|REPLACE|DROP|ALTER\s+TABLE\s+\w+\s+(DROP|RENAME))\b", re.IGNORECASE
)


class Migrated(Protocol):
    """What of a database this needs."""

    path: Path

    def one(self, sql: str) -> tuple[Any, ...] | None: ...

    def run(self, sql: str) -> int: ...

    def writing(self) -> Any: ...

    def copy(self, path: Path) -> None: ...


def migrate(database: Migrated, steps: Sequence[Step]) -> None:
    """Raises BrokenInstallation: NEWER_LIBRARY, NO_SPACE_TO_UPGRADE before anything is changed, or what SQLite says."""
    version = version_of(database)
    if version > len(steps):
        raise BrokenInstallation(Code.NEWER_LIBRARY, path=str(database.path), version=version)
    if version and any(changes_rows(step) for step in steps[version:]):
        _keep_copy(database, version)
    for number, step in enumerate(steps[version:], start=version + 1):
        # executescript would commit by itself: the whole step must be one transaction
        with database.writing():
            if version_of(database) >= number:
                continue  # another process was quicker
            for statement in step:
                database.run(statement)
            database.run(f"PRAGMA user_version = {number}")


def version_of(database: Migrated) -> int:
    row = database.one("PRAGMA user_version")
    return int(row[0]) if row else 0


def changes_rows(step: Step) -> bool:
    """Whether a step does more than add tables, columns, indexes and triggers."""
    return any(_CHANGES_ROWS.match(_without_comments(statement)) for statement in step)


def copies(library: Path) -> list[Path]:
    """The copies that are kept of a library, the newest first."""
    return sorted((library.parent / "backups").glob("library-schema*.sqlite"), key=_made, reverse=True)


def _made(copy: Path) -> tuple[str, str]:
    _, _, moment = copy.stem.partition("-schema")
    return moment.partition("-")[2], copy.name


def _keep_copy(database: Migrated, version: int) -> None:
    size, free = _size(database), shutil.disk_usage(database.path.parent).free
    if free < size + _SPARE_BYTES:
        facts = {"needed": f"{(size + _SPARE_BYTES) / 1e9:.2f}", "free": f"{free / 1e9:.2f}"}
        raise BrokenInstallation(Code.NO_SPACE_TO_UPGRADE, path=str(database.path), **facts)
    folder = database.path.parent / "backups"
    copy = folder / f"library-schema{version}-{time.strftime('%Y%m%d-%H%M%S')}.sqlite"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(folder), why=error.strerror or str(error)) from error
    if not copy.exists():  # else another process that opens the same library has just made it
        database.copy(copy)
    for old in copies(database.path)[KEPT_COPIES:]:
        old.unlink(missing_ok=True)


def _size(database: Migrated) -> int:
    pages = database.one("PRAGMA page_count")
    page_bytes = database.one("PRAGMA page_size")
    return int(pages[0]) * int(page_bytes[0]) if pages and page_bytes else 0


def _without_comments(statement: str) -> str:
    return re.sub(r"--[^\n]*", "", statement)
