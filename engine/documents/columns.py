"""Pages with columns are read column by column. Pure functions on the strokes of one page.

MuPDF gives text in the order in which it was drawn, and mostly that is the order in which it is read. Some programs
draw line by line across all columns, or a column's lower half first. So where a page surely has columns of running
text, what stands in them goes column by column, between whatever spans them; everything else stays as it was drawn.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from engine.documents.downward import downward
from engine.documents.scripts import display_width, is_cjk
from engine.documents.strokes import Stroke

_LEAST_LINES = 4  # of running text beside each other: fewer may be anything
_LINE_WIDTH = 18  # columns of a terminal: what is shorter in the middle of its kind is a cell or a label
_FILLED = 0.55  # of its column's width: running text fills most of it
_WORDS_APART = 1.6  # times the type's size: words of one line, at most
_NARROWEST = 0.12  # of the whole width: a column
_OVERHANG = 0.12  # of a stroke: so much may stand over the gap without spanning it
_EDGE = 0.08  # of the height of all text: a page's head, and its foot, with
_GAP = 1.8  # times the type's size between it and the columns
_STEP = 3.0  # points within which lines begin at one place
_CANDIDATES = 6
_DEPTH = 2  # halves of halves: four columns


@dataclass(frozen=True, slots=True)
class _Split:
    """A gap between two columns, and how the strokes stand to it."""

    sides: tuple[int, ...]  # for each stroke: -1 left of it, 1 right, 0 across
    bands: tuple[int, ...]  # for each stroke: what it stands below and above of what lies across
    columns: frozenset[int]  # the bands that have running text on both sides


def regions(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """The same strokes in reading order, a list for each column or what stands across; no block is in two of them."""
    arranged = _arranged([(stroke, "") for stroke in downward(strokes)], _DEPTH)
    if all(not column for _, column in arranged):
        return [[stroke for stroke, _ in arranged]] if arranged else []
    blocks: dict[tuple[int, str], int] = {}
    return [
        [replace(stroke, block=blocks.setdefault((stroke.block, column), len(blocks))) for stroke, _ in region]
        for column, region in groupby(arranged, key=lambda placed: placed[1])
    ]


def _arranged(placed: list[tuple[Stroke, str]], depth: int) -> list[tuple[Stroke, str]]:
    """Strokes with the name of the column that each was found in so far."""
    strokes = [stroke for stroke, _ in placed]
    split = _split(strokes) if depth else None
    if split is None:
        column = placed[0][1] if placed else ""
        return [(stroke, column) for stroke in downward(strokes, alone=True)] if column else placed
    in_bands: dict[int, list[int]] = {}
    for index, band in enumerate(split.bands):
        in_bands.setdefault(band, []).append(index)
    found: list[tuple[Stroke, str]] = []
    for band in sorted(in_bands):
        indices = in_bands[band]
        if band not in split.columns:
            found += [placed[index] for index in indices]
            continue
        for side, name in ((-1, "l"), (1, "r")):
            inner = downward([strokes[index] for index in indices if split.sides[index] == side])
            outer = placed[indices[0]][1]  # that all of them stand in
            found += _arranged([(stroke, f"{outer}{band}{name}") for stroke in inner], depth - 1)
    return found


def _split(strokes: Sequence[Stroke]) -> _Split | None:
    """The gap with the most running text on both sides, if there is one."""
    lines = [stroke for stroke in strokes if stroke.upright]
    if len(lines) < 2 * _LEAST_LINES:
        return None
    first, last = min(line.x0 for line in lines), max(line.x1 for line in lines)
    begins = Counter(round(line.x0 / _STEP) for line in lines if display_width(line.text) >= _LINE_WIDTH)
    best, most = None, 0
    for place, count in begins.most_common(_CANDIDATES):
        x = (place - 0.5) * _STEP - 0.5
        if count < 3 or not first + _NARROWEST * (last - first) < x < last - _NARROWEST * (last - first):
            continue
        split, lines_beside = _split_at(strokes, x, last - first)
        if lines_beside > most:
            best, most = split, lines_beside
    return best


def _split_at(strokes: Sequence[Stroke], x: float, width: float) -> tuple[_Split, int]:
    top, foot = _edges(strokes)
    sides = tuple(_side(stroke, x) if top < stroke.middle[1] < foot else 0 for stroke in strokes)
    across = sorted(stroke.middle[1] for stroke, side in zip(strokes, sides, strict=True) if side == 0)
    bands = tuple(_band(stroke, side, across) for stroke, side in zip(strokes, sides, strict=True))
    beside: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for stroke, side, band in zip(strokes, sides, bands, strict=True):
        if side:
            beside.setdefault(band, ([], []))[side > 0].append(stroke)
    columns = frozenset(
        band
        for band, (left, right) in beside.items()
        if _are_columns(left, right, width) and not _is_table(strokes, bands, sides, band)
    )
    return _Split(sides, bands, columns), sum(min(map(len, beside[band])) for band in columns)


def _edges(strokes: Sequence[Stroke]) -> tuple[float, float]:
    """The heights between which the columns stand: past wide gaps above and below them is a head, and a foot."""
    levels = sorted((stroke.y0, stroke.y1, stroke.size) for stroke in strokes if stroke.upright)
    height = levels[-1][1] - levels[0][0]
    top, foot, reached = levels[0][0] - 1, levels[-1][1] + 1, levels[0][1]
    for y0, y1, size in levels:
        if y0 - reached > _GAP * size:
            if reached - levels[0][0] < _EDGE * height:
                top = reached
            elif levels[-1][1] - y0 < _EDGE * height:
                return top, y0
        reached = max(reached, y1)
    return top, foot


def _side(stroke: Stroke, x: float) -> int:
    if stroke.cells:
        return -1 if stroke.x1 <= x else 1 if stroke.x0 >= x else 0
    left = (x - stroke.x0) / max(stroke.x1 - stroke.x0, 1e-6)  # the share of it that stands left of the gap
    return -1 if left >= 1 - _OVERHANG else 1 if left <= _OVERHANG else 0


def _band(stroke: Stroke, side: int, across: list[float]) -> int:
    """Even for what stands beside the gap, odd for what stands across: counted downward."""
    above = bisect_left(across, stroke.middle[1])
    return 2 * above + (side == 0)


def _are_columns(left: list[Stroke], right: list[Stroke], width: float) -> bool:
    if not (_is_running_text(left, width) and _is_running_text(right, width)):
        return False
    shared = min(left_end := max(s.y1 for s in left), right_end := max(s.y1 for s in right)) - max(
        left_start := min(s.y0 for s in left), right_start := min(s.y0 for s in right)
    )
    return shared > 0.4 * min(left_end - left_start, right_end - right_start)


def _is_running_text(column: list[Stroke], width: float) -> bool:
    lines = _lines([stroke for stroke in column if stroke.upright and not stroke.cells])
    if len(lines) < _LEAST_LINES:
        return False
    widths = sorted(line[-1].x1 - line[0].x0 for line in lines)
    widest = widths[int(len(widths) * 0.9)]
    return (
        widest >= _NARROWEST * width
        and statistics.median(widths) >= _FILLED * widest
        and statistics.median(sum(display_width(stroke.text) for stroke in line) for line in lines) >= _LINE_WIDTH
    )


def _lines(column: list[Stroke]) -> list[list[Stroke]]:
    """Strokes that make one line together: justified text is often drawn word by word."""
    lines: list[list[Stroke]] = []
    for stroke in sorted(column, key=lambda stroke: (round(stroke.middle[1]), stroke.x0)):
        last = lines[-1][-1] if lines else None
        if (
            last
            and abs(stroke.middle[1] - last.middle[1]) < 2
            and -1 < stroke.x0 - last.x1 < _WORDS_APART * stroke.size
        ):
            lines[-1].append(stroke)
        else:
            lines.append([stroke])
    return lines


def _is_table(strokes: Sequence[Stroke], bands: Sequence[int], sides: Sequence[int], band: int) -> bool:
    """Whether what stands in two columns was drawn row by row and belongs together by rows.

    Running text that was drawn line by line across both columns is none: there a line goes on in the one below it.
    """
    drawn = [(side, stroke) for stroke, at, side in zip(strokes, bands, sides, strict=True) if at == band]
    runs = [(side, [stroke for _, stroke in run]) for side, run in groupby(drawn, key=lambda placed: placed[0])]
    pairs = [(left, right) for (side, left), (_, right) in pairwise(runs) if side < 0]
    if len(pairs) < 3:
        return False
    level = [abs(left[0].middle[1] - right[0].middle[1]) < 0.6 * left[0].size for left, right in pairs]
    if sum(level) < 0.6 * len(level):
        return False
    if len(drawn) >= 1.5 * len(runs):
        return True  # cells of several lines each
    left, right = ([stroke for at, stroke in drawn if at == side] for side in (-1, 1))
    return not (_runs_on(left) and _runs_on(right))


def _runs_on(column: list[Stroke]) -> bool:
    edge = statistics.median_high(stroke.x1 for stroke in column)
    on = [
        here.text[0].islower()
        or (is_cjk(before.text[-1]) and is_cjk(here.text[0]) and abs(before.x1 - edge) < 1.5 * before.size)
        for before, here in pairwise(column)
    ]
    return sum(on) >= 0.35 * len(on)
