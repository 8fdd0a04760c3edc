"""A library of every earlier version becomes one of this version, with nothing lost."""

import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from engine.errors import BrokenInstallation, Code
from engine.library import backups, migrating
from engine.library.database import MIGRATIONS, Database
from engine.library.store import Store
from engine.types import Status

FOLDER = b"/papers"
DIMENSION = 4


def made_by(version: int, path: Path) -> Path:
    """A library as the program of a schema version left it, with a few rows in every table of the first."""
    connection = sqlite3.connect(path)
    for step in MIGRATIONS[:version]:
        connection.executescript(step)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("INSERT INTO meta VALUES ('embedder', 'm@1'), ('vectors_version', '7'), ('terms', '1')")
    connection.execute("INSERT INTO roots VALUES (?, 0)", [FOLDER])
    for content, (count, reason, waiting) in enumerate([(3, None, 0), (2, None, 1), (0, "damaged", 0)], start=1):
        connection.execute(
            "INSERT INTO contents (id, sha256, kind, reading, title, unit, page_count, empty_pages, reason, waiting)"
            " VALUES (?, ?, 'pdf', 1, 'Title', 'page', 3, 1, ?, ?)",
            [content, f"sha {content}", reason, waiting],
        )
        for number in range(count):
            row = connection.execute(
                "INSERT INTO passages (content_id, ordinal, text, heading, page_first, page_last, spans)"
                " VALUES (?, ?, ?, '', 1, 1, '[[0,4,1]]')",
                [content, number, f"text {number} of {content}"],
            )
            connection.execute("INSERT INTO keywords (rowid, terms) VALUES (?, ?)", [row.lastrowid, f"text {number}"])
            if number or not waiting:
                vector = np.eye(DIMENSION, dtype=np.float32)[number].tobytes()
                connection.execute("INSERT INTO vectors VALUES (?, ?)", [row.lastrowid, vector])
    for number in range(1, 5):
        connection.execute(
            "INSERT INTO documents (path, root, size_bytes, mtime_ns, content_id, reason) VALUES (?, ?, 10, 20, ?, ?)",
            [
                FOLDER + b"/%d \xff.pdf" % number,  # a name that is no text
                FOLDER,
                number if number < 4 else None,
                "no permission" if number == 4 else None,
            ],
        )
    connection.commit()
    connection.close()
    return path


def rows(path: Path, of: dict[str, list[str]]) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(path) as connection:
        found = {
            table: sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall())
            for table, columns in of.items()
        }
    connection.close()
    return found


KEPT = {
    "roots": ["path", "is_file"],
    "contents": ["id", "sha256", "kind", "reading", "title", "page_count", "coalesce(reason, '')", "waiting"],
    "documents": ["id", "path", "root", "size_bytes", "mtime_ns", "coalesce(content_id, 0)"],
    "passages": ["id", "content_id", "ordinal", "text", "heading", "spans"],
    "vectors": ["passage_id", "vector"],
    "keywords_docsize": ["id", "sz"],
}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_library_of_every_earlier_version_loses_nothing(version: int, tmp_path: Path):
    path = made_by(version, tmp_path / "library.sqlite")
    before = rows(path, KEPT)
    store = Store(path)
    try:
        assert store.problems() == []
        assert [document.status for document in store.documents()] == [
            Status.INDEXED,
            Status.WAITING,
            Status.FAILED,
            Status.FAILED,
        ]
        assert (store.passage_count(), store.waiting_passages(), len(store.vector_ids())) == (5, 1, 4)
        assert len(store.keyword_hits('"text"', 10)) == 5
    finally:
        store.close()
    assert rows(path, KEPT) == before
    fresh = Database(tmp_path / "fresh.sqlite")
    assert sorted(fresh.all("SELECT name, sql FROM sqlite_master")) == sorted(schema(path))
    fresh.close()


def schema(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
    connection.close()
    return found


def test_a_copy_is_kept_before_rows_are_changed(tmp_path: Path):
    path = made_by(1, tmp_path / "library.sqlite")
    before = rows(path, KEPT)
    Database(path).close()
    (copy,) = backups.copies(path, "schema")
    assert copy.name.startswith("library-schema1-")
    assert rows(copy, KEPT) == before
    assert sqlite3.connect(copy).execute("PRAGMA user_version").fetchone() == (1,)
    Database(path).close()
    assert len(backups.copies(path, "schema")) == 1


def test_few_copies_are_kept(tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"library-schema1-2026010{day}-120000.sqlite").write_bytes(b"old")
    path = made_by(1, tmp_path / "library.sqlite")
    Database(path).close()
    names = [copy.name for copy in backups.copies(path, "schema")]
    assert len(names) == backups.KEPT
    assert names[1] == "library-schema1-20260103-120000.sqlite"


def test_a_step_that_only_adds_needs_no_copy():
    assert not migrating.changes_rows(["CREATE TABLE a (b) STRICT", "ALTER TABLE a ADD COLUMN c"])
    assert not migrating.changes_rows(["CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET b = 1;\nEND"])
    assert migrating.changes_rows(["-- why\n UPDATE a SET b = 1"])
    assert migrating.changes_rows(["CREATE TABLE c (b) STRICT", "DROP TABLE a"])
    assert migrating.changes_rows(["ALTER TABLE a RENAME TO b"])


def test_a_disk_too_full_for_the_copy_is_said_before_anything_is_changed(tmp_path: Path, monkeypatch):
    path = made_by(1, tmp_path / "library.sqlite")
    before = path.read_bytes()
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
        with pytest.raises(BrokenInstallation) as caught:
            Store(path)
    assert caught.value.code is Code.NO_SPACE_TO_UPGRADE
    assert rows(path, KEPT) == rows_of(before, tmp_path)
    store = Store(path)
    assert store.problems() == []
    store.close()


def rows_of(data: bytes, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    (folder / "before.sqlite").write_bytes(data)
    return rows(folder / "before.sqlite", KEPT)
