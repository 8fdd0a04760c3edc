"""Tables as text (csv, tsv): each row with its headers, called by its number in the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Literal

from engine.documents.blocks import Block, Blocks
from engine.documents.characters import tidy
from engine.documents.decoding import decode
from engine.documents.files import bytes_of
from engine.documents.grids import Grid, lines
from engine.documents.kinds import Kind
from engine.documents.limits import MAX_TEXT_BYTES
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

_DELIMITERS = ",;\t|，"
_SAMPLE_ROWS = 60
_NAMED = re.compile(r"sep=(.)\r?\n")  # as Excel writes it into the first line
_OPEN_QUOTE_LINES = 200  # within one field: its quotation mark is no beginning of a field


def open_document(path: str, kind: Kind) -> Blocks:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, not text; MemoryError: too large."""
    text = decode(bytes_of(path))
    if text is None:
        raise UnreadableDocument(path, Reason.NOT_TEXT)
    blocks = tuple(Block(line, label=str(number)) for number, line in lines(_grid(text), certain=True) if line)
    return Blocks("", Unit.ROW, len(blocks), blocks)


def _grid(text: str) -> Grid:
    named = _NAMED.match(text)
    if named:
        return _filled(text[named.end() :], named[1], first=2)
    return _filled(text, _delimiter(text), first=1)


def _filled(text: str, delimiter: str, first: int) -> Grid:
    grid = Grid("")
    for number, row in enumerate(_rows(text, delimiter), first):
        for column, cell in enumerate(row, 1):
            grid.put(number, column, tidy(cell))
    return grid


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Where a quotation mark is never closed, it means nothing."""
    try:
        rows = [*_parsed(text, delimiter, csv.QUOTE_MINIMAL)]
    except csv.Error:
        return [*_parsed(text, delimiter, csv.QUOTE_NONE)]
    if any(cell.count("\n") > _OPEN_QUOTE_LINES for row in rows for cell in row):
        return [*_parsed(text, delimiter, csv.QUOTE_NONE)]
    return rows


def _parsed(text: str, delimiter: str, quoting: Literal[0, 3]) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_TEXT_BYTES)  # the module's own is smaller than a long text in a cell
    return csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quoting=quoting, skipinitialspace=True)


def _delimiter(text: str) -> str:
    """Whichever gives the most rows of one and the same width, and then the widest."""
    sample = "".join(text[:200_000].splitlines(keepends=True)[:_SAMPLE_ROWS])
    return max(_DELIMITERS, key=lambda delimiter: _fits(sample, delimiter))


def _fits(sample: str, delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in _parsed(sample, delimiter, csv.QUOTE_MINIMAL) if row]
    except csv.Error:
        return 0.0, 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)
