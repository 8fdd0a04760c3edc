"""A library of an earlier program takes the schema of this one, step by step; nothing is lost on the way.

Every step is one transaction. Before a step that changes rows which are there, a copy of the library is kept beside it:
`backups/library-schema2-20261121-174500.sqlite`, the newest few.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from engine.errors import BrokenInstallation, Code
from engine.library.backups import keep_copy

Step = Sequence[str]  # its statements

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
        keep_copy(database, "schema", str(version))
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


def _without_comments(statement: str) -> str:
    return re.sub(r"--[^\n]*", "", statement)
