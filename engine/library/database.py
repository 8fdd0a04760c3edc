"""The one door to SQLite: connections, migrations, and SQLite's failures as sentences' codes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import BrokenInstallation, Code, EngineError, UsageError
from engine.library.migrating import migrate

Row = tuple[Any, ...]

_REMEMBERED = 10_000  # answers, at the most

# Each entry takes the schema from its position to the next. Never change one that was released: append.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

    -- What the person added. Paths are the system's own bytes: a file name need not be text.
    CREATE TABLE roots (path BLOB PRIMARY KEY, is_file INTEGER NOT NULL) STRICT;

    -- What was read, once for every different content. `waiting` counts its passages without a vector.
    CREATE TABLE contents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL, kind TEXT NOT NULL, reading INTEGER NOT NULL,
        title TEXT NOT NULL, unit TEXT NOT NULL, page_count INTEGER NOT NULL, empty_pages INTEGER NOT NULL,
        reason TEXT, waiting INTEGER NOT NULL, UNIQUE (sha256, kind)
    ) STRICT;

    -- The files. `reason` is why the file itself cannot be reached; a content that cannot be read has its own.
    CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL UNIQUE, root BLOB NOT NULL,
        size_bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        content_id INTEGER REFERENCES contents, reason TEXT
    ) STRICT;
    CREATE INDEX documents_by_content ON documents (content_id);
    CREATE INDEX documents_by_root ON documents (root);

    CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT, content_id INTEGER NOT NULL REFERENCES contents,
        ordinal INTEGER NOT NULL, text TEXT NOT NULL, heading TEXT NOT NULL,
        page_first INTEGER NOT NULL, page_last INTEGER NOT NULL, spans TEXT NOT NULL, UNIQUE (content_id, ordinal)
    ) STRICT;

    -- float32, unit length, by the embedder named in meta. The index over them is a cache.
    CREATE TABLE vectors (passage_id INTEGER PRIMARY KEY REFERENCES passages, vector BLOB NOT NULL) STRICT;

    CREATE VIRTUAL TABLE keywords USING fts5(terms, content='', tokenize='porter unicode61 remove_diacritics 2');
    """,
    """
    -- The pages whose text has to be recognised, and what became of each (`tables/scans.py`). A content counts them.
    ALTER TABLE contents ADD COLUMN scan_pages INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE contents ADD COLUMN scans_left INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE scans (
        content_id INTEGER NOT NULL REFERENCES contents, page INTEGER NOT NULL, state TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0, reason TEXT, PRIMARY KEY (content_id, page)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX scans_waiting ON scans (content_id, page) WHERE state = 'waiting';
    """,
    """
    -- `away`: its folder or drive could not be reached when it was last looked for. `fresh`: it was written to only
    -- moments before it was read, so that a second change may carry the same time: it is looked at once more.
    ALTER TABLE documents ADD COLUMN away INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE documents ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0;

    -- The file systems on which roots, and mount points below them, stood when they were last listed.
    CREATE TABLE volumes (path BLOB PRIMARY KEY, volume TEXT NOT NULL) STRICT;
    """,
    """
    -- Vectors of the embedder that is to come, while search goes on with those of the one in use; `waiting_next`
    -- counts a content's passages without one. `passages` counts all of a content's passages.
    CREATE TABLE vectors_next (passage_id INTEGER PRIMARY KEY REFERENCES passages, vector BLOB NOT NULL) STRICT;
    ALTER TABLE contents ADD COLUMN waiting_next INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE contents ADD COLUMN passages INTEGER NOT NULL DEFAULT 0;
    UPDATE contents SET passages = (SELECT count(*) FROM passages WHERE content_id = contents.id);
    CREATE INDEX contents_waiting ON contents (id) WHERE waiting > 0;
    CREATE INDEX contents_waiting_next ON contents (id) WHERE waiting_next > 0;

    CREATE TRIGGER passage_comes AFTER INSERT ON passages BEGIN
        UPDATE contents SET passages = passages + 1, waiting_next = waiting_next
            + (SELECT count(*) FROM meta WHERE key = 'embedder_next') WHERE id = new.content_id;
    END;
    CREATE TRIGGER passage_goes AFTER DELETE ON passages BEGIN
        UPDATE contents SET passages = passages - 1 WHERE id = old.content_id;
    END;

    -- The latest changes to the vectors, by the version that each made: ids as int64.
    CREATE TABLE vector_changes (
        version INTEGER PRIMARY KEY, model TEXT NOT NULL, added BLOB NOT NULL, gone BLOB NOT NULL
    ) STRICT;
    """,
)


