"""The one door to PyMuPDF: a PDF file becomes pages of lines, and a page a picture.

Loaded in the reading child only. PyMuPDF holds the interpreter's lock in every call, and a hostile file can keep it
for minutes, fill the memory or crash the process. Nothing here reaches the network, and MuPDF's JavaScript is not run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymupdf as untyped

from engine.documents.characters import tidy
from engine.documents.files import open_file
from engine.documents.layout import Stroke, lines_of
from engine.documents.limits import MAX_PAGES, MAX_PIXELS
from engine.errors import UnreadableDocument
from engine.types import Page, PageImage, Reason

pymupdf: Any = untyped  # it has no types to check against

# Without ligatures (so "ﬁ" comes as "fi"), odd blanks, images, or anything outside the page.
_TEXT_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP
_SHRINK_EVERY = 16  # pages
_SHRINK_TO_PERCENT = 50

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


class OutOfMemory(Exception):
    """MuPDF or Python asked for more than the child may have."""


class Pdf:
    """An open PDF. Raises FileNotFoundError; UnreadableDocument: empty, damaged, encrypted, no pages."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._document = _open(path)
        if self._document.needs_pass:  # a document that only its owner's password protects opens without one
            raise UnreadableDocument(path, Reason.ENCRYPTED)
        self.page_count: int = self._document.page_count
        if self.page_count < 1:
            raise UnreadableDocument(path, Reason.NO_PAGES)
        if self.page_count > MAX_PAGES:
            raise UnreadableDocument(path, Reason.TOO_LARGE)

    @property
    def title(self) -> str:
        try:
            return tidy((self._document.metadata or {}).get("title") or "")
        except Exception as error:
            _raise_if_memory(error)
            return ""

    def pages(self, first: int) -> Iterator[tuple[Page, bool]]:
        """Each page from `first` on, and whether it shows an image where it has no text.

        A page that MuPDF refuses is a page without text. Raises OutOfMemory.
        """
        for number in range(first, self.page_count + 1):
            try:
                yield self._page(number)
            except Exception as error:
                _raise_if_memory(error)
                yield Page(number, ()), False
            if number % _SHRINK_EVERY == 0:
                pymupdf.TOOLS.store_shrink(_SHRINK_TO_PERCENT)

    def render(self, number: int, scale: float) -> PageImage:
        """Page `number` as PNG at `scale` pixels per point, at less where that would be over MAX_PIXELS."""
        try:
            page = self._document.load_page(number - 1)
            scale = _bounded(page.rect.width, page.rect.height, scale)
            pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
            png = pixmap.tobytes("png")
        except Exception as error:
            _raise_if_memory(error)
            raise UnreadableDocument(self._path, Reason.DAMAGED) from error
        finally:
            pymupdf.TOOLS.store_shrink(_SHRINK_TO_PERCENT)
        return PageImage(number, self.page_count, pixmap.width, pixmap.height, scale, png)

    def _page(self, number: int) -> tuple[Page, bool]:
        page = self._document.load_page(number - 1)
        strokes = _strokes(page)
        displayed = page.rect
        picture = not strokes and _has_image(page)
        return Page(number, lines_of(number, strokes), displayed.width, displayed.height), picture


def _open(path: str) -> Any:
    try:
        document = _opened(path)
    except (FileNotFoundError, UnreadableDocument):
        raise
    except Exception as error:
        _raise_if_memory(error)
        raise UnreadableDocument(path, Reason.DAMAGED) from error
    if not document.is_pdf:
        raise UnreadableDocument(path, Reason.DAMAGED)
    return document


def _opened(path: str) -> Any:
    with open_file(path) as file:  # MuPDF does not tell a missing file from a damaged one
        try:
            path.encode()
        except UnicodeEncodeError:  # MuPDF takes names in UTF-8 only
            return pymupdf.open(stream=file.read(), filetype="pdf")
    return pymupdf.open(path, filetype="pdf")


def _strokes(page: Any) -> list[Stroke]:
    turn = page.rotation_matrix  # text comes in the page's own space, before its rotation
    turned = page.rotation != 0
    strokes = []
    for block_number, block in enumerate(page.get_text("dict", flags=_TEXT_FLAGS)["blocks"]):
        for line in block.get("lines", ()):
            spans = line["spans"]
            text = tidy("".join(span["text"] for span in spans))
            if text:
                x0, y0, x1, y1 = pymupdf.Rect(line["bbox"]) * turn if turned else line["bbox"]
                main = max(spans, key=lambda span: len(span["text"].strip()))
                strokes.append(
                    Stroke(
                        text, x0, y0, x1, y1, main["size"], _is_bold(main), block_number, _is_upright(line["dir"], turn)
                    )
                )
    return strokes


def _is_bold(span: Any) -> bool:
    return bool(span["flags"] & pymupdf.TEXT_FONT_BOLD) or any(
        mark in span["font"] for mark in ("Bold", "bold", "Heavy", "Black")
    )


def _is_upright(direction: tuple[float, float], turn: Any) -> bool:
    along = direction[0] * turn.a + direction[1] * turn.c
    return bool(along > 0.9)


def _has_image(page: Any) -> bool:
    return bool(page.get_images() or page.get_image_info())


def _bounded(width: float, height: float, scale: float) -> float:
    area = max(width, 1.0) * max(height, 1.0)
    return float(max(min(scale, (MAX_PIXELS / area) ** 0.5), 1e-4))


def _raise_if_memory(error: Exception) -> None:
    if isinstance(error, MemoryError | pymupdf.mupdf.FzErrorSystem) and _is_memory(error):
        raise OutOfMemory from error


def _is_memory(error: Exception) -> bool:
    words = str(error)
    return isinstance(error, MemoryError) or "alloc" in words or "memory" in words
