"""A table's rows become lines that keep header and row together: "Year: 2021 | Revenue: 3.4". Pure functions on a page.

Tables are seen where lines are drawn around their cells, or where short cells stand in columns of which one holds
figures. In doubt there is no table: its text then stays as any other.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.documents.rules import Grid, grids
from engine.documents.scripts import display_width, is_cjk
from engine.documents.strokes import Rule, Stroke

_BETWEEN = " | "
_FILLED = 0.4  # of a grid's cells have text, or it is a drawing
_MOST_COLUMNS = 24
_CROSSING = 0.2  # of the strokes may stand over their cell's edge
_PROSE = 240  # terminal columns in a cell: that is text in a frame
_HEADER = 48  # terminal columns: a longer cell is no header
_LABEL = 60  # and a cell over several rows that is longer is not repeated beside each
_ROW = 900  # a row that is wider than this is told cell by cell
_CELL = 48  # in a table without lines
_ROWS_APART = 2.2  # times the type's size, there
_LEAST_ROWS = 3
_FIGURE = re.compile(r"[-–+±<>≤≥≈~$€£¥(]*\s?\d[\d.,:/%\s–-]*[a-zA-Z%°Ωµμ)]{0,4}")
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d\s?年?[AEae]?")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    last_row: int
    column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class _Filled:
    """A cell with its text, and the strokes that it is made of."""

    text: str
    strokes: tuple[Stroke, ...]


_Rows = list[dict[int, _Filled]]  # for each row its filled cells by column


def with_ruled_rows(strokes: Sequence[Stroke], rules: Sequence[Rule]) -> list[Stroke]:
    """The same strokes, but those in a drawn table as one for each of its rows, where its first one stood."""
    for grid in grids(rules):
        inside = [stroke for stroke in strokes if grid.holds(*stroke.middle)]
        rows = _ruled_rows(grid, inside) if inside else []
        if rows:
            strokes = _replaced(strokes, inside, _told(rows))
    return list(strokes)


def with_aligned_rows(strokes: Sequence[Stroke]) -> list[Stroke]:
    """The same for tables without lines, in strokes of one column."""
    for run in _runs(_levels(stroke for stroke in strokes if stroke.upright and not stroke.cells)):
        rows = _aligned_rows(run)
        if rows:
            strokes = _replaced(strokes, [stroke for level in run for stroke in level], _told(rows))
    return list(strokes)


# Tables with lines


def _ruled_rows(grid: Grid, inside: list[Stroke]) -> _Rows:
    """Rows with their cells; none where the grid is no table."""
    cells: dict[_Cell, list[Stroke]] = {}
    for stroke in inside:
        if not stroke.upright and stroke.x1 - stroke.x0 > stroke.y1 - stroke.y0:
            return []
        cells.setdefault(_Cell(*grid.rows(*stroke.middle), *grid.columns(*stroke.middle)), []).append(stroke)
    filled = {cell: _filled(held) for cell, held in cells.items()}
    if not _is_table(grid, filled):
        return []
    rows: _Rows = [{} for _ in grid.ys[1:]]
    for cell, found in sorted(filled.items(), key=lambda item: (item[0].row, item[0].column)):
        rows[cell.row][cell.column] = found
        if cell.last_row > cell.row and display_width(found.text) <= _LABEL:
            for row in range(cell.row + 1, cell.last_row + 1):
                rows[row][cell.column] = _Filled(found.text, ())  # said again, but it stands above
        if cell.last_column > cell.column and cell.row == 0 and display_width(found.text) <= _HEADER:
            for column in range(cell.column + 1, cell.last_column + 1):
                rows[0][column] = _Filled(found.text, ())
    return [row for row in rows if any(cell.strokes for cell in row.values())]


def _is_table(grid: Grid, filled: dict[_Cell, _Filled]) -> bool:
    columns, rows = len(grid.xs) - 1, len(grid.ys) - 1
    if columns > _MOST_COLUMNS or len({cell.column for cell in filled}) < 2 or len({cell.row for cell in filled}) < 2:
        return False
    area = sum((c.last_row - c.row + 1) * (c.last_column - c.column + 1) for c in filled)
    if area < _FILLED * columns * rows or _overlap(filled) or _cross(grid, filled) > _CROSSING:
        return False
    widths = [display_width(cell.text) for cell in filled.values()]
    return statistics.median(widths) <= _PROSE / 2 and sum(width > 3 * _PROSE for width in widths) < 0.2 * len(widths)


def _overlap(cells: Iterable[_Cell]) -> bool:
    """Whether cells lie upon each other, as where the lines of a flow chart leave spaces open."""
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        own = {
            (row, column)
            for row in range(cell.row, cell.last_row + 1)
            for column in range(cell.column, cell.last_column + 1)
        }
        if own & taken:
            return True
        taken |= own
    return False


def _cross(grid: Grid, filled: dict[_Cell, _Filled]) -> float:
    """The share of strokes that stand over an edge of their cell: a text over a drawing."""
    over = [
        stroke.x0 < grid.xs[cell.column] - stroke.size or stroke.x1 > grid.xs[cell.last_column + 1] + stroke.size
        for cell, found in filled.items()
        for stroke in found.strokes
    ]
    return sum(over) / len(over)


def _filled(strokes: list[Stroke]) -> _Filled:
    """A cell's text: its lines from above, each from the left."""
    ordered = [stroke for level in _levels(strokes) for stroke in level]
    text = ""
    for before, stroke in zip([None, *ordered], ordered, strict=False):
        text += _joint(before, stroke) + stroke.text
    return _Filled(text, tuple(ordered))


