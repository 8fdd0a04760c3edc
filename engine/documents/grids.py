"""Sheets become blocks, one for each row that holds something: "Region: North | Revenue: 3.4", called "Sales!14"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.documents.blocks import Block, Blocks
from engine.documents.limits import MAX_CELLS
from engine.documents.records import Expecting, told
from engine.documents.scripts import display_width
from engine.types import Unit

_REPEATED_COLUMNS = 60  # a cell merged over several rows is said again in each, if it is as short as a label
_MOST_MERGED = 20_000  # merged areas that are looked at
_WIDEST_MERGED = 200  # columns of one that count
_PLAIN_NAME = re.compile(
    r"(?:(?:work)?sheet|工作表|tabelle|feuil|hoja|лист|シート|시트|table|foglio|planilha)\s?\d*", re.IGNORECASE
)


@dataclass(slots=True)
class Grid:
    """A sheet while it is read. Rows and columns count from 1; only cells that hold text are kept."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row and column, last row and column
    boxes: list[str] = field(default_factory=list)  # paragraphs that lie over the cells
    cells: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Raises MemoryError beyond MAX_CELLS."""
        if text:
            self.fill(row, {column: text})

    def fill(self, row: int, cells: dict[int, str]) -> None:
        """Cells of one row, none empty. Raises MemoryError beyond MAX_CELLS."""
        self.rows.setdefault(row, {}).update(cells)
        self.cells += len(cells)
        if self.cells > MAX_CELLS:
            raise MemoryError

    def merge(self, area: tuple[int, int, int, int]) -> None:
        if len(self.merged) < _MOST_MERGED:
            self.merged.append(area)


def book(title: str, grids: Iterable[Grid]) -> Blocks:
    """A document of sheets; each begins with its name, unless that says nothing."""
    blocks: list[Block] = []
    rows = 0
    for grid in grids:
        of_sheet = [*_blocks(grid)]
        rows += len(of_sheet) - len(grid.boxes)
        if of_sheet and not _PLAIN_NAME.fullmatch(grid.name):
            of_sheet.insert(0, Block(grid.name, heading=True, label=grid.name))
        if of_sheet and blocks:
            blocks.append(Block(""))  # parts them for the eye
        blocks += of_sheet
    return Blocks(title, Unit.ROW, rows, tuple(blocks))


def lines(grid: Grid, certain: bool = False) -> Iterator[tuple[int, str]]:
    """The number and the text of each row. `certain`: such a table begins with a header if that is at all possible."""
    used = sorted({column for row in grid.rows.values() for column in row})
    columns = {column: place for place, column in enumerate(used)}
    numbers = sorted(grid.rows)
    rows = [_row(grid.rows[number], columns) for number in numbers]
    _spread(grid, columns, dict(zip(numbers, rows, strict=True)))
    breaks = {index for index in range(1, len(numbers)) if numbers[index] > numbers[index - 1] + 1}
    expecting = Expecting(likely=certain or len(columns) > 2)
    return zip(numbers, told(rows, expecting, breaks), strict=True)


def _blocks(grid: Grid) -> Iterator[Block]:
    for number, text in lines(grid):
        if text:
            yield Block(text, label=f"{grid.name}!{number}")
    yield from (Block(text, label=grid.name) for text in grid.boxes)


def _row(filled: dict[int, str], columns: dict[int, int]) -> list[str | None]:
    row: list[str | None] = [""] * len(columns)
    for column, text in filled.items():
        row[columns[column]] = text
    return row


def _spread(grid: Grid, columns: dict[int, int], rows: dict[int, list[str | None]]) -> None:
    """A merged cell reaches over its columns; a short one is said again in each of its rows."""
    for first_row, first_column, last_row, last_column in grid.merged:
        text = grid.rows.get(first_row, {}).get(first_column, "")
        if not text:
            continue
        covered = [
            columns[column]
            for column in range(first_column + 1, min(last_column, first_column + _WIDEST_MERGED) + 1)
            if column in columns
        ]
        for place in covered:
            rows[first_row][place] = None
        if display_width(text) <= _REPEATED_COLUMNS:
            for number in _rows_between(rows, first_row + 1, last_row):
                rows[number][columns[first_column]] = text
                for place in covered:
                    rows[number][place] = None


def _rows_between(rows: dict[int, list[str | None]], first: int, last: int) -> Iterator[int]:
    """A merged area may reach over a million rows that hold nothing."""
    if last - first < len(rows):
        return (number for number in range(first, last + 1) if number in rows)
    return (number for number in rows if first <= number <= last)
