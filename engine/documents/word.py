"""Word's documents (docx, docm, dotx): paragraphs and tables in their order, headings by style, notes in their place.

The XML is read directly: python-docx refuses macro files and strict ones, and any with a picture missing, and holds
every picture in memory. Comments, tables of contents, hidden and deleted text are left out; insertions are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.documents.blocks import Block, Blocks
from engine.documents.characters import tidy
from engine.documents.drawings import referred_lines
from engine.documents.packages import Element, Package, attribute, child, children, named, whole
from engine.documents.records import Expecting, told
from engine.documents.scripts import display_width
from engine.documents.word_numbers import Numbers
from engine.documents.word_runs import is_on, runs_of
from engine.documents.word_styles import Styles
from engine.types import Unit

_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))
_HEADING_COLUMNS = 200  # a whole paragraph in a heading's style is none
_REPEATED_COLUMNS = 60  # a cell merged over several rows is said again in each, if it is as short as a label
_LAYOUT_CHARACTERS = 1500  # a cell with so many holds no value
_MOST_COLUMNS = 100  # Word itself stops at 63
_PAGE_NUMBER = re.compile(r"[\W\d]*(?:page|of|第|共|页|seite|von|sur|[\W\d])*", re.IGNORECASE)


def open_word(package: Package, main: str) -> Blocks:
    """The document whose main part is `main`. Raises UnreadableDocument."""
    reading = _Reading(package, main)
    blocks = (*reading.body(), *reading.margins())
    return Blocks(package.title() or reading.title, Unit.PARAGRAPH, len(blocks), blocks)


class _Reading:
    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._root = package.tree(main)
        related = package.relations(main)
        self._related = related
        self._margins = [it.target for it in related.values() if it.kind in ("header", "footer")]
        self._styles = Styles(package.optional(package.related(main, "styles")))
        self._numbers = Numbers(package.optional(package.related(main, "numbering")))
        self._notes = {
            (kind, attribute(note, "id")): note
            for kind in ("footnote", "endnote")
            for note in children(package.optional(package.related(main, f"{kind}s")))
            if not attribute(note, "type")  # else the line that divides notes from the text
        }
        self._drawn: list[Element] = []  # text boxes and notes of the paragraph or table at hand
        self.title = ""  # the first paragraph in the style of a title

    def body(self) -> Iterator[Block]:
        yield from self._blocks(child(self._root, "body"))

    def margins(self) -> Iterator[Block]:
        """Headers and footers, each once, without page numbers."""
        seen = set()
        for part in self._margins:
            for block in self._blocks(self._package.optional(part)):
                if block.text not in seen and not _PAGE_NUMBER.fullmatch(block.text):
                    seen.add(block.text)
                    yield Block(block.text)

    def _blocks(self, container: Element | None) -> Iterator[Block]:
        for element in _content(container):
            if named(element) == "p":
                yield from self._paragraph(element)
            else:
                yield from self._table(element)
            yield from self._beside()

    def _beside(self) -> Iterator[Block]:
        """What is anchored in the text just read."""
        while self._drawn:
            drawn, self._drawn = self._drawn, []
            for element in drawn:
                yield from self._blocks(element)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        style = self._styles.of(paragraph)
        number = self._numbers.next(paragraph, style.numbering)
        runs = runs_of(paragraph)
        drawn = [line for drawing in runs.drawings for line in referred_lines(self._package, drawing, self._related)]
        self._drawn += runs.boxes
        self._drawn += [self._notes.pop(note) for note in runs.notes if note in self._notes]
        text = tidy(runs.text)
        if text and not style.is_contents:
            heading = style.is_heading and display_width(text) <= _HEADING_COLUMNS
            if style.is_title and not self.title:
                self.title = text
            yield Block(f"{number} {text}" if number else text, heading)
        yield from map(Block, drawn)

    def _table(self, table: Element) -> Iterator[Block]:
        rows = [[*_content(row, "tc")] for row in _content(table, "tr") if child(row, "trPr", "del") is None]
        cells = [[[*self._cell(cell)] for cell in row] for row in rows]
        nested = any(child(cell, "tbl") is not None for row in rows for cell in row)
        if nested or any(map(_is_layout, cells)) or all(sum(map(bool, row)) <= 1 for row in cells):
            yield from (block for row in cells for cell in row for block in cell)
            return
        texts = [[" ".join(block.text for block in cell) for cell in row] for row in cells]
        grid: list[list[str | None]] = []
        for row, filled in zip(rows, texts, strict=True):
            grid.append(_grid_row(row, filled, grid[-1] if grid else []))
        yield from (Block(line) for line in told(grid, self._expecting(table, rows)) if line)

    def _cell(self, cell: Element) -> Iterator[Block]:
        outside, self._drawn = self._drawn, []
        yield from self._blocks(cell)
        self._drawn = outside

    def _expecting(self, table: Element, rows: list[list[Element]]) -> Expecting:
        repeated = 0
        for row in rows:
            if not row or not is_on(child(row[0].getparent(), "trPr"), "tblHeader"):
                break
            repeated += 1
        if 0 < repeated < len(rows):
            return Expecting(header_rows=repeated)
        return Expecting(styled=self._styles.sets_off_first_row(table) or _begins_bold(rows))


def _content(container: Element | None, *wanted: str) -> Iterator[Element]:
    """Paragraphs and tables (or rows, or cells), also those within content controls and tracked insertions."""
    for element in children(container):
        name = named(element)
        if name in (wanted or ("p", "tbl")):
            yield element
        elif name in _WRAPPERS:
            yield from _content(element, *wanted)
        elif name == "AlternateContent":
            yield from _content(child(element, "Choice"), *wanted)


def _is_layout(cells: list[list[Block]]) -> bool:
    """Whether a row only places paragraphs on the page."""
    return any(
        sum(len(block.text) for block in cell) > _LAYOUT_CHARACTERS
        or (len(cell) > 1 and any(block.heading for block in cell))
        for cell in cells
    )


def _grid_row(row: list[Element], texts: list[str], above: list[str | None]) -> list[str | None]:
    """The texts by their columns."""
    before = attribute(child(row[0].getparent(), "trPr", "gridBefore") if row else None, "val", "0")
    cells: list[str | None] = [""] * whole(before, 0, _MOST_COLUMNS)
    for cell, text in zip(row, texts, strict=True):
        span = attribute(child(cell, "tcPr", "gridSpan"), "val", "1")
        merged = child(cell, "tcPr", "vMerge")
        if merged is not None and attribute(merged, "val") != "restart" and len(cells) < len(above):
            text = above[len(cells)] or ""
            text = text if display_width(text) <= _REPEATED_COLUMNS else ""
        cells.append(text)
        cells += [None] * (whole(span, 1, _MOST_COLUMNS - len(cells)) - 1)
    return cells


def _begins_bold(rows: list[list[Element]]) -> bool:
    return len(rows) > 1 and _is_bold(rows[0]) and not _is_bold(rows[1])


def _is_bold(row: list[Element]) -> bool:
    runs = [run for cell in row for run in cell.iter("{*}r") if child(run, "t") is not None]
    return bool(runs) and all(is_on(child(run, "rPr"), "b") for run in runs)
