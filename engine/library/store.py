"""What the library knows, on disk: folders, documents, passages, their vectors and their keywords.

Contents stand apart from files: a content is read and embedded once, however many files hold it and wherever they move.
Vectors here are the truth; the vector index is a cache of them. All writing is done by the process that holds the
index lock, except adding and removing roots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.library.database import Database, Row
from engine.library.keywords import TERMS_VERSION, terms
from engine.library.rows import DOCUMENT, STATUS, parts, spans_text, to_bytes, to_document, to_passage, to_path
from engine.types import Chunk, Document, Folder, Passage, Reading, Reason, Status, Unit

Vectors = NDArray[np.float32]  # (n, dim), unit length
Ids = NDArray[np.int64]  # (n,), passage ids


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that is watched, or one file."""

    path: Path
    is_file: bool


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the library last saw of a file. `read` is False while its content is still to be read."""

    id: int
    path: Path
    root: Path
    size_bytes: int
    mtime_ns: int
    read: bool
    reason: Reason | None  # of the file itself, not of its content


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as the folder listing shows it."""

    path: Path
    root: Path
    size_bytes: int
    mtime_ns: int


class Store:
    """`Store(path)` opens or makes a library. Raises BrokenInstallation whenever the file cannot serve."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)

    def close(self) -> None:
        self.database.close()

    # Roots

    def roots(self) -> tuple[Root, ...]:
        rows = self.database.all("SELECT path, is_file FROM roots ORDER BY path")
        return tuple(Root(to_path(path), bool(is_file)) for path, is_file in rows)

    def add_root(self, root: Root, replacing: Iterable[Path] = ()) -> None:
        """Watch `root`; the roots in `replacing` lie within it and are watched through it from now on."""
        with self.database.writing():
            for path in replacing:
                self.database.run("DELETE FROM roots WHERE path = ?", [to_bytes(path)])
                self.database.run("UPDATE documents SET root = ? WHERE root = ?", [to_bytes(root.path), to_bytes(path)])
            self.database.run("INSERT OR IGNORE INTO roots VALUES (?, ?)", [to_bytes(root.path), int(root.is_file)])

    def remove_root(self, path: Path) -> None:
        """Stop watching; the documents go with the next indexing, and are not found from now on."""
        with self.database.writing():
            self.database.run("DELETE FROM roots WHERE path = ?", [to_bytes(path)])

    # Files

    def known_files(self, reading: int) -> dict[Path, KnownFile]:
        """Every file by its path. A content read by another `reading` version counts as not read."""
        rows = self.database.all(
            "SELECT d.id, d.path, d.root, d.size_bytes, d.mtime_ns, c.reading IS ?, d.reason"
            " FROM documents d LEFT JOIN contents c ON c.id = d.content_id",
            [reading],
        )
        files = (
            KnownFile(id, to_path(path), to_path(root), size, mtime, bool(read), Reason(why) if why else None)
            for id, path, root, size, mtime, read, why in rows
        )
        return {file.path: file for file in files}

    def see(self, files: Iterable[FoundFile]) -> None:
        """Note files that are new: they wait to be read. A changed one is found by its old text until it is."""
        with self.database.writing():
            self.database.run_many(
                "INSERT OR IGNORE INTO documents (path, root, size_bytes, mtime_ns) VALUES (?, ?, ?, ?)",
                ((to_bytes(file.path), to_bytes(file.root), file.size_bytes, file.mtime_ns) for file in files),
            )

    def outcome(self, path: Path) -> tuple[Reason | None, int]:
        """(why it failed or None, number of passages) of a document that was read."""
        row = self.database.one(
            "SELECT c.reason, (SELECT count(*) FROM passages WHERE content_id = c.id) FROM documents d"
            " JOIN contents c ON c.id = d.content_id WHERE d.path = ?",
            [to_bytes(path)],
        )
        reason, passages = row or (None, 0)
        return (Reason(reason) if reason else None), int(passages)

    def holder(self, content_id: int) -> tuple[Path, Path] | None:
        """(path, root) of the first file that holds a content."""
        row = self.database.one(
            "SELECT path, root FROM documents WHERE content_id = ? ORDER BY path LIMIT 1", [content_id]
        )
        return (to_path(row[0]), to_path(row[1])) if row else None

    def link(self, file: FoundFile, content_id: int) -> None:
        """The file holds a content that is known."""
        with self.database.writing():
            self._link(file, content_id)

    def fail_file(self, file: FoundFile, reason: Reason) -> None:
        """The file cannot be reached; what was read of it before is forgotten."""
        with self.database.writing():
            self.database.run(
                "UPDATE documents SET reason = ?, content_id = NULL, size_bytes = ?, mtime_ns = ? WHERE path = ?",
                [reason.value, file.size_bytes, file.mtime_ns, to_bytes(file.path)],
            )

    def forget(self, ids: Sequence[int]) -> None:
        """Remove documents. Their contents stay until `drop_orphans`, so that a move finds them."""
        with self.database.writing():
            self.database.run_many("DELETE FROM documents WHERE id = ?", ([id] for id in ids))

    def forget_path(self, path: Path) -> None:
        with self.database.writing():
            self.database.run("DELETE FROM documents WHERE path = ?", [to_bytes(path)])

    def forget_unwatched(self) -> None:
        """Remove the documents of removed roots."""
        with self.database.writing():
            self.database.run("DELETE FROM documents WHERE root NOT IN (SELECT path FROM roots)")

    def retry(self, path: Path | None) -> None:
        """Let a failed document, or every one, be read again."""
        where, values = ("", []) if path is None else (" AND d.path = ?", [to_bytes(path)])
        failed = self.database.all(
            "SELECT d.id, d.content_id FROM documents d LEFT JOIN contents c ON c.id = d.content_id"
            f" WHERE (d.reason IS NOT NULL OR c.reason IS NOT NULL){where}",
            values,
        )
        with self.database.writing():
            self.database.run_many(
                "UPDATE documents SET content_id = NULL, reason = NULL WHERE id = ?", ([id] for id, _ in failed)
            )
            self.database.run_many(
                "UPDATE contents SET reading = -1 WHERE id = ? AND reason IS NOT NULL",
                ([content] for _, content in failed if content is not None),
            )

    # Contents

    def content(self, sha256: str, kind: str, reading: int) -> int | None:
        """The id of what was read from these bytes, if this version of reading has read them."""
        row = self.database.one(
            "SELECT id FROM contents WHERE sha256 = ? AND kind = ? AND reading = ?", [sha256, kind, reading]
        )
        return int(row[0]) if row else None

    def put(self, file: FoundFile, sha256: str, kind: str, reading: int, outcome: Reading | Reason) -> int:
        """Keep what reading `file` gave, with its passages and keywords, in one transaction.

        Returns the number of passages. What an older version of reading made of the same bytes is replaced.
        """
        read = outcome if isinstance(outcome, Reading) else Reading("", Unit.PAGE, 0, 0, ())
        reason = outcome if isinstance(outcome, Reason) else None
        with self.database.writing():
            self._drop(self.database.all("SELECT id FROM contents WHERE sha256 = ? AND kind = ?", [sha256, kind]))
            content_id = self.database.run(
                "INSERT INTO contents (sha256, kind, reading, title, unit, page_count, empty_pages, reason, waiting)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    sha256,
                    kind,
                    reading,
                    read.title,
                    read.unit.value,
                    read.page_count,
                    read.empty_pages,
                    reason,
                    len(read.chunks),
                ],
            )
            for ordinal, chunk in enumerate(read.chunks):
                self.__add_passage(content_id, ordinal, chunk)
            self._link(file, content_id)
        return len(read.chunks)

    def drop_orphans(self) -> None:
        """Forget every content that no file holds any more."""
        orphans = self.database.all(
            "SELECT id FROM contents WHERE id NOT IN (SELECT content_id FROM documents WHERE content_id IS NOT NULL)"
        )
        for orphan in orphans:
            with self.database.writing():
                self._drop([orphan])

    # Vectors

    def use_embedder(self, model_id: str) -> None:
        """Vectors of another model are dropped: their passages wait to be embedded again."""
        if self.meta("embedder") == model_id:
            return
        with self.database.writing():
            self.database.run("DELETE FROM vectors")
            self.database.run(
                "UPDATE contents SET waiting = (SELECT count(*) FROM passages WHERE content_id = contents.id)"
            )
            self._set_meta("embedder", model_id)
            self._touch_vectors()

    def unembedded(self, after: int, limit: int) -> list[tuple[int, int, str, str]]:
        """(passage id, content id, heading, text) of passages without a vector, by id, above `after`."""
        rows = self.database.all(
            "SELECT id, content_id, heading, text FROM passages WHERE id > ?"
            " AND NOT EXISTS (SELECT 1 FROM vectors WHERE passage_id = passages.id) ORDER BY id LIMIT ?",
            [after, limit],
        )
        return [(int(id), int(content), str(heading), str(text)) for id, content, heading, text in rows]

    def put_vectors(self, passages: Sequence[tuple[int, int]], vectors: Vectors) -> None:
        """Keep the vectors of (passage id, content id) pairs."""
        with self.database.writing():
            self.database.run_many(
                # a passage may have been removed, by this process or another, while it was embedded
                "INSERT INTO vectors SELECT id, ? FROM passages WHERE id = ?",
                ((vector.tobytes(), id) for (id, _), vector in zip(passages, vectors, strict=True)),
            )
            self.database.run_many(
                "UPDATE contents SET waiting = waiting - 1 WHERE id = ?", ([content] for _, content in passages)
            )
            self._touch_vectors()

    def vectors_version(self) -> int:
        """Grows with every change to the vectors."""
        return int(self.meta("vectors_version") or 0)

    def vector_ids(self) -> Ids:
        """The ids of all passages that have a vector, ascending."""
        return np.array([row[0] for row in self.database.each("SELECT passage_id FROM vectors ORDER BY 1")], np.int64)

    def vectors(self, ids: Sequence[int], dimension: int) -> tuple[Ids, Vectors]:
        """The vectors of those of `ids` that have one, in ascending order of id."""
        found: list[int] = []
        blobs: list[bytes] = []
        for part in parts(ids):
            marks = ",".join("?" * len(part))
            for id, blob in self.database.each(
                f"SELECT passage_id, vector FROM vectors WHERE passage_id IN ({marks}) ORDER BY 1", part
            ):
                found.append(id)
                blobs.append(blob)
        matrix = np.frombuffer(b"".join(blobs), np.float32).reshape(len(found), dimension)
        return np.array(found, np.int64), matrix

    # Finding

    def keyword_hits(self, expression: str, limit: int) -> list[tuple[int, float]]:
        """(passage id, BM25, larger is better) of the passages that match best."""
        rows = self.database.all(
            "SELECT rowid, -bm25(keywords) FROM keywords WHERE keywords MATCH ? ORDER BY 2 DESC, 1 LIMIT ?",
            [expression, limit],
        )
        return [(int(id), float(score)) for id, score in rows]

    def term_counts(self, expressions: Sequence[str]) -> list[int]:
        """In how many passages each expression is found."""
        counts = []
        for expression in expressions:
            row = self.database.one("SELECT count(*) FROM keywords WHERE keywords MATCH ?", [expression])
            counts.append(int(row[0]) if row else 0)
        return counts

    def passages(self, ids: Sequence[int]) -> dict[int, tuple[Passage, Document]]:
        """Passages with the document that holds them: the first by path where several hold the same content.

        Those of removed folders and forgotten files are left out.
        """
        found: dict[int, tuple[Passage, Document]] = {}
        for part in parts(ids):
            marks = ",".join("?" * len(part))
            rows = self.database.all(
                "SELECT p.id, p.ordinal, p.text, p.heading, p.page_first, p.page_last, p.spans, document.*"
                f" FROM passages p JOIN ({DOCUMENT}) document ON document.content_id = p.content_id"
                f" WHERE p.id IN ({marks}) AND document.root IN (SELECT path FROM roots) ORDER BY document.path DESC",
                part,
            )
            for row in rows:
                document = to_document(row[7:])
                found[row[0]] = (to_passage(row[:7], document.id), document)
        return found

    # Counting

    def documents(self, root: Path | None = None) -> tuple[Document, ...]:
        where, values = ("", []) if root is None else (" AND d.root = ?", [to_bytes(root)])
        rows = self.database.all(f"{DOCUMENT} WHERE d.root IN (SELECT path FROM roots){where} ORDER BY d.path", values)
        return tuple(to_document(row) for row in rows)

    def failures(self) -> tuple[Document, ...]:
        return tuple(document for document in self.documents() if document.status is Status.FAILED)

    def folders(self, reachable: Iterable[Path]) -> tuple[Folder, ...]:
        """The roots with their documents counted; `reachable` are those that can be listed now."""
        counts: dict[tuple[bytes, str], int] = {
            (root, status): count
            for root, status, count in self.database.all(
                f"SELECT d.root, {STATUS} AS status, count(*) FROM documents d"
                " LEFT JOIN contents c ON c.id = d.content_id GROUP BY d.root, status"
            )
        }
        there = set(reachable)
        return tuple(
            Folder(
                root.path,
                root.is_file,
                root.path in there,
                *(counts.get((to_bytes(root.path), status.value), 0) for status in _COUNTED),
            )
            for root in self.roots()
        )

    def passage_count(self) -> int:
        row = self.database.one(
            "SELECT count(*) FROM passages WHERE content_id IN (SELECT content_id FROM documents"
            " WHERE root IN (SELECT path FROM roots))"
        )
        return int(row[0]) if row else 0

    def waiting_passages(self) -> int:
        row = self.database.one("SELECT coalesce(sum(waiting), 0) FROM contents")
        return int(row[0]) if row else 0

    def meta(self, key: str) -> str | None:
        row = self.database.one("SELECT value FROM meta WHERE key = ?", [key])
        return str(row[0]) if row else None

    def set_meta(self, key: str, value: str) -> None:
        with self.database.writing():
            self._set_meta(key, value)

    def refresh_keywords(self) -> None:
        """Make the keyword index again when the rule that makes terms has changed since."""
        if self.meta("terms") == str(TERMS_VERSION):
            return
        with self.database.writing():
            self.database.run("INSERT INTO keywords (keywords) VALUES ('delete-all')")
            rows = self.database.all("SELECT id, heading, text FROM passages")
            self.database.run_many(
                "INSERT INTO keywords (rowid, terms) VALUES (?, ?)",
                ((id, _joined(heading, text)) for id, heading, text in rows),
            )
            self._set_meta("terms", str(TERMS_VERSION))

    def problems(self) -> list[str]:
        """What disagrees within the file, in words; empty when it is sound."""
        found = self.database.problems()
        if found:
            return found
        wrong = self.database.one(
            "SELECT count(*) FROM contents WHERE waiting <> (SELECT count(*) FROM passages p WHERE content_id ="
            " contents.id AND NOT EXISTS (SELECT 1 FROM vectors WHERE passage_id = p.id))"
        )
        return [f"{wrong[0]} contents count their vectors wrongly"] if wrong and wrong[0] else []

    # Within a transaction

    def _link(self, file: FoundFile, content_id: int) -> None:
        self.database.run(
            # the root as it was listed may have been joined to the one above it meanwhile
            "UPDATE documents SET content_id = ?, reason = NULL, size_bytes = ?, mtime_ns = ?,"
            " root = CASE WHEN root IN (SELECT path FROM roots) THEN root ELSE ? END WHERE path = ?",
            [content_id, file.size_bytes, file.mtime_ns, to_bytes(file.root), to_bytes(file.path)],
        )

    def __add_passage(self, content_id: int, ordinal: int, chunk: Chunk) -> None:
        passage_id = self.database.run(
            "INSERT INTO passages (content_id, ordinal, text, heading, page_first, page_last, spans)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                content_id,
                ordinal,
                chunk.text,
                chunk.heading,
                chunk.page_first,
                chunk.page_last,
                spans_text(chunk.spans),
            ],
        )
        self.database.run(
            "INSERT INTO keywords (rowid, terms) VALUES (?, ?)", [passage_id, _joined(chunk.heading, chunk.text)]
        )

    def _drop(self, contents: Sequence[Row]) -> None:
        for (content_id,) in contents:
            for id, heading, text in self.database.all(
                "SELECT id, heading, text FROM passages WHERE content_id = ?", [content_id]
            ):
                # a contentless FTS5 table forgets a row only when told the terms that it was given
                self.database.run(
                    "INSERT INTO keywords (keywords, rowid, terms) VALUES ('delete', ?, ?)",
                    [id, _joined(heading, text)],
                )
            self.database.run(
                "DELETE FROM vectors WHERE passage_id IN (SELECT id FROM passages WHERE content_id = ?)", [content_id]
            )
            self.database.run("DELETE FROM passages WHERE content_id = ?", [content_id])
            self.database.run("UPDATE documents SET content_id = NULL WHERE content_id = ?", [content_id])
            self.database.run("DELETE FROM contents WHERE id = ?", [content_id])
        if contents:
            self._touch_vectors()

    def _set_meta(self, key: str, value: str) -> None:
        self.database.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def _touch_vectors(self) -> None:
        self._set_meta("vectors_version", str(self.vectors_version() + 1))


_COUNTED = (Status.INDEXED, Status.WAITING, Status.FAILED)


def _joined(heading: str, text: str) -> str:
    return " ".join(terms(f"{heading}\n{text}"))