def _joint(before: Stroke | None, stroke: Stroke) -> str:
    if before is None:
        return ""
    beside = stroke.y0 < before.y1 - 0.4 * before.size
    if beside and stroke.x0 - before.x1 < 0.15 * stroke.size:
        return ""
    if is_cjk(before.text[-1]) and is_cjk(stroke.text[0]):
        return ""
    # a name that was cut at the cell's edge: RB_PLL_GATE_TI|ME
    return "" if not beside and before.text[-1] in "_/-" else " "


# Tables without


def _levels(strokes: Iterable[Stroke]) -> list[list[Stroke]]:
    """Strokes that stand beside each other, from above; each from the left."""
    levels: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=lambda stroke: stroke.middle[1]):
        if levels and stroke.middle[1] - levels[-1][0].middle[1] < 0.5 * min(stroke.size, levels[-1][0].size):
            levels[-1].append(stroke)
        else:
            levels.append([stroke])
    return [sorted(level, key=lambda stroke: stroke.x0) for level in levels]


def _runs(levels: list[list[Stroke]]) -> Iterable[list[list[Stroke]]]:
    """Stretches of rows with several short cells each."""
    run: list[list[Stroke]] = []
    for level in [*levels, []]:
        fits = len(level) > 1 and all(display_width(stroke.text) <= _CELL for stroke in level)
        near = not run or (level and level[0].y0 - run[-1][0].y1 < _ROWS_APART * level[0].size)
        if fits and near:
            run.append(level)
            continue
        if len(run) >= _LEAST_ROWS:
            yield run
        run = [level] if fits else []


def _aligned_rows(run: list[list[Stroke]]) -> _Rows:
    """Rows with their cells; none where they don't stand in columns, or none of these holds figures below a header."""
    columns = _columns([stroke for level in run for stroke in level])
    if not 2 <= len(columns) <= _MOST_COLUMNS:
        return []
    rows: _Rows = []
    for level in run:
        cells: dict[int, list[Stroke]] = {}
        for stroke in level:
            place = next(i for i, (first, last) in enumerate(columns) if first <= stroke.middle[0] <= last)
            cells.setdefault(place, []).append(stroke)
        rows.append({column: _filled(held) for column, held in cells.items()})
    if sum(len(row) >= max(2, 0.6 * len(columns)) for row in rows) < 0.8 * len(rows):
        return []
    body = rows[1:]
    figures = [
        column
        for column in range(len(columns))
        if sum(column in row and _is_figure(row[column].text) for row in body) >= max(2, 0.6 * len(body))
    ]
    return rows if any(column > 0 for column in figures) and _has_header(rows) else []


