"""In the child: one document is opened, read page by page and cut into passages, and each step is told at once.

The lines stay here. Told as they are, they would be ten times as much to write and to read as the passages.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import islice, pairwise

from engine.documents import pdf
from engine.documents.chunking import passages
from engine.documents.cleaning import clean
from engine.documents.kinds import Kind
from engine.documents.limits import MAX_CHARACTERS, MAX_LINES
from engine.documents.opening import open_document
from engine.documents.protocol import Blank, Cut, Opened, PagesRead, ReadPages, Reply
from engine.types import Chunk, Page, Unit

_LINES_AT_ONCE = 500  # of what has no pages to show
_CHUNKS_AT_ONCE = 100


def read(request: ReadPages, passwords: tuple[str, ...] = ()) -> Generator[Reply, None, int]:
    """Opened, PagesRead and Cut as they come; gives the number of pages without text, 0 for what has no pages.

    Raises MemoryError once the document is more than the engine will hold; what opening raises.
    """
    if request.kind is not Kind.PDF:
        text = open_document(request.path, request.kind)
        yield Opened(text.title, len(text.lines), text.unit, text.unit_count)
        held = _Held()
        for page in text.pages():
            held.take(page)
            if len(held.pages) % _LINES_AT_ONCE == 0:
                yield PagesRead(page.number)
        yield from _cut(tuple(held.pages))
        return 0
    document = pdf.Pdf(request.path, passwords)
    yield Opened(document.title, document.page_count, Unit.PAGE, document.page_count)
    held = _Held()
    for page, blank in _pages(document, request.skip):
        if blank is Blank.GARBAGE and request.ocr:
            page = replace(page, lines=())
        held.take(page)
        yield PagesRead(page.number, blank)
    pages = clean(tuple(held.pages))
    yield Cut(())
    yield from _cut(pages)
    return document.page_count - sum(bool(page.lines) for page in held.pages)


def _pages(document: pdf.Pdf, skip: tuple[int, ...]) -> Iterator[tuple[Page, Blank | None]]:
    for lost, next_lost in pairwise((0, *skip, document.page_count + 1)):
        yield from islice(document.pages(lost + 1), next_lost - lost - 1)


def _cut(pages: tuple[Page, ...]) -> Iterator[Cut]:
    chunks: list[Chunk] = []
    for chunk in passages(pages):
        chunks.append(chunk)
        if len(chunks) == _CHUNKS_AT_ONCE:
            yield Cut(tuple(chunks))
            chunks = []
    if chunks:
        yield Cut(tuple(chunks))


class _Held:
    """The pages of one document. Raises MemoryError when they become too many."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self._lines = self._characters = 0

    def take(self, page: Page) -> None:
        self.pages.append(page)
        self._lines += len(page.lines)
        self._characters += sum(len(line.text) for line in page.lines)
        if self._lines > MAX_LINES or self._characters > MAX_CHARACTERS:
            raise MemoryError
