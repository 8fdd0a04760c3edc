"""What was found on a scan, column by column. Pure functions on the strokes of one straightened page.

A PDF's own strokes come in the order in which somebody wrote them; those of a scan come in none. So here nothing but
their places tells columns: running text on both sides of a gap that hardly anything crosses.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from engine.documents.scripts import display_width
from engine.documents.strokes import Stroke

_LEAST_LINES = 4  # of running text on each side
_LINE_WIDTH = 18  # columns of a terminal: what is shorter is a label or a cell
_FILLED = 0.7  # of its column's width: running text fills most of it
_CROSSING = 0.15  # of the strokes may lie across the gap: titles, captions, figures
_SAME_ROW = 0.5  # of a line's height
_DEPTH = 2  # halves of halves: four columns


def in_order(strokes: Sequence[Stroke]) -> list[Stroke]:
    """The same strokes as they are read; those of different columns are in different blocks."""
    return [
        replace(stroke, block=block)
        for block, column in enumerate(_columns(list(strokes), _DEPTH))
        for stroke in _by_rows(column)
    ]


def _columns(strokes: list[Stroke], depth: int) -> list[list[Stroke]]:
    gap = _gap(strokes) if depth else None
    if gap is None:
        return [strokes] if strokes else []
    across = sorted((stroke for stroke in strokes if stroke.x0 < gap < stroke.x1), key=lambda stroke: stroke.middle[1])
    beside = [stroke for stroke in strokes if not stroke.x0 < gap < stroke.x1]
    found: list[list[Stroke]] = []
    for index in range(len(across) + 1):  # what lies above each of those across, and below the last
        band = [stroke for stroke in beside if _above(stroke, across) == index]
        found += _columns([stroke for stroke in band if stroke.x1 <= gap], depth - 1)
        found += _columns([stroke for stroke in band if stroke.x0 >= gap], depth - 1)
        found += [across[index : index + 1]] if index < len(across) else []
    return found


def _above(stroke: Stroke, across: Sequence[Stroke]) -> int:
    """How many of those across lie above it."""
    return sum(other.middle[1] < stroke.middle[1] for other in across)


def _gap(strokes: Sequence[Stroke]) -> float | None:
    """Where the gap between two columns is, in points from the left; None where there is none."""
    lines = [stroke for stroke in strokes if stroke.upright and display_width(stroke.text) >= _LINE_WIDTH]
    best, fewest = None, _CROSSING * len(strokes)
    for place in sorted({round(line.x0) for line in lines}):
        gap = place - 2.0
        crossing = sum(stroke.x0 < gap < stroke.x1 for stroke in strokes)
        left = [line for line in lines if line.x1 <= gap]
        right = [line for line in lines if line.x0 >= gap]
        if crossing < fewest and _runs(left) and _runs(right):
            best, fewest = gap, crossing
    return best


def _runs(lines: Sequence[Stroke]) -> bool:
    """Whether these are lines of running text: most of them nearly as wide as the widest."""
    if len(lines) < _LEAST_LINES:
        return False
    widths = sorted(line.x1 - line.x0 for line in lines)
    return statistics.median(widths) >= _FILLED * widths[int(len(widths) * 0.9)]


def _by_rows(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Downward, and what stands in one row from left to right."""
    rows: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=lambda stroke: stroke.middle[1]):
        if rows and _in_row(rows[-1], stroke):
            rows[-1].append(stroke)
        else:
            rows.append([stroke])
    return [stroke for row in rows for stroke in sorted(row, key=lambda stroke: stroke.x0)]


def _in_row(row: list[Stroke], stroke: Stroke) -> bool:
    first = row[0]
    return stroke.middle[1] - first.middle[1] < _SAME_ROW * min(first.y1 - first.y0, stroke.y1 - stroke.y0)
