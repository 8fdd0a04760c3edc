"""The one door to PyMuPDF: a PDF file becomes pages of lines, and a page a picture.

Loaded in the reading child only. PyMuPDF holds the interpreter's lock in every call, and a hostile file can keep it
for minutes, fill the memory or crash the process. Nothing here reaches the network, and MuPDF's JavaScript is not run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pymupdf as untyped

from engine.documents.characters import clean_title, tidy
from engine.documents.files import open_file
from engine.documents.garbage import is_garbage
from engine.documents.layout import lines_of
from engine.documents.limits import MAX_PAGES, MAX_PIXELS
from engine.documents.ocr_found import PagePicture
from engine.documents.protocol import Blank
from engine.documents.strokes import Rule, Stroke
from engine.errors import UnreadableDocument
from engine.types import Line, Page, PageImage, Reason

pymupdf: Any = untyped  # it has no types to check against

# Without ligatures (so "ﬁ" comes as "fi"), odd blanks, images, or anything outside the page; with what is drawn.
_TEXT_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_COLLECT_VECTORS
_VECTOR = 3  # a kind of block
_THICK = 3.0  # points: what is drawn thicker than this rules no table
_STAMP = 25  # characters
_WHOLE = 0.8  # of a page
_SHRINK_EVERY = 16  # pages
_SHRINK_TO_PERCENT = 50

pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)


_Box = tuple[float, float, float, float]
_Turn = tuple[float, float, float, float, float, float]  # a matrix as PDF writes it


class OutOfMemory(Exception):
    """MuPDF or Python asked for more than the child may have."""


class Pdf:
    """An open PDF. Raises FileNotFoundError; UnreadableDocument: empty, damaged, encrypted, no pages."""

    def __init__(self, path: str, passwords: Sequence[str] = ()) -> None:
        """`passwords` are tried on an encrypted one."""
        self._path = path
        self._document, self.page_count = _open(path, passwords)
        if self.page_count < 1:
            raise UnreadableDocument(path, Reason.NO_PAGES)
        if self.page_count > MAX_PAGES:
            raise UnreadableDocument(path, Reason.TOO_LARGE)

    @property
    def title(self) -> str:
        try:
            return clean_title((self._document.metadata or {}).get("title") or "")
        except Exception as error:
            _raise_if_memory(error)
            return ""

    def pages(self, first: int) -> Iterator[tuple[Page, Blank | None]]:
        """Each page from `first` on, and why it has no text, or none worth reading. Raises OutOfMemory."""
        for number in range(first, self.page_count + 1):
            try:
                yield self._page(number)
            except Exception as error:
                _raise_if_memory(error)
                yield Page(number, ()), Blank.BROKEN
            if number % _SHRINK_EVERY == 0:
                _shrink()

    def texts(self) -> Iterator[tuple[int, str]]:
        """Each page's number and its bare text, "" where it cannot be read. Raises OutOfMemory."""
        for number in range(1, self.page_count + 1):
            text = ""
            try:
                text = self._document.load_page(number - 1).get_text("text", flags=pymupdf.TEXT_MEDIABOX_CLIP)
            except Exception as error:
                _raise_if_memory(error)
            yield number, text
            if number % _SHRINK_EVERY == 0:
                _shrink()

    def render(self, number: int, scale: float) -> PageImage:
        """Page `number` as PNG at `scale` pixels per point, at less where that would be over MAX_PIXELS."""
        with self._drawing():
            pixmap, scale = self._pixmap(number, scale, MAX_PIXELS, pymupdf.csRGB)
            png = pixmap.tobytes("png")
        return PageImage(number, self.page_count, pixmap.width, pixmap.height, scale, png)

    def picture(self, number: int, scale: float, most_pixels: int) -> PagePicture:
        """Page `number` in grey, as displayed, at `scale` pixels per point or less."""
        with self._drawing():
            pixmap, scale = self._pixmap(number, scale, most_pixels, pymupdf.csGRAY)
            return PagePicture(pixmap.width, pixmap.height, scale, bytes(pixmap.samples))

    @contextmanager
    def _drawing(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            _raise_if_memory(error)
            raise UnreadableDocument(self._path, Reason.DAMAGED) from error
        finally:
            _shrink()

    def _pixmap(self, number: int, scale: float, most_pixels: int, colours: Any) -> tuple[Any, float]:
        page = self._document.load_page(number - 1)
        scale = _bounded(page.rect.width, page.rect.height, scale, most_pixels)
        return page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=colours, alpha=False), scale

    def _page(self, number: int) -> tuple[Page, Blank | None]:
        page = self._document.load_page(number - 1)
        blocks = page.get_text("dict", flags=_TEXT_FLAGS)["blocks"]
        turn: Any = tuple(page.rotation_matrix)  # everything comes in the page's own space, before its rotation
        displayed = page.rect
        lines = lines_of(number, _strokes(blocks, turn), _rules(blocks, turn))
        read = Page(number, lines, displayed.width, displayed.height)
        if is_garbage(_raw_text(blocks)) or (lines and _is_stamped_scan(page, lines)):
            return read, Blank.GARBAGE
        return read, None if lines else _blank(page)


