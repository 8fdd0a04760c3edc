"""Excel's workbooks of before 2007 (xls), the door to xlrd."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import xlrd

from engine.documents.blocks import Blocks
from engine.documents.characters import tidy
from engine.documents.grids import Grid, book
from engine.documents.number_formats import general, shown
from engine.errors import UnreadableDocument
from engine.types import Reason

# what xlrd raises over damaged files, beside its own error
_BROKEN = (
    *(xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error),
    *(AssertionError, AttributeError, LookupError, OverflowError, TypeError, ValueError),
)


def open_old_sheets(path: str, data: bytes) -> Blocks:
    """Raises UnreadableDocument: damaged, encrypted; MemoryError beyond the limits."""
    try:
        workbook = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO(), on_demand=True)
        return book("", _grids(workbook))
    except _BROKEN as error:
        if "encrypted" in str(error):
            raise UnreadableDocument(path, Reason.ENCRYPTED) from error
        raise UnreadableDocument(path, Reason.DAMAGED) from error


def _grids(workbook: xlrd.Book) -> Iterator[Grid]:
    for index in range(workbook.nsheets):
        sheet = workbook.sheet_by_index(index)
        grid = Grid(tidy(sheet.name))
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row), 1):
                grid.put(row + 1, column, _text(workbook, cell))
        for top, bottom, left, right in sheet.merged_cells:  # the last two of each are one beyond
            grid.merge((top + 1, left + 1, bottom, right))
        workbook.unload_sheet(index)
        yield grid


def _text(workbook: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return tidy(cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return _number(workbook, cell)
    return ""  # nothing, or an error


def _number(workbook: xlrd.Book, cell: xlrd.sheet.Cell) -> str:
    style = workbook.xf_list[cell.xf_index] if cell.xf_index is not None else None
    told = workbook.format_map.get(style.format_key) if style else None
    if told is None or told.format_str.lower() in ("general", "@"):
        return general(cell.value)
    return shown(cell.value, told.format_str, workbook.datemode == 1)