def _columns(strokes: list[Stroke]) -> list[tuple[float, float]]:
    """The stretches from left to right that the cells stand in, with clear gaps between them."""
    size = statistics.median(stroke.size for stroke in strokes)
    found: list[tuple[float, float]] = []
    for stroke in sorted(strokes, key=lambda stroke: stroke.x0):
        if found and stroke.x0 < found[-1][1] + 0.7 * size:
            found[-1] = (found[-1][0], max(found[-1][1], stroke.x1))
        else:
            found.append((stroke.x0, stroke.x1))
    return found


# Rows as text


def _told(rows: _Rows) -> list[Stroke]:
    header = _header(rows)
    told = []
    for index, row in enumerate(rows):
        names = header if index else {}
        parts = [_part(names.get(column, ""), row[column].text) for column in sorted(row) if not _is_again(row, column)]
        own = [cell for _, cell in sorted(row.items()) if cell.strokes]
        if sum(map(display_width, parts)) > _ROW:
            told += [_stroke(cell.text, cell.strokes, 2) for cell in own]
        else:
            strokes = [stroke for cell in own for stroke in cell.strokes]
            told.append(_stroke(_BETWEEN.join(parts), strokes, max(len(parts), 2)))
    return told


def _part(name: str, text: str) -> str:
    return f"{name}: {text}" if name and name != text else text


def _is_again(row: dict[int, _Filled], column: int) -> bool:
    """Whether a header over several columns is said once more here."""
    before = row.get(column - 1)
    return not row[column].strokes and before is not None and before.text == row[column].text


def _stroke(text: str, strokes: Sequence[Stroke], cells: int) -> Stroke:
    main = max(strokes, key=lambda stroke: len(stroke.text))
    return replace(
        main,
        text=text,
        x0=min(stroke.x0 for stroke in strokes),
        y0=min(stroke.y0 for stroke in strokes),
        x1=max(stroke.x1 for stroke in strokes),
        y1=max(stroke.y1 for stroke in strokes),
        bold=False,
        upright=True,
        cells=cells,
    )


def _header(rows: _Rows) -> dict[int, str]:
    return {column: cell.text for column, cell in rows[0].items()} if _has_header(rows) else {}


def _has_header(rows: _Rows) -> bool:
    """Whether the first row names the columns: short, no figures but years, and told apart from what is below."""
    first, body = rows[0], rows[1:]
    if len(first) < 2 or not body or any(display_width(cell.text) > _HEADER for cell in first.values()):
        return False
    names = [cell.text for cell in first.values()]
    if any(_is_figure(name) and not _YEAR.fullmatch(name) for name in names):
        return False
    if not any(_LETTER.search(name) for name in names) and not all(map(_YEAR.fullmatch, names)):
        return False
    if all(_is_bold(cell) for cell in first.values()) and not all(_is_bold(c) for row in body for c in row.values()):
        return True
    if any(re.search(r"\d{2}", name) and not _YEAR.fullmatch(name) for name in names):
        return False
    below = [(column, [row[column].text for row in body if column in row]) for column in first]
    if any(cells and sum(any(map(str.isdigit, cell)) for cell in cells) >= 0.6 * len(cells) for _, cells in below):
        return True
    return all(display_width(name) <= _HEADER / 2 for name in names) and _wider_below(first, below)


def _wider_below(first: dict[int, _Filled], below: list[tuple[int, list[str]]]) -> bool:
    return any(
        len(cells) > 1 and statistics.median(map(display_width, cells)) > 2 * display_width(first[column].text)
        for column, cells in below
    )


def _is_bold(cell: _Filled) -> bool:
    return bool(cell.strokes) and all(stroke.bold for stroke in cell.strokes)


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None or text in ("-", "–", "—", "n/a", "N/A")


def _replaced(strokes: Sequence[Stroke], gone: list[Stroke], rows: list[Stroke]) -> list[Stroke]:
    """The rows in the place of the first of those that are gone."""
    ids = {id(stroke) for stroke in gone}
    first = next(index for index, stroke in enumerate(strokes) if id(stroke) in ids)
    return [*strokes[:first], *rows, *(stroke for stroke in strokes[first:] if id(stroke) not in ids)]