def readable(path: Path, table: str, columns: Sequence[str], key: str, step: int = 256) -> Iterator[Row]:
    """The rows of a table of a damaged file that can still be read, the row id `key` first, in its order.

    Where a stretch of row ids cannot be read it is halved, down to single rows: what is lost is what stood on the
    damaged pages. Raises nothing; a file that cannot be opened has no rows.
    """
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as connection:
        (last,) = connection.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()
        stretches = [(start, start + step) for start in range(0, int(last) + 1, step)]
        sql = f"SELECT {', '.join([key, *columns])} FROM {table} WHERE {key} >= ? AND {key} < ? ORDER BY {key}"
        while stretches:
            first, end = stretches.pop(0)
            try:
                rows = connection.execute(sql, [first, end]).fetchall()
            except (sqlite3.Error, UnicodeDecodeError):
                if end - first > 1:
                    middle = (first + end) // 2
                    stretches[:0] = [(first, middle), (middle, end)]
                continue
            yield from rows


class Database:
    """One library file, with a connection for every thread that uses it (WAL: readers never wait for the writer).

    Opening migrates it. Every failure of SQLite becomes a BrokenInstallation: damaged, full disk, not writable,
    or made by a newer program.
    """

    def __init__(self, path: Path, steps: Sequence[str] = MIGRATIONS) -> None:
        """`steps`: the migrations of another file than the library's own."""
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        with self._failures():
            try:
                migrate(self, [tuple(_statements(step)) for step in steps])
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_ERROR":
                    raise
                raise BrokenInstallation(Code.DAMAGED_LIBRARY, path=str(path), why=str(error)) from error  # not ours

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._failures():
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        with self._failures():
            row: Row | None = self._connection.execute(sql, values).fetchone()
            return row

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        with self._failures():
            yield from self._connection.execute(sql, values)

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute inside `writing`; the id of the row that was inserted."""
        with self._failures():
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._failures():
            self._connection.executemany(sql, rows)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it is on disk afterwards, or none of it. Within another one it is a part of that."""
        if getattr(self._local, "is_writing", False):
            yield
            return
        with self._failures():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            self._local.is_writing = True
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._local.is_writing = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the library for several questions, whatever is written meanwhile."""
        with self._failures():
            connection = self._connection
            connection.execute("BEGIN")
            try:
                yield
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def copy(self, path: Path) -> None:
        """One state of the library as a new file, whatever is written meanwhile. Raises BrokenInstallation.

        The file appears whole or not at all; one that is there is left alone: FILE_EXISTS.
        """
        temporary = path.with_name(f"{path.name[:200]}.{os.getpid()}.new")
        if path.exists():
            raise UsageError(Code.FILE_EXISTS, path=str(path))
        try:
            with self._failures(temporary):
                self._connection.execute("VACUUM INTO CAST(? AS TEXT)", [os.fsencode(temporary)])
            _keep(temporary, path)
        except OSError as error:
            raise BrokenInstallation(Code.CANNOT_WRITE, path=str(path), why=error.strerror or str(error)) from error
        finally:
            temporary.unlink(missing_ok=True)

    def remembered(self, key: str, find: Callable[[], int]) -> int:
        """What `find` gives, found once in this thread for each state of the library."""
        row = self.one("PRAGMA data_version")  # counts what others wrote
        state = (row, self._connection.total_changes)
        known: dict[str, int] = getattr(self._local, "known", {})
        if getattr(self._local, "state", None) != state or len(known) > _REMEMBERED:
            known = {}
            self._local.state, self._local.known = state, known
        if key not in known:
            known[key] = find()
        return known[key]

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file, in its own words; empty when it is sound."""
        try:
            with self._failures():
                rows = self._connection.execute("PRAGMA integrity_check(5)").fetchall()
        except EngineError as error:
            return [str(error.facts.get("why", error.code))]
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def close(self) -> None:
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # check_same_thread off only so that `close` can end the connections of finished threads
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            self._opened.append(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    @contextmanager
    def _failures(self, path: Path | None = None) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            named = _named(error, path or self.path)
            if named is None:
                raise  # ours: a wrong statement, a broken constraint
            raise named from error


def _named(error: sqlite3.DatabaseError, path: Path) -> EngineError | None:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return BrokenInstallation(Code.NO_SPACE, path=str(path))
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM", "SQLITE_BUSY")):
        return BrokenInstallation(Code.CANNOT_WRITE, path=str(path), why=str(error))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return BrokenInstallation(Code.DAMAGED_LIBRARY, path=str(path), why=str(error))
    return None


def _keep(temporary: Path, path: Path) -> None:
    """Give a complete file its name, unless a file of that name has come meanwhile."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    if path.exists():
        raise UsageError(Code.FILE_EXISTS, path=str(path))
    temporary.replace(path)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
