"""A damaged library is made again from what can be read of it; the damaged file is kept.

Folders, and what was read, are taken over as far as the file gives them. Nothing in it can be trusted to the letter, so
every document is read again with the next indexing; a passage whose words turn out to be the same keeps its vector,
which is what took hours. The documents themselves are the truth, and were never touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.errors import BrokenInstallation, Code
from engine.library.backups import KEPT, copies, place_for
from engine.library.database import Database, Row, readable
from engine.library.store import Store
from engine.library.tables.checking import bad_vectors

_BEHIND = ("-wal", "-shm")
_BLOCK = 500
_TABLES = {  # what is taken over, the row id first
    "roots": ("rowid", ["path", "is_file"]),
    "contents": ("id", ["sha256", "kind", "title", "unit", "page_count", "empty_pages", "reason"]),
    "documents": ("id", ["path", "root", "size_bytes", "mtime_ns", "content_id"]),
    "passages": ("id", ["content_id", "ordinal", "text", "heading", "page_first", "page_last", "spans"]),
    "vectors": ("passage_id", ["vector"]),
}


def is_sound(library: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file. One that is not there is sound."""
    if not library.exists():
        return True
    try:
        database = Database(library)
    except BrokenInstallation as error:
        if error.code is not Code.DAMAGED_LIBRARY:
            raise
        return False
    try:
        return not database.problems()
    finally:
        database.close()


def salvage(library: Path) -> Path:
    """Put a sound library in the place of a damaged one; where the damaged one is kept.

    The caller holds the index lock. Raises BrokenInstallation when the disk is full or cannot be written: then the
    damaged file stands where it stood.
    """
    kept = _keep(library)
    made = library.with_name(f"{library.name}.new")
    _remove(made)
    try:
        _fill(made, kept)
        for end in _BEHIND:  # they belong to the damaged file, and would be applied to the new one
            library.with_name(library.name + end).unlink(missing_ok=True)
        made.replace(library)
    except OSError as error:
        raise BrokenInstallation(Code.CANNOT_WRITE, path=str(library), why=error.strerror or str(error)) from error
    finally:
        _remove(made)
    return kept


def _keep(library: Path) -> Path:
    kept = place_for(library, "damaged")
    needed = sum(path.stat().st_size for path in _files(library))
    free = shutil.disk_usage(library.parent).free
    if free < 2 * needed:
        facts = {"needed": f"{2 * needed / 1e9:.2f}", "free": f"{free / 1e9:.2f}"}
        raise BrokenInstallation(Code.NO_SPACE_TO_UPGRADE, path=str(library), **facts)
    for path in _files(library):
        shutil.copy2(path, kept.with_name(kept.name + path.name.removeprefix(library.name)))
    for old in copies(library, "damaged")[KEPT:]:
        _remove(old)
    return kept


def _fill(made: Path, damaged: Path) -> None:
    rows = {table: _readable(damaged, table) for table in _TABLES}
    store = Store(made)
    put = store.database.run_many
    try:
        with store.database.writing():
            put("INSERT OR IGNORE INTO roots VALUES (?, ?)", (row[1:] for row in rows["roots"]))
            put(
                "INSERT OR IGNORE INTO contents (id, sha256, kind, title, unit, page_count, empty_pages, reason,"
                " reading, waiting) VALUES (?, ?, ?, ?, ?, ?, ?, ?, -1, 0)",  # read by no version: read again
                rows["contents"],
            )
            contents = {id for (id,) in store.database.all("SELECT id FROM contents")}
            put(
                "INSERT OR IGNORE INTO documents (id, path, root, size_bytes, mtime_ns, content_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                ((*row[:5], row[5] if row[5] in contents else None) for row in rows["documents"]),
            )
            put(
                "INSERT OR IGNORE INTO passages (id, content_id, ordinal, text, heading, page_first, page_last, spans)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row for row in rows["passages"] if row[1] in contents),
            )
            put(
                "INSERT OR IGNORE INTO vectors SELECT id, ? FROM passages WHERE id = ?",
                ((vector, id) for id, vector in _sound(rows["vectors"])),
            )
            embedder = dict(_meta(damaged)).get("embedder")
            if embedder:
                put("INSERT OR REPLACE INTO meta VALUES ('embedder', ?)", [[embedder]])
        for flaw in store.flaws():
            store.mend(flaw)
    finally:
        store.close()
    with made.open("rb+") as file:
        os.fsync(file.fileno())


def _readable(damaged: Path, table: str) -> Iterator[Row]:
    key, columns = _TABLES[table]
    return readable(damaged, table, columns, key)


def _meta(damaged: Path) -> Iterator[tuple[str, str]]:
    for _, key, value in readable(damaged, "meta", ["key", "value"], "rowid"):
        yield key, value


def _sound(rows: Iterator[Row]) -> Iterator[Row]:
    """Vectors of unit length. Those of another dimension than most are told apart later."""
    for id, vector in rows:
        if (
            isinstance(vector, bytes)
            and vector
            and not len(vector) % 4
            and not bad_vectors([(id, vector)], len(vector))
        ):
            yield id, vector


def _files(library: Path) -> list[Path]:
    found = (library, *(library.with_name(library.name + end) for end in _BEHIND))
    return [path for path in found if path.exists()]


def _remove(library: Path) -> None:
    for path in _files(library):
        with contextlib.suppress(OSError):
            path.unlink()
