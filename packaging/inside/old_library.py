"""A library as the first program left it, with one document: for trying whether an update takes it over.

    python packaging/inside/old_library.py LIBRARY FOLDER NAME TEXT      (the Python of an environment with Inkstone)

FOLDER is watched, and holds NAME, which says TEXT: seen from where the library will be used.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from engine.library.database import MIGRATIONS
from engine.library.keywords import terms


def main(library: Path, folder: str, name: str, text: str) -> None:
    with closing(sqlite3.connect(library)) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO meta VALUES ('embedder', 'none@1'), ('vectors_version', '1'), ('terms', '1')")
        connection.execute("INSERT INTO roots VALUES (?, 0)", [folder.encode()])
        connection.execute(
            "INSERT INTO contents (id, sha256, kind, reading, title, unit, page_count, empty_pages, waiting)"
            " VALUES (1, 'of an earlier version', 'markdown', 1, ?, 'line', 1, 0, 1)",
            [name],
        )
        connection.execute(
            "INSERT INTO passages (id, content_id, ordinal, text, heading, page_first, page_last, spans)"
            " VALUES (1, 1, 0, ?, '', 1, 1, '[]')",
            [text],
        )
        connection.execute("INSERT INTO keywords (rowid, terms) VALUES (1, ?)", [" ".join(terms(text))])
        connection.execute(
            "INSERT INTO documents (path, root, size_bytes, mtime_ns, content_id) VALUES (?, ?, 10, 20, 1)",
            [f"{folder}/{name}".encode(), folder.encode()],
        )
        connection.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
