"""Where words stand in a document now: those of a search within it, and those of a citation made some time ago.

It goes by the passages that the library holds, so that scans and office documents are looked through like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from engine.documents.placing import quote_boxes, span_at
from engine.hashing import sha256_of
from engine.library.store import Store
from engine.types import Checked, Citation, Document, Place, Standing

_MOST_PLACES = 500
_HASHED_UP_TO = 64 * 2**20  # bytes: a larger file whose time or size differs counts as changed


def places(store: Store, path: Path, words: str) -> tuple[Place, ...]:
    """Where the words stand in a document, in its order: as they are typed, but for case and line ends."""
    if not words.strip():
        return ()
    return tuple(dict.fromkeys(_found(store, path, _pattern(words))))[:_MOST_PLACES]


def recheck(store: Store, citations: Iterable[Citation]) -> tuple[Checked, ...]:
    """Each citation as its words stand now. One whose document cannot be reached now is believed."""
    return tuple(_recheck(store, citation) for citation in citations)


def _recheck(store: Store, citation: Citation) -> Checked:
    document = store.document(citation.path)
    if document is not None and document.away:
        return Checked(citation, Standing.FRESH)
    try:
        status = citation.path.stat()
    except OSError:
        return Checked(citation, Standing.GONE)
    if document is None:
        return Checked(citation, Standing.FRESH if _same_file(citation, status.st_size) else Standing.CHANGED)
    if (document.size_bytes, document.mtime_ns) != (status.st_size, status.st_mtime_ns):
        changed = not _same_file(citation, status.st_size, document)
        return Checked(citation, Standing.CHANGED if changed else Standing.FRESH)
    if not citation.sha256 or citation.sha256 == document.sha256:
        return Checked(citation, Standing.FRESH)
    return _moved(store, citation, document)


def _moved(store: Store, citation: Citation, document: Document) -> Checked:
    """The document was read again since: its words are looked for, nearest to where they stood first."""
    found = places(store, citation.path, citation.quote)
    if not found:
        return Checked(citation, Standing.CHANGED)
    place = min(found, key=lambda one: abs(one.page - citation.page))
    now = replace(citation, page=place.page, boxes=place.boxes, label=place.label, sha256=document.sha256)
    return Checked(now, Standing.FRESH)


def _same_file(citation: Citation, size_bytes: int, document: Document | None = None) -> bool:
    """Whether the file still holds what was cited, or what the library read of it, byte for byte."""
    known = {citation.sha256, document.sha256 if document else ""} - {""}
    if not known:
        return True  # nothing says otherwise
    try:
        return size_bytes <= _HASHED_UP_TO and sha256_of(citation.path) in known
    except OSError:
        return False


def _pattern(words: str) -> re.Pattern[str]:
    """A blank of the words is any blank of the text; beside a Chinese character it may be none."""
    first, *others = words.split()
    made, last = re.escape(first), first[-1]
    for word in others:
        made += (r"\s+" if last.isascii() and word[0].isascii() else r"\s*") + re.escape(word)
        last = word[-1]
    return re.compile(made, re.IGNORECASE)


def _found(store: Store, path: Path, wanted: re.Pattern[str]) -> Iterator[Place]:
    for passage in store.passages_of(path):
        for match in wanted.finditer(passage.text):
            begins = span_at(passage.spans, match.start())
            boxes = quote_boxes(passage.spans, passage.text, match.start(), match.end())
            yield Place(begins.page, boxes, begins.label)
