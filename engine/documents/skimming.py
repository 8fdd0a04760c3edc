"""In the child: the bare text of a PDF, page by page, for finding words before the document is read as it should be.

It costs a fifth of reading: no lines, boxes, columns, tables, headings, and nothing is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.documents import pdf
from engine.documents.limits import MAX_CHARACTERS
from engine.documents.protocol import Cut, Done, Opened, PagesRead, Reply, SkimPages
from engine.documents.scripts import display_width
from engine.types import Chunk, Span, Unit

_WIDTH = 900  # columns of text in a piece: about what a passage has
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\ufeff\ufffe\uffff]+")


def skim(request: SkimPages, passwords: tuple[str, ...] = ()) -> Iterator[Reply]:
    """Opened, then for each page a Cut, or PagesRead where it has no text. Raises as opening does; MemoryError."""
    document = pdf.Pdf(request.path, passwords)
    yield Opened(document.title, document.page_count, Unit.PAGE, document.page_count)
    characters = 0
    for number, text in document.texts():
        characters += len(text)
        if characters > MAX_CHARACTERS:
            raise MemoryError
        pieces = tuple(Chunk(piece, "", (Span(0, len(piece), number),)) for piece in pieces_of(text))
        yield Cut(pieces) if pieces else PagesRead(number)
    yield Done(0, 0)


def pieces_of(text: str) -> Iterator[str]:
    """The lines of a page, together up to some width; a line is never divided."""
    seen = _UNSEEN.sub("", text).encode("utf-8", "ignore").decode("utf-8")  # lone surrogates are no text
    held: list[str] = []
    width = 0
    for line in filter(None, map(str.strip, seen.split("\n"))):
        wide = display_width(line)
        if held and width + wide > _WIDTH:
            yield "\n".join(held)
            held, width = [], 0
        held.append(line)
        width += wide
    if held:
        yield "\n".join(held)
