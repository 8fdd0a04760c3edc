"""Which of HTML's tables hold data, and what their rows say: the header stands beside each cell.

Many tables, most of all in mails, only place things on the page; those are read cell by cell as any other text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.documents.records import Expecting, told
from engine.documents.scripts import display_width

Element = Any  # lxml has no types of its own

_WIDEST_SPAN = 100
_TALLEST_SPAN = 1000
_SPANNED_COLUMNS = 200  # cells beyond take one row and column, whatever they say
_REPEATED_COLUMNS = 60  # a cell over several rows is said again in each, if it is as short as a label
_LAYOUT_CHARACTERS = 1500  # a cell with so many holds no value
_HOLDS_TEXT = ("table", "h1", "h2", "h3", "h4", "form", "article", "section", "blockquote", "pre")


def is_table(table: Element) -> bool:
    """Whether its rows belong together: at least two cells beside each other, and nothing large within one."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return False
    if next(table.iterdescendants(*_HOLDS_TEXT), None) is not None:
        return False
    rows = [*table.iter("tr")]
    if max((len(_cells(row)) for row in rows), default=0) < 2:
        return False
    return all(len("".join(cell.itertext())) <= _LAYOUT_CHARACTERS for row in rows for cell in _cells(row))


def rows_of(table: Element, text_of: Callable[[Element], str]) -> Iterator[str]:
    """Each row as one line, "Year: 2021 | Revenue: 3.4"; the headers come first, as they are."""
    rows = [*table.iter("tr")]
    titles = next((number for number, row in enumerate(rows) if len(_cells(row)) > 1), 0)
    grid = _grid(rows, text_of)
    yield from (line for line in told(grid[:titles], Expecting(header_rows=0)) if line)
    yield from (line for line in told(grid[titles:], Expecting(header_rows=_header_rows(rows[titles:]))) if line)


def _header_rows(rows: list[Element]) -> int | None:
    """How many of the first rows are headers, by how they are marked; None where none is."""
    count = 0
    for row in rows:
        in_head = row.getparent() is not None and row.getparent().tag == "thead"
        cells = _cells(row)
        if not (in_head or (cells and all(cell.tag == "th" for cell in cells))):
            break
        count += 1
    return count if 0 < count < len(rows) else None


def _grid(rows: list[Element], text_of: Callable[[Element], str]) -> list[list[str | None]]:
    """The texts by row and column; None where a cell to the left reaches over."""
    grid: list[list[str | None]] = []
    reaching: dict[int, tuple[int, str]] = {}  # column → rows that a cell above still covers, and its text
    for row in rows:
        line: list[str | None] = []
        cells = iter(_cells(row))
        while True:
            rest, above = reaching.pop(len(line), (0, ""))
            if rest:
                if rest > 1:
                    reaching[len(line)] = (rest - 1, above)
                line.append(above)
                continue
            cell = next(cells, None)
            if cell is None:
                if not any(column > len(line) for column in reaching):
                    break
                line.append("")
                continue
            text = text_of(cell)
            span = height = 1
            if len(line) < _SPANNED_COLUMNS:
                span, height = _span(cell, "colspan", _WIDEST_SPAN), _span(cell, "rowspan", _TALLEST_SPAN)
            if height > 1:
                reaching[len(line)] = (height - 1, text if display_width(text) <= _REPEATED_COLUMNS else "")
            line += [text, *([None] * (span - 1))]
        grid.append(line)
    return grid


def _span(cell: Element, name: str, most: int) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]
