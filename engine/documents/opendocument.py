"""LibreOffice's texts and presentations (odt, odp): the same order, headings, notes and tables as in Word's files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.documents.blocks import Block, Blocks
from engine.documents.characters import clean_title, tidy
from engine.documents.opendocument_tables import document_table
from engine.documents.packages import Element, Package, attribute, below, child, children, named
from engine.documents.records import Expecting, told
from engine.documents.scripts import display_width
from engine.documents.slide_shapes import NOWHERE, Area, Shape, in_reading_order
from engine.types import Unit

_LEFT_OUT = frozenset(
    "tracked-changes table-of-content alphabetical-index illustration-index forms annotation ruby-text hidden-text "
    "title desc event-listeners sequence-decls variable-decls user-field-decls notes".split()
)
_BLANKS = frozenset(("s", "tab", "line-break"))
_TITLES = frozenset(("title", "subtitle", "标题", "副标题"))
_HEADER = "Table_20_Heading"
_HEADING_COLUMNS = 200
_PASSED_OVER = frozenset(("page-number", "date-time", "header", "page"))
_LENGTH = re.compile(r"(-?[\d.]+)\s*(cm|mm|in|pt|pc|px)?")
_MILLIMETRES = {"cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "px": 25.4 / 96}


def open_writing(package: Package, root: Element) -> Blocks:
    """A text document; `root` is its content. Raises UnreadableDocument."""
    reading = _Reading(root)
    blocks = [*reading.blocks(child(root, "body", "text"))]
    styles = package.optional("styles.xml")
    blocks += _margins(_Reading(styles), styles)
    title = next((block.text for block in blocks if block.heading), "") if reading.has_title else ""
    return Blocks(package.title() or clean_title(title), Unit.PARAGRAPH, len(blocks), tuple(blocks))


def open_showing(package: Package, root: Element) -> Blocks:
    """A presentation. Raises UnreadableDocument."""
    reading = _Reading(root)
    pages = [page for page in children(child(root, "body", "presentation")) if named(page) == "page"]
    blocks: list[Block] = []
    for number, page in enumerate(pages, 1):
        slide = [*_slide(reading, page, str(number))]
        if slide and blocks:
            blocks.append(Block(""))  # parts them for the eye
        blocks += slide
    title = next((block.text for block in blocks if block.heading), "")
    return Blocks(package.title() or clean_title(title), Unit.SLIDE, len(pages), tuple(blocks))


class _Reading:
    def __init__(self, root: Element | None) -> None:
        styles = [style for name in ("styles", "automatic-styles") for style in children(child(root, name))]
        self._parents = {attribute(style, "name"): attribute(style, "parent-style-name") for style in styles}
        self._beside: list[Element] = []  # text boxes and notes of the paragraph at hand
        self.has_title = False

    def blocks(self, container: Element | None) -> Iterator[Block]:
        for element in children(container):
            name = named(element)
            if name in ("p", "h"):
                yield from self._paragraph(element)
            elif name == "table":
                yield from self._table(element)
            elif name not in _LEFT_OUT:  # lists, sections, frames
                yield from self.blocks(element)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        outside, self._beside = self._beside, []
        text = tidy("".join(self._pieces(paragraph)))
        is_title = self._is_title(attribute(paragraph, "style-name"))
        if text:
            self.has_title |= is_title
            heading = named(paragraph) == "h" or is_title
            yield Block(text, heading and display_width(text) <= _HEADING_COLUMNS)
        beside, self._beside = self._beside, outside
        for element in beside:
            yield from self.blocks(element)

    def _pieces(self, element: Element) -> Iterator[str]:
        """The text of a paragraph; what is anchored in it is kept for later."""
        yield element.text or ""
        for part in element:
            name = named(part)
            if name in _BLANKS:
                yield " "
            elif name in ("note", "frame", "custom-shape", "g"):
                self._beside.append(child(part, "note-body") if name == "note" else part)
            elif name not in _LEFT_OUT:
                yield from self._pieces(part)
            yield part.tail or ""

    def _table(self, table: Element) -> Iterator[Block]:
        def text_of(cell: Element) -> str:
            return " ".join(block.text for block in self.blocks(cell))

        rows, expecting = document_table(table, text_of)
        if expecting.header_rows is None and self._begins_as_header(table):
            expecting = Expecting(styled=True)
        yield from (Block(line) for line in told(rows, expecting) if line)

    def _begins_as_header(self, table: Element) -> bool:
        """Whether all paragraphs of its first row are in LibreOffice's style for that."""
        first = next(below(table, "table-row"), None)
        styles = [
            attribute(paragraph, "style-name") for paragraph in below(first, "p") if "".join(paragraph.itertext())
        ]
        return bool(styles) and all(_HEADER in (style, self._parents.get(style)) for style in styles)

    def _is_title(self, style: str) -> bool:
        return any(name.lower() in _TITLES for name in (style, self._parents.get(style, "")))


def _slide(reading: _Reading, page: Element, label: str) -> Iterator[Block]:
    shapes = [
        shape for shape in in_reading_order([*_shapes(page)]) if shape.role not in _PASSED_OVER | {"footer", "notes"}
    ]
    for shape in sorted(shapes, key=lambda shape: shape.role != "title"):
        texts = [block.text for block in reading.blocks(shape.element)]
        if shape.role == "title" and texts:
            yield Block(" ".join(texts), heading=True, label=label)
        else:
            yield from (Block(text, label=label) for text in texts)
    for notes in (part for part in page if named(part) == "notes"):
        for shape in _shapes(notes):
            if shape.role == "notes":
                yield from (Block(block.text, label=label) for block in reading.blocks(shape.element))


def _shapes(parent: Element) -> Iterator[Shape]:
    for element in parent:
        if named(element) == "g":
            yield from in_reading_order([*_shapes(element)])
        elif named(element) not in _LEFT_OUT:
            x, y, width, height = (_length(attribute(element, name)) for name in ("x", "y", "width", "height"))
            area = Area(x, y, width, height) if attribute(element, "x") else NOWHERE
            yield Shape(element, attribute(element, "class"), area)


def _margins(reading: _Reading, styles: Element | None) -> Iterator[Block]:
    """Headers and footers, each once, without page numbers."""
    seen: set[str] = set()
    for page in below(child(styles, "master-styles"), "master-page"):
        for part in page:
            if named(part).startswith(("header", "footer")):
                for block in reading.blocks(part):
                    if block.text not in seen and sum(map(str.isalpha, block.text)) > len("page of"):
                        seen.add(block.text)
                        yield Block(block.text)


def _length(text: str) -> float:
    """In millimetres; 0 for what is none."""
    match = _LENGTH.fullmatch(text)
    try:
        return float(match[1]) * _MILLIMETRES.get(match[2] or "px", 1.0) if match else 0.0
    except ValueError:
        return 0.0
