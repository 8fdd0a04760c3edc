"""Tables and sheets (ods) of LibreOffice's files: rows and cells that may stand for any number of equal ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.documents.blocks import Blocks
from engine.documents.characters import tidy
from engine.documents.grids import Grid, book
from engine.documents.packages import Element, Package, attribute, below, child, named, whole
from engine.documents.records import Cells, Expecting
from engine.documents.scripts import display_width

_MOST_ROWS = 5_000  # of a table in a text
_MOST_COLUMNS = 200
_MOST_REPEATED = 1_048_576
_REPEATED_COLUMNS = 60  # a cell merged over several rows is said again in each, if it is as short as a label
_GROUPS = frozenset(("table-header-rows", "table-rows", "table-row-group"))


def open_calculating(package: Package, root: Element) -> Blocks:
    """A workbook; `root` is its content. Raises MemoryError beyond the limits."""
    tables = below(child(root, "body", "spreadsheet"), "table")
    return book(package.title(), (_sheet(table) for table in tables if named(table.getparent()) == "spreadsheet"))


def document_table(table: Element, text_of: Callable[[Element], str]) -> tuple[list[Cells], Expecting]:
    """The rows of a table within a text, and what it says of its header."""
    rows: list[list[str | None]] = []
    header = 0
    reaching: dict[int, tuple[int, str | None]] = {}  # columns that a cell above reaches into: rows left, its text
    for row, in_header in _rows(table):
        rows.append(_row(row, reaching, text_of))
        header += in_header
        if len(rows) == _MOST_ROWS:
            break
    return [*rows], Expecting(header_rows=header) if 0 < header < len(rows) else Expecting()


def _row(
    row: Element, reaching: dict[int, tuple[int, str | None]], text_of: Callable[[Element], str]
) -> list[str | None]:
    cells: list[str | None] = []
    across = 0  # columns that the last cell still reaches into
    for cell in row:
        for _ in range(min(_count(cell, "number-columns-repeated"), _MOST_COLUMNS - len(cells))):
            column = len(cells)
            rows_left, above = reaching.get(column, (0, ""))
            if named(cell) == "covered-table-cell" and rows_left:
                cells.append(above)
                reaching[column] = (rows_left - 1, above)
            elif named(cell) == "covered-table-cell":
                cells.append(None if across else "")
                across = max(across - 1, 0)
            elif named(cell) == "table-cell":
                text = text_of(cell)
                cells.append(text)
                across = _count(cell, "number-columns-spanned") - 1
                _reach(reaching, column, across, _count(cell, "number-rows-spanned") - 1, text)
    return cells


def _reach(reaching: dict[int, tuple[int, str | None]], column: int, across: int, down: int, text: str) -> None:
    if down > 0:
        reaching[column] = (down, text if display_width(text) <= _REPEATED_COLUMNS else "")
        for other in range(column + 1, min(column + across, _MOST_COLUMNS) + 1):
            reaching[other] = (down, None)


def _sheet(table: Element) -> Grid:
    grid = Grid(tidy(attribute(table, "name")))
    number = 0
    for row, _ in _rows(table):
        repeated = _count(row, "number-rows-repeated")
        filled = [*_filled(row)]
        cells = {column: text for first, last, text, _, _ in filled for column in range(first, last + 1)}
        for again in range(1, repeated + 1 if cells else 1):
            grid.fill(number + again, cells)
        for first, _, _, across, down in filled:
            if across > 1 or down > 1:
                grid.merge((number + 1, first, number + down, first + across - 1))
        number += repeated
    return grid


def _filled(row: Element) -> Iterator[tuple[int, int, str, int, int]]:
    """Cells with text: their first and last column, the text, how far it reaches across and down."""
    column = 1
    for cell in row:
        repeated = _count(cell, "number-columns-repeated") if named(cell) in ("table-cell", "covered-table-cell") else 0
        text = _shown(cell) if named(cell) == "table-cell" else ""
        if text:
            across, down = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
            yield column, column + repeated - 1, text, across, down
        column += repeated


def _shown(cell: Element) -> str:
    """What the cell shows; a date always as 2021-03-31."""
    date = attribute(cell, "date-value")
    if date:
        return date.replace("T00:00:00", "").replace("T", " ")
    paragraphs = (part for part in cell if named(part) == "p")
    return tidy(" ".join("".join(_pieces(paragraph)) for paragraph in paragraphs))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        if named(part) in ("s", "tab", "line-break"):
            yield " "
        elif named(part) != "ruby-text":
            yield from _pieces(part)
        yield part.tail or ""


def _rows(table: Element, in_header: bool = False) -> Iterator[tuple[Element, bool]]:
    for element in table:
        if named(element) == "table-row":
            yield element, in_header
        elif named(element) in _GROUPS:
            yield from _rows(element, in_header or named(element) == "table-header-rows")


def _count(element: Element, name: str) -> int:
    return whole(attribute(element, name), 1, _MOST_REPEATED)
