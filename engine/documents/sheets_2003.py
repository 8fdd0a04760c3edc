"""Workbooks in Excel's XML of 2003, which many programs export under the name of an xls."""

from __future__ import annotations

from collections.abc import Iterator

from engine.documents.blocks import Blocks
from engine.documents.characters import tidy
from engine.documents.grids import Grid, book
from engine.documents.number_formats import general
from engine.documents.packages import Element, attribute, below, child, named, parsed, whole

_LAST_ROW = 1_048_576


def open_sheets_2003(path: str, data: bytes) -> Blocks:
    """Raises UnreadableDocument: damaged; MemoryError beyond the limits."""
    return book("", _grids(parsed(path, data)))


def _grids(root: Element) -> Iterator[Grid]:
    for sheet in below(root, "Worksheet"):
        grid = Grid(tidy(attribute(sheet, "Name")))
        number = 0
        for row in (part for part in below(child(sheet, "Table"), "Row")):
            number = _number(row, "Index", number + 1)
            _fill(grid, number, row)
            number += _number(row, "Span", 0)
        yield grid


def _fill(grid: Grid, number: int, row: Element) -> None:
    column = 0
    for cell in row:
        if named(cell) != "Cell":
            continue
        column = _number(cell, "Index", column + 1)
        across, down = _number(cell, "MergeAcross", 0), _number(cell, "MergeDown", 0)
        grid.put(number, column, _text(child(cell, "Data")))
        if across or down:
            grid.merge((number, column, number + down, column + across))
        column += across


def _text(data: Element | None) -> str:
    if data is None:
        return ""
    text = tidy("".join(data.itertext()))
    kind = attribute(data, "Type")
    if kind == "DateTime":
        return text.replace("T00:00:00.000", "").replace("T", " ").removesuffix(".000")
    if kind == "Number":
        try:
            return general(float(text))
        except (ValueError, OverflowError):
            return text
    return "" if kind == "Error" else text


def _number(element: Element, name: str, default: int) -> int:
    return whole(attribute(element, name), default, _LAST_ROW)
