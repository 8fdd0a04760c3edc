"""A scope as SQL: which files are meant, by where they lie, how their names end, and when they were changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from engine.library.rows import to_bytes
from engine.types import Scope


@dataclass(frozen=True, slots=True)
class Within:
    """`contents` selects the ids of the contents meant; `document` is true for a row of rows.DOCUMENT that is meant.

    Both take `values`.
    """

    contents: str
    document: str
    values: tuple[Any, ...]


def within(scope: Scope) -> Within | None:
    """None where every file is meant. The language is of passages, and not looked at here."""
    limits, values = [], list[Any]()
    if scope.paths:
        places = []
        for path in scope.paths:
            name = to_bytes(path)
            inside = name.rstrip(os.fsencode(os.sep)) + os.fsencode(os.sep)
            places.append("path = ? OR path >= ? AND path < ?")  # a range of the index, unlike a pattern
            values += [name, inside, inside[:-1] + bytes([inside[-1] + 1])]
        limits.append(f"({' OR '.join(places)})")
    if scope.endings:
        limits.append(f"({' OR '.join(['lower(CAST(path AS TEXT)) LIKE ?'] * len(scope.endings))})")
        values += [f"%{ending}" for ending in scope.endings]
    if scope.since_ns:
        limits.append("mtime_ns >= ?")
        values.append(scope.since_ns)
    if not limits:
        return None
    meant = " AND ".join(limits)
    contents = f"SELECT content_id FROM documents WHERE {meant} AND root IN (SELECT path FROM roots)"
    # the document's columns by their own names, beside those of the passage
    return Within(
        contents, meant.replace("path", "document.path").replace("mtime_ns", "document.mtime_ns"), tuple(values)
    )
