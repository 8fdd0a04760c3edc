"""What every part of the store has: the database, and a few facts about the library by their names."""

from __future__ import annotations

from contextlib import AbstractContextManager

from engine.library.database import Database


class Table:
    """A part of the library. Methods whose names begin with _ are called within a transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def together(self) -> AbstractContextManager[None]:
        """Several changes as one transaction."""
        return self.database.writing()

    def meta(self, key: str) -> str | None:
        row = self.database.one("SELECT value FROM meta WHERE key = ?", [key])
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        with self.database.writing():
            self._set_meta(key, value)

    def _set_meta(self, key: str, value: str) -> None:
        self.database.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])
