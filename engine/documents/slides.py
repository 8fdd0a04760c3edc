"""PowerPoint's presentations (pptx, pptm, ppsx): slide by slide, the title first, then as the eye goes, then the notes.

The XML is read directly: python-pptx holds every picture and film in memory, refuses slide shows and has no diagrams.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.documents.blocks import Block, Blocks
from engine.documents.characters import clean_title
from engine.documents.drawings import paragraphs, referred_lines
from engine.documents.packages import Element, Package, Relation, attribute, below, child, named
from engine.documents.records import Expecting, told
from engine.documents.scripts import display_width
from engine.documents.slide_shapes import Placeholders, Shape, in_reading_order, shapes_of
from engine.types import Unit

_TITLES = frozenset(("title", "ctrTitle"))
_PASSED_OVER = frozenset(("sldNum", "dt", "hdr"))
_REPEATED_COLUMNS = 60
_TITLE_COLUMNS = 80  # of a first line that serves as the title where there is none


def open_slides(package: Package, main: str) -> Blocks:
    """The presentation whose main part is `main`. Raises UnreadableDocument."""
    reading = _Reading(package, main)
    blocks: list[Block] = []
    for number, part in enumerate(reading.parts, 1):
        slide = [*reading.slide(part, str(number))]
        if slide and blocks:
            blocks.append(Block(""))  # parts them for the eye
        blocks += slide
    title = next((block.text for block in blocks if block.heading), "")
    return Blocks(package.title() or clean_title(title), Unit.SLIDE, len(reading.parts), tuple(blocks))


class _Reading:
    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        root = package.tree(main)
        related = package.relations(main)
        listed = [related.get(_relation(entry)) for entry in below(child(root, "sldIdLst"), "sldId")]
        self.parts = tuple(relation.target for relation in listed if relation)
        self._placeholders: dict[str, Placeholders] = {}  # by layout
        self._footers: set[str] = set()

    def slide(self, part: str, label: str) -> Iterator[Block]:
        root = self._package.optional(part)
        related = self._package.relations(part)
        shapes = in_reading_order(shapes_of(child(root, "cSld", "spTree"), self._layout_of(related)))
        titles = [shape for shape in shapes if shape.role in _TITLES]
        others = [shape for shape in shapes if shape.role not in _TITLES | _PASSED_OVER]
        heading = " ".join(line for shape in titles for line in self._lines(shape, related))
        lines = [line for shape in others for line in self._lines(shape, related)]
        if not heading and len(lines) > 1 and _may_be_title(others, lines[0]):
            heading = lines.pop(0)
        if heading:
            yield Block(heading, heading=True, label=label)
        for line in (*lines, *self._notes(related)):
            yield Block(line, label=label)

    def _layout_of(self, related: dict[str, Relation]) -> Placeholders:
        """Where the slide's layout, and its master, put what the slide itself does not place."""
        layout = next((it.target for it in related.values() if it.kind == "slideLayout"), "")
        if layout not in self._placeholders:
            master = self._package.related(layout, "slideMaster") if layout else None
            trees = [child(self._package.optional(name), "cSld", "spTree") for name in (layout, master)]
            self._placeholders[layout] = Placeholders(trees)
        return self._placeholders[layout]

    def _lines(self, shape: Shape, related: dict[str, Relation]) -> list[str]:
        lines = [*self._all_lines(shape.element, related)]
        if shape.role == "ftr":  # a footer is said once in the presentation
            lines = [line for line in lines if line not in self._footers]
            self._footers.update(lines)
        return lines

    def _all_lines(self, element: Element, related: dict[str, Relation]) -> Iterator[str]:
        if named(element) == "sp":
            yield from paragraphs(child(element, "txBody"))
            return
        for table in below(element, "tbl"):
            yield from _table(table)
        yield from referred_lines(self._package, element, related)

    def _notes(self, related: dict[str, Relation]) -> Iterator[str]:
        for relation in related.values():
            if relation.kind == "notesSlide":
                tree = child(self._package.optional(relation.target), "cSld", "spTree")
                for shape in shapes_of(tree, Placeholders([])):
                    if shape.role == "body":
                        yield from paragraphs(child(shape.element, "txBody"))


def _may_be_title(shapes: list[Shape], line: str) -> bool:
    first = next((shape for shape in shapes if child(shape.element, "txBody") is not None), None)
    if first is None or display_width(line) > _TITLE_COLUMNS:
        return False
    return [*paragraphs(child(first.element, "txBody"))] == [line]


def _table(table: Element) -> Iterator[str]:
    rows: list[list[str | None]] = []
    for row in (part for part in table if named(part) == "tr"):
        rows.append([*_cells(row, rows[-1] if rows else [])])
    styled = attribute(child(table, "tblPr"), "firstRow") in ("1", "true")
    yield from filter(None, told(rows, Expecting(styled=styled)))


def _cells(row: Element, above: list[str | None]) -> Iterator[str | None]:
    """A cell merged over several rows is said again in each, if it is as short as a label."""
    for column, cell in enumerate(part for part in row if named(part) == "tc"):
        if attribute(cell, "hMerge") in ("1", "true"):
            yield None
        elif attribute(cell, "vMerge") in ("1", "true") and column < len(above):
            text = above[column] or ""
            yield text if display_width(text) <= _REPEATED_COLUMNS else ""
        else:
            yield " ".join(paragraphs(child(cell, "txBody")))


def _relation(entry: Element) -> str:
    """The id with a namespace: the other is the slide's own number."""
    return str(next((value for key, value in entry.items() if key.endswith("}id")), ""))
