"""What was read: contents, their passages, and the keywords under which these are found."""

from __future__ import annotations

from collections.abc import Sequence

from engine.library.database import Row
from engine.library.keywords import TERMS_VERSION, terms
from engine.library.rows import spans_text
from engine.library.tables.embeddings import Embeddings
from engine.library.tables.files import Files, FoundFile
from engine.library.tables.scans import Scans, ScanState
from engine.types import Chunk, Reading, Reason, Unit

_PAGE_ORDINALS = 1_000_000  # a document has fewer passages of its own, and a page too


class Contents(Files, Embeddings, Scans):
    """A content is read and embedded once, however many files hold it and wherever they move."""

    def content(self, sha256: str, kind: str, reading: int) -> int | None:
        """The id of what was read from these bytes, if this version of reading has read them."""
        row = self.database.one(
            "SELECT id FROM contents WHERE sha256 = ? AND kind = ? AND reading = ?", [sha256, kind, reading]
        )
        return int(row[0]) if row else None

    def readable_content(self, sha256: str, kind: str) -> int | None:
        """The id of the text that any version of reading found in these bytes."""
        row = self.database.one(
            "SELECT id FROM contents WHERE sha256 = ? AND kind = ? AND reason IS NULL", [sha256, kind]
        )
        return int(row[0]) if row else None

    def known_contents(self, reading: int) -> set[tuple[str, str]]:
        """(sha256, kind) of everything that this version of reading has read."""
        rows = self.database.each("SELECT sha256, kind FROM contents WHERE reading = ?", [reading])
        return {(sha256, kind) for sha256, kind in rows}

    def put(self, file: FoundFile, sha256: str, kind: str, reading: int, outcome: Reading | Reason) -> int:
        """Keep what reading `file` gave, with its passages and keywords, in one transaction.

        Returns the number of passages. What an older version of reading made of the same bytes is replaced; passages
        that are cut the same keep their vectors.
        """
        read = outcome if isinstance(outcome, Reading) else Reading("", Unit.PAGE, 0, 0, ())
        reason = outcome if isinstance(outcome, Reason) else None
        with self.database.writing():
            before = self.database.all("SELECT id FROM contents WHERE sha256 = ? AND kind = ?", [sha256, kind])
            known = [self._vectors_by_text(content) for (content,) in before]
            self._drop(before)
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
                self._add_passage(content_id, ordinal, chunk)
            for vectors in known:
                self._carry_over(vectors, content_id)
            self._add_scans(content_id, read)
            self._link(file, content_id)
        return len(read.chunks)

    def put_scan(self, content_id: int, page: int, chunks: Sequence[Chunk]) -> None:
        """Keep what was recognised on a page, with its keywords, in one transaction; nothing if it waits no more."""
        state = ScanState.READ if chunks else ScanState.EMPTY
        with self.database.writing():
            if not self._end_scan(content_id, page, state):
                return
            for number, chunk in enumerate(chunks):
                # behind the document's own text and in the order of the pages, whichever is recognised first
                self._add_passage(content_id, (page + 1) * _PAGE_ORDINALS + number, chunk)
            self.database.run(
                "UPDATE contents SET waiting = waiting + ?, empty_pages = empty_pages - ? WHERE id = ?",
                [len(chunks), min(len(chunks), 1), content_id],
            )
            self._settle("id = ?", content_id)

    def drop_orphans(self) -> None:
        """Forget every content that no file holds any more."""
        orphans = self.database.all(
            "SELECT id FROM contents c WHERE NOT EXISTS (SELECT 1 FROM documents WHERE content_id = c.id)"
        )
        for orphan in orphans:
            with self.database.writing():
                self._drop([orphan])

    def refresh_keywords(self) -> None:
        """Make the keyword index again when the rule that makes terms has changed since."""
        if self.meta("terms") == str(TERMS_VERSION):
            return
        with self.database.writing():
            self._make_keywords()
            self._set_meta("terms", str(TERMS_VERSION))

    def _make_keywords(self) -> None:
        self.database.run("INSERT INTO keywords (keywords) VALUES ('delete-all')")
        rows = self.database.each("SELECT id, heading, text FROM passages")  # of a large library, too many for memory
        self.database.run_many(
            "INSERT INTO keywords (rowid, terms) VALUES (?, ?)",
            ((id, _joined(heading, text)) for id, heading, text in rows),
        )

    def _add_passage(self, content_id: int, ordinal: int, chunk: Chunk) -> None:
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
        gone: list[int] = []
        for (content_id,) in contents:
            for id, heading, text in self.database.all(
                "SELECT id, heading, text FROM passages WHERE content_id = ?", [content_id]
            ):
                # a contentless FTS5 table forgets a row only when told the terms that it was given
                self.database.run(
                    "INSERT INTO keywords (keywords, rowid, terms) VALUES ('delete', ?, ?)",
                    [id, _joined(heading, text)],
                )
            gone += self._drop_vectors(content_id).tolist()
            self.database.run("DELETE FROM passages WHERE content_id = ?", [content_id])
            self.database.run("UPDATE documents SET content_id = NULL WHERE content_id = ?", [content_id])
            self._drop_scans(content_id)
            self.database.run("DELETE FROM contents WHERE id = ?", [content_id])
        if gone:
            self._note_change(gone=gone)


def _joined(heading: str, text: str) -> str:
    return " ".join(terms(f"{heading}\n{text}"))