def _open(path: str, passwords: Sequence[str]) -> tuple[Any, int]:
    """The document and its number of pages."""
    try:
        document = _opened(path)
        if not document.is_pdf:
            raise UnreadableDocument(path, Reason.DAMAGED)
        # a document that only its owner's password protects opens without one
        if document.needs_pass and not any(document.authenticate(password) for password in passwords):
            raise UnreadableDocument(path, Reason.ENCRYPTED)
        return document, document.page_count
    except (FileNotFoundError, UnreadableDocument):
        raise
    except Exception as error:
        _raise_if_memory(error)
        # "unknown encryption handler": a certificate instead of a password, or something newer
        encrypted = any("encryption" in str(cause) for cause in _causes(error))
        raise UnreadableDocument(path, Reason.ENCRYPTED if encrypted else Reason.DAMAGED) from error


def _opened(path: str) -> Any:
    with open_file(path) as file:  # MuPDF does not tell a missing file from a damaged one
        try:
            path.encode()
        except UnicodeEncodeError:  # MuPDF takes names in UTF-8 only
            return pymupdf.open(stream=file.read(), filetype="pdf")
    return pymupdf.open(path, filetype="pdf")


def _turned(box: _Box, turn: _Turn) -> _Box:
    """What a box of the page's own space becomes on the page as displayed: pymupdf.Rect, without its many calls."""
    x0, y0, x1, y1 = box
    a, b, c, d, e, f = turn
    if b == c == 0:
        x0, y0, x1, y1 = a * x0 + e, d * y0 + f, a * x1 + e, d * y1 + f
    else:
        corners = ((x0, y0), (x1, y0), (x0, y1), (x1, y1))
        across = [a * x + c * y + e for x, y in corners]
        down = [b * x + d * y + f for x, y in corners]
        x0, y0, x1, y1 = min(across), min(down), max(across), max(down)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _strokes(blocks: Any, turn: _Turn) -> list[Stroke]:
    return [
        stroke
        for number, block in enumerate(blocks)
        for line in block.get("lines", ())
        if (stroke := _stroke(line, number, turn))
    ]


def _rules(blocks: Any, turn: _Turn) -> list[Rule]:
    """What is drawn thin; of a frame its four sides."""
    rules = []
    for block in blocks:
        if block["type"] == _VECTOR:
            rules += [Rule(*_turned(side, turn)) for side in _sides(block)]
    return rules


def _sides(block: Any) -> list[tuple[float, float, float, float]]:
    x0, y0, x1, y1 = block["bbox"]
    if x1 - x0 <= _THICK or y1 - y0 <= _THICK:
        return [(x0, y0, x1, y1)]
    if block["stroked"] and block["isrect"]:
        return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
    return []


def _raw_text(blocks: Any) -> str:
    """The page's text before anything is taken out of it that nobody sees."""
    return "\n".join(
        "".join(span["text"] for span in line["spans"]) for block in blocks for line in block.get("lines", ())
    )


def _stroke(line: Any, block: int, turn: _Turn) -> Stroke | None:
    spans = line["spans"]
    raw = "".join(span["text"] for span in spans)
    text = tidy(raw)
    if not text:
        return None
    main = spans[0] if len(spans) == 1 else max(spans, key=lambda span: len(span["text"].strip()))
    return Stroke(
        text,
        *_turned(line["bbox"], turn),
        size=main["size"],
        bold=_is_bold(main),
        block=block,
        upright=_is_upright(line["dir"], turn),
        mono=bool(main["flags"] & pymupdf.TEXT_FONT_MONOSPACED),
        blank_before=raw[0].isspace(),
        blank_after=raw[-1].isspace(),
    )


def _is_bold(span: Any) -> bool:
    return bool(span["flags"] & pymupdf.TEXT_FONT_BOLD) or any(
        mark in span["font"] for mark in ("Bold", "bold", "Heavy", "Black")
    )


def _is_upright(direction: tuple[float, float], turn: _Turn) -> bool:
    along = direction[0] * turn[0] + direction[1] * turn[2]
    return bool(along > 0.9)


def _is_stamped_scan(page: Any, lines: Sequence[Line]) -> bool:
    """Whether all its text is a few words over a picture of the whole page: a scanning program's, a page number."""
    if sum(len(line.text) for line in lines) > _STAMP:
        return False
    whole = abs(page.rect)
    return any(abs(pymupdf.Rect(image["bbox"])) > _WHOLE * whole for image in page.get_image_info())


def _blank(page: Any) -> Blank:
    return Blank.PICTURE if page.get_images() or page.get_image_info() else Blank.EMPTY


def _shrink() -> None:
    pymupdf.TOOLS.store_shrink(_SHRINK_TO_PERCENT)
    pymupdf.TOOLS.reset_mupdf_warnings()  # it keeps them all


def _bounded(width: float, height: float, scale: float, most_pixels: int) -> float:
    area = max(width, 1.0) * max(height, 1.0)
    return float(max(min(scale, (most_pixels / area) ** 0.5), 1e-4))


def _raise_if_memory(error: BaseException) -> None:
    if any(_is_memory(cause) for cause in _causes(error)):
        raise OutOfMemory from error


def _is_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or (isinstance(error, pymupdf.mupdf.FzErrorSystem) and "alloc" in str(error))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
