"""A table's rows become lines that keep header and row together: "Year: 2021 | Revenue: 3.4". Pure functions on a page.

Tables are seen where lines are drawn around their cells, or where short cells stand in columns of which one holds
figures. In doubt there is no table: its text then stays as any other.
"""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.documents.rules import Grid, grids
from engine.documents.scripts import display_width, is_cjk
from engine.documents.strokes import Rule, Stroke
from engine.documents.table_rows import Filled, Rows, has_header, is_figure, told

_FILLED = 0.4  # of a grid's cells have text, or it is a drawing
_MOST_COLUMNS = 24
_CROSSING = 0.2  # of the strokes may stand over their cell's edge
_PROSE = 240  # terminal columns in a cell: that is text in a frame
_HEADER = 48  # terminal columns: a wider cell over several columns is not said for each of them
_LABEL = 60  # terminal columns: nor a wider one over several rows
_CELL = 48  # in a table without lines
_ROWS_APART = 2.2  # times the type's size, there
_LEAST_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Cell:
    row: int
    last_row: int
    column: int
    last_column: int


def with_ruled_rows(strokes: Sequence[Stroke], rules: Sequence[Rule]) -> list[Stroke]:
    """The same strokes, but those in a drawn table as one for each of its rows, where its first one stood."""
    for grid in grids(rules):
        inside = [stroke for stroke in strokes if grid.holds(*stroke.middle)]
        rows = _ruled_rows(grid, inside) if inside else []
        if rows:
            strokes = _replaced(strokes, inside, told(rows))
    return list(strokes)


def with_aligned_rows(strokes: Sequence[Stroke]) -> list[Stroke]:
    """The same for tables without lines, in strokes of one column."""
    for run in _runs(_levels(stroke for stroke in strokes if stroke.upright and not stroke.cells)):
        rows = _aligned_rows(run)
        if rows:
            strokes = _replaced(strokes, [stroke for level in run for stroke in level], told(rows))
    return list(strokes)


# Tables with lines


def _ruled_rows(grid: Grid, inside: list[Stroke]) -> Rows:
    """Rows with their cells; none where the grid is no table."""
    cells: dict[_Cell, list[Stroke]] = {}
    for stroke in inside:
        if not stroke.upright and stroke.x1 - stroke.x0 > stroke.y1 - stroke.y0:
            return []
        cells.setdefault(_Cell(*grid.rows(*stroke.middle), *grid.columns(*stroke.middle)), []).append(stroke)
    filled = {cell: _filled(held) for cell, held in cells.items()}
    if not _is_table(grid, filled):
        return []
    filled = dict(_by_rows(grid, filled))
    rows: Rows = [{} for _ in grid.ys[1:]]
    for cell, found in sorted(filled.items(), key=lambda item: (item[0].row, item[0].column)):
        rows[cell.row][cell.column] = found
        if cell.last_row > cell.row and display_width(found.text) <= _LABEL:
            for row in range(cell.row + 1, cell.last_row + 1):
                rows[row][cell.column] = Filled(found.text, ())  # said again, but it stands above
        if cell.last_column > cell.column and cell.row == 0 and display_width(found.text) <= _HEADER:
            for column in range(cell.column + 1, cell.last_column + 1):
                rows[0][column] = Filled(found.text, ())
    return [row for row in rows if any(cell.strokes for cell in row.values())]


def _by_rows(grid: Grid, filled: dict[_Cell, Filled]) -> Iterator[tuple[_Cell, Filled]]:
    """A cell that has a line of text for each of several rows is as many: lines are not drawn between all of them."""
    for cell, found in filled.items():
        if cell.last_row == cell.row or len(_levels(found.strokes)) <= cell.last_row - cell.row:
            yield cell, found
            continue
        parts: dict[int, list[Stroke]] = {}
        for stroke in found.strokes:
            row = min(max(bisect_right(grid.ys, stroke.middle[1]) - 1, cell.row), cell.last_row)
            parts.setdefault(row, []).append(stroke)
        for row, held in parts.items():
            yield _Cell(row, row, cell.column, cell.last_column), _filled(held)


def _is_table(grid: Grid, filled: dict[_Cell, Filled]) -> bool:
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


def _cross(grid: Grid, filled: dict[_Cell, Filled]) -> float:
    """The share of strokes that stand over an edge of their cell: a text over a drawing."""
    over = [
        stroke.x0 < grid.xs[cell.column] - stroke.size or stroke.x1 > grid.xs[cell.last_column + 1] + stroke.size
        for cell, found in filled.items()
        for stroke in found.strokes
    ]
    return sum(over) / len(over)


def _filled(strokes: list[Stroke]) -> Filled:
    """A cell's text: its lines from above, each from the left."""
    ordered = [stroke for level in _levels(strokes) for stroke in level]
    text = ""
    for before, stroke in zip([None, *ordered], ordered, strict=False):
        text += _joint(before, stroke) + stroke.text
    return Filled(text, tuple(ordered))


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


def _aligned_rows(run: list[list[Stroke]]) -> Rows:
    """Rows with their cells; none where they don't stand in columns, or none of these holds figures below a header."""
    columns = _columns([stroke for level in run for stroke in level])
    if not 2 <= len(columns) <= _MOST_COLUMNS:
        return []
    rows: Rows = []
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
        if sum(column in row and is_figure(row[column].text) for row in body) >= max(2, 0.6 * len(body))
    ]
    return rows if any(column > 0 for column in figures) and has_header(rows) else []


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


def _replaced(strokes: Sequence[Stroke], gone: list[Stroke], rows: list[Stroke]) -> list[Stroke]:
    """The rows in the place of the first of those that are gone."""
    ids = {id(stroke) for stroke in gone}
    first = next(index for index, stroke in enumerate(strokes) if id(stroke) in ids)
    return [*strokes[:first], *rows, *(stroke for stroke in strokes[first:] if id(stroke) not in ids)]
