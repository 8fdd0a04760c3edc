"""How the library's types stand in SQLite's rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.library.database import Row
from engine.types import Box, Document, Passage, Reason, Span, Status, Unit

DOCUMENT = """
    SELECT d.id, d.path, d.root, c.title, c.sha256, d.size_bytes, d.mtime_ns, c.unit, c.page_count, c.empty_pages,
           d.content_id, c.waiting, coalesce(d.reason, c.reason), c.scan_pages, c.scans_left,
           CASE WHEN c.scan_pages > 0 THEN (SELECT count(*) FROM scans WHERE content_id = c.id AND state = 'lost') END,
           d.away
    FROM documents d LEFT JOIN contents c ON c.id = d.content_id
"""
STATUS = """
    CASE WHEN d.reason IS NOT NULL OR c.reason IS NOT NULL THEN 'failed'
         WHEN d.content_id IS NULL OR c.waiting > 0 OR c.scans_left > 0 THEN 'waiting' ELSE 'indexed' END
"""


def to_bytes(path: Path) -> bytes:
    return os.fsencode(path)


def to_path(name: bytes) -> Path:
    return Path(os.fsdecode(name))


def parts(ids: Sequence[int], size: int = 900) -> Iterator[list[int]]:
    """SQLite takes a limited number of values in one statement."""
    for start in range(0, len(ids), size):
        yield [int(id) for id in ids[start : start + size]]


def spans_text(spans: Sequence[Span]) -> str:
    """A span has a box of four numbers, or a label, or neither: only what has no pages to show needs labels."""
    return "[" + ",".join(map(_span_text, spans)) + "]"


def _span_text(span: Span) -> str:
    box = span.box
    if box:  # written out: `json` with its roundings takes four times as long over every line of every document
        place = (span.start, span.end, span.page, box.x0, box.y0, box.x1, box.y1)
        return "[%d,%d,%d,%.1f,%.1f,%.1f,%.1f]" % place  # noqa: UP031 - much quicker than format
    label = "," + json.dumps(span.label, ensure_ascii=False) if span.label else ""
    return f"[{span.start},{span.end},{span.page}{label}]"


def to_passage(row: Row, document_id: int) -> Passage:
    id, ordinal, text, heading, first, last, spans = row
    return Passage(
        id, document_id, ordinal, text, heading, first, last, tuple(_span(*span) for span in json.loads(spans))
    )


def _span(start: int, end: int, page: int, *where: Any) -> Span:
    if len(where) == 1:
        return Span(start, end, page, label=where[0])
    return Span(start, end, page, Box(page, *where) if where else None)


def to_document(row: Row) -> Document:
    id, path, root, title, sha256, size, mtime, unit, pages, empty, *more = row
    content_id, waiting, reason, scan_pages, scans_left, scans_lost, away = more
    waits = content_id is None or waiting or scans_left
    status = Status.FAILED if reason else Status.WAITING if waits else Status.INDEXED
    name = to_path(path)
    return Document(
        id=id,
        path=name,
        folder=to_path(root),
        title=title or name.name,
        sha256=sha256 or "",
        size_bytes=size,
        mtime_ns=mtime,
        unit=Unit(unit or Unit.PAGE),
        page_count=pages or 0,
        empty_pages=empty or 0,
        status=status,
        reason=Reason(reason) if reason else None,
        scan_pages=scan_pages or 0,
        scans_left=scans_left or 0,
        scans_lost=scans_lost or 0,
        away=bool(away),
    )
