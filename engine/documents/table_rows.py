"""The rows of a table as text: each cell with the header above it, "Year: 2021 | Revenue: 3.4". Pure functions."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.documents.scripts import display_width
from engine.documents.strokes import Piece, Stroke

_BETWEEN = " | "
_HEADER = 48  # terminal columns: a longer cell is no header
_ROW = 900  # a row that is wider than this is told cell by cell
_FIGURE = re.compile(r"[-–+±<>≤≥≈~$€£¥(]*\s?\d[\d.,:/%\s–-]*[a-zA-Z%°Ωµμ)]{0,4}")
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d\s?年?[AEae]?")
_LETTER = re.compile(r"[^\W\d_]")
_TWO_DIGITS = re.compile(r"\d{2}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell with its text, and the strokes that it is made of."""

    text: str
    strokes: tuple[Stroke, ...]


Rows = list[dict[int, Filled]]  # for each row its filled cells by column


def told(rows: Rows) -> list[Stroke]:
    header = _header(rows)
    told = []
    for index, row in enumerate(rows):
        names = header if index else {}
        cells = [(column, row[column]) for column in sorted(row) if not _is_again(row, column)]
        parts = [_part(names.get(column, ""), cell.text) for column, cell in cells]
        own = [cell for _, cell in sorted(row.items()) if cell.strokes]
        if sum(map(display_width, parts)) > _ROW:
            told += [_stroke(cell.text, cell.strokes, 2) for cell in own]
        else:
            whole = _stroke(
                _BETWEEN.join(parts), [stroke for cell in own for stroke in cell.strokes], max(len(parts), 2)
            )
            told.append(replace(whole, pieces=tuple(_pieces(whole, parts, [cell for _, cell in cells]))))
    return told


def _pieces(whole: Stroke, parts: Sequence[str], cells: Sequence[Filled]) -> Iterator[Piece]:
    """Where each part of a row stands: in its cell, or where that is only said again, somewhere in the row.

    The header that a cell is told with stands elsewhere, and is a piece of its own: it takes none of the cell's width.
    """
    start = 0
    for part, cell in zip(parts, cells, strict=True):
        sides = _sides(cell.strokes or (whole,))
        own, end = start + len(part) - len(cell.text), start + len(part)
        if own > start:
            yield start, own, sides
        yield own, end, sides
        start = end + len(_BETWEEN)


def _part(name: str, text: str) -> str:
    return f"{name}: {text}" if name and name != text else text


def _is_again(row: dict[int, Filled], column: int) -> bool:
    """Whether a header over several columns is said once more here."""
    before = row.get(column - 1)
    return not row[column].strokes and before is not None and before.text == row[column].text


def _stroke(text: str, strokes: Sequence[Stroke], cells: int) -> Stroke:
    main = max(strokes, key=lambda stroke: len(stroke.text))
    x0, y0, x1, y1 = _sides(strokes)
    return replace(main, text=text, x0=x0, y0=y0, x1=x1, y1=y1, bold=False, upright=True, cells=cells, pieces=())


def _sides(strokes: Sequence[Stroke]) -> tuple[float, float, float, float]:
    return (
        min(stroke.x0 for stroke in strokes),
        min(stroke.y0 for stroke in strokes),
        max(stroke.x1 for stroke in strokes),
        max(stroke.y1 for stroke in strokes),
    )


def _header(rows: Rows) -> dict[int, str]:
    return {column: cell.text for column, cell in rows[0].items()} if has_header(rows) else {}


def has_header(rows: Rows) -> bool:
    """Whether the first row names the columns: short, no figures but years, and told apart from what is below."""
    first, body = rows[0], rows[1:]
    if len(first) < 2 or not body or any(display_width(cell.text) > _HEADER for cell in first.values()):
        return False
    names = [cell.text for cell in first.values()]
    if any(is_figure(name) and not _YEAR.fullmatch(name) for name in names):
        return False
    if not any(_LETTER.search(name) for name in names) and not all(map(_YEAR.fullmatch, names)):
        return False
    if all(_is_bold(cell) for cell in first.values()) and not all(_is_bold(c) for row in body for c in row.values()):
        return True
    if any(_TWO_DIGITS.search(name) and not _YEAR.fullmatch(name) for name in names):
        return False
    below = [(column, [row[column].text for row in body if column in row]) for column in first]
    if any(cells and sum(any(map(str.isdigit, cell)) for cell in cells) >= 0.6 * len(cells) for _, cells in below):
        return True
    return all(display_width(name) <= _HEADER / 2 for name in names) and _wider_below(first, below)


def _wider_below(first: dict[int, Filled], below: list[tuple[int, list[str]]]) -> bool:
    return any(
        len(cells) > 1 and statistics.median(map(display_width, cells)) > 2 * display_width(first[column].text)
        for column, cells in below
    )


def _is_bold(cell: Filled) -> bool:
    return bool(cell.strokes) and all(stroke.bold for stroke in cell.strokes)


def is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None or text in ("-", "–", "—", "n/a", "N/A")
