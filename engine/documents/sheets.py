"""Excel's workbooks (xlsx, xlsm, xltx): each row with its headers; what a formula came to, dates and numbers as shown.

The XML is read directly, as a stream: openpyxl takes three times as long, which is more than a large sheet has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.documents.blocks import Blocks
from engine.documents.characters import tidy
from engine.documents.drawings import paragraphs
from engine.documents.grids import Grid, book
from engine.documents.limits import MAX_CELLS, MAX_CHARACTERS, MAX_SHEET_BYTES
from engine.documents.number_formats import BUILT_IN, general, shown
from engine.documents.packages import Element, Package, attribute, below, child, children, named, whole
from engine.errors import UnreadableDocument
from engine.types import Reason

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DIGITS = "0123456789"
_VALUES = (b"</v>", b"</is>")  # of cells that hold something; with prefixes, `Grid` counts them
_TRUTH = {"0": "FALSE", "1": "TRUE"}


def open_sheets(package: Package, main: str) -> Blocks:
    """The workbook whose main part is `main`. Raises UnreadableDocument; MemoryError beyond the limits."""
    reading = _Reading(package, main)
    return book(package.title(), reading.grids())


class _Reading:
    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._root = package.tree(main)
        self._related = package.relations(main)
        self._is_1904 = attribute(child(self._root, "workbookPr"), "date1904") in ("1", "true")
        self._strings = [*self._shared_strings()]
        self._formats = _formats(package.optional(self._part("styles")))

    def grids(self) -> Iterator[Grid]:
        """Hidden sheets too; charts on sheets of their own have no rows."""
        sheets: list[tuple[str, str]] = []
        for sheet in below(child(self._root, "sheets"), "sheet"):
            identity = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            relation = self._related.get(identity)
            if relation and relation.kind == "worksheet" and relation.target in self._package:
                sheets.append((tidy(attribute(sheet, "name")), relation.target))
        size = sum(self._package.size(part) for _, part in sheets)
        if size > MAX_SHEET_BYTES or sum(self._package.count(part, _VALUES) for _, part in sheets) > MAX_CELLS:
            raise UnreadableDocument(self._package.path, Reason.TOO_LARGE)
        for name, part in sheets:
            yield self._grid(name, part)

    def _grid(self, name: str, part: str) -> Grid:
        grid = Grid(name)
        number = 0
        for element in self._package.elements(part, "row", "mergeCell"):
            if named(element) == "row":
                number = whole(element.get("r", ""), number + 1)
                self._row(grid, number, element)
            else:
                corners = _REFERENCE.findall(element.get("ref", ""))
                if len(corners) == 2:
                    (left, top), (right, bottom) = corners
                    grid.merge((int(top), column_of(left), int(bottom), column_of(right)))
        drawing = self._package.optional(self._package.related(part, "drawing"))
        grid.boxes += [text for body in below(drawing, "txBody") for text in paragraphs(body)]
        return grid

    def _row(self, grid: Grid, number: int, row: Element) -> None:
        """Runs for every cell of a sheet, of which there may be a million: hence no regular expression."""
        filled: dict[int, str] = {}
        column = 0
        for cell in row:
            place = cell.get("r")
            column = column_of(place.rstrip(_DIGITS)) if place else column + 1
            text = self._text(cell) if len(cell) else ""
            if text:
                filled[column] = text
        if filled:
            grid.fill(number, filled)

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        last = cell[-1]  # before it there may be the formula
        value = (last if named(last) == "v" else child(cell, "v")) if kind != "inlineStr" else None
        if value is None:
            return _plain(child(cell, "is"))
        text = value.text or ""
        if kind == "n":
            return self._number(text, cell.get("s", "0"))
        if kind == "s":
            index = whole(text, len(self._strings))
            return self._strings[index] if index < len(self._strings) else ""
        if kind == "e":
            return ""  # "#REF!" tells nobody anything
        return _TRUTH.get(text, text) if kind == "b" else tidy(text)

    def _number(self, value: str, style: str) -> str:
        try:
            number = float(value)
            return (
                shown(number, self._formats.get(style, ""), self._is_1904)
                if style in self._formats
                else general(number)
            )
        except (ValueError, OverflowError):  # no number at all, or infinite
            return tidy(value)

    def _shared_strings(self) -> Iterator[str]:
        part = self._part("sharedStrings")
        characters = 0
        for element in self._package.elements(part, "si") if part else ():
            text = _plain(element)
            characters += len(text)
            if characters > MAX_CHARACTERS:
                raise MemoryError
            yield text

    def _part(self, kind: str) -> str | None:
        return next(
            (it.target for it in self._related.values() if it.kind == kind and it.target in self._package), None
        )


@lru_cache(maxsize=20_000)
def column_of(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number


def _plain(element: Element | None) -> str:
    """A text that may change its font in the middle; without the readings above Chinese characters."""
    if element is None:
        return ""
    if len(element) == 1 and named(element[0]) == "t":
        return tidy(element[0].text or "")
    runs = (part for run in element if named(run) in ("r", "t") for part in ([run] if named(run) == "t" else run))
    return tidy("".join(part.text or "" for part in runs if named(part) == "t"))


def _formats(root: Element | None) -> dict[str, str]:
    """The formats by the numbers of the cells' styles; without those that change nothing."""
    codes = {str(number): code for number, code in BUILT_IN.items()}
    for element in below(child(root, "numFmts"), "numFmt"):
        codes[attribute(element, "numFmtId")] = attribute(element, "formatCode")
    styles = (attribute(style, "numFmtId", "0") for style in children(child(root, "cellXfs")))
    found = ((str(index), codes.get(number, "")) for index, number in enumerate(styles))
    return {style: code for style, code in found if code and code.lower() not in ("general", "@")}
