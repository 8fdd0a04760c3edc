"""The grids that drawn lines make on a page: where a table's rows and columns are. Pure functions.

Lines come in bits, one for each cell's edge, doubled, or as thin bars; what lies on one line and touches is one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.documents.strokes import Rule

_THICK = 3.0  # points: what is thicker is an area
_SHORTEST = 4.0  # points: bits of corners are shorter
_SAME_LINE = 2.5  # points: a double line is one
_TOUCH = 3.5  # points
_MOST_RULES = 4000  # of one page: more of them are a drawing
_MOST_CROSSINGS = 60_000

_Line = tuple[float, float, float]  # where it lies (y of a level one, x of an upright one), from, to
_Edges = tuple[tuple[tuple[float, float], ...], ...]  # for each edge the stretches that are drawn


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns by their edges in ascending order, at least two of each."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    upright: _Edges  # at each of xs
    level: _Edges  # at each of ys

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]

    def rows(self, x: float, y: float) -> tuple[int, int]:
        """First and last row of the cell around a point within: rows are one cell where no line divides them."""
        return _around(self.ys, self.level, y, x)

    def columns(self, x: float, y: float) -> tuple[int, int]:
        """First and last column of the cell around a point within."""
        return _around(self.xs, self.upright, x, y)


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """The grids on a page, each of lines that touch."""
    if len(rules) > _MOST_RULES:
        return []
    level = _joined(
        ((rule.y0 + rule.y1) / 2, rule.x0, rule.x1)
        for rule in rules
        if rule.y1 - rule.y0 <= _THICK and rule.x1 - rule.x0 >= _SHORTEST
    )
    upright = _joined(
        ((rule.x0 + rule.x1) / 2, rule.y0, rule.y1)
        for rule in rules
        if rule.x1 - rule.x0 <= _THICK and rule.y1 - rule.y0 >= _SHORTEST
    )
    if len(level) < 2 or not upright or len(level) * len(upright) > _MOST_CROSSINGS:
        return []
    return [grid for lines in _touching(level, upright) if (grid := _grid(*lines))]


def _joined(lines: Iterable[_Line]) -> list[_Line]:
    """Longer lines from bits: those at one place that touch or overlap."""
    groups: list[list[_Line]] = []
    for line in sorted(lines):
        if groups and line[0] - groups[-1][0][0] <= _SAME_LINE:
            groups[-1].append(line)
        else:
            groups.append([line])
    joined = []
    for group in groups:
        place = sum(line[0] for line in group) / len(group)
        start, end = None, 0.0
        for _, first, last in sorted(group, key=lambda line: line[1]):
            if start is None:
                start, end = first, last
            elif first <= end + _TOUCH:
                end = max(end, last)
            else:
                joined.append((place, start, end))
                start, end = first, last
        if start is not None:
            joined.append((place, start, end))
    return joined


def _touching(level: list[_Line], upright: list[_Line]) -> list[tuple[list[_Line], list[_Line]]]:
    """Groups of lines that hang together."""
    neighbours: list[list[int]] = [[] for _ in range(len(level) + len(upright))]
    for i, (y, x0, x1) in enumerate(level):
        for j, (x, y0, y1) in enumerate(upright, len(level)):
            if x0 - _TOUCH <= x <= x1 + _TOUCH and y0 - _TOUCH <= y <= y1 + _TOUCH:
                neighbours[i].append(j)
                neighbours[j].append(i)
    groups, seen = [], [False] * len(neighbours)
    for first in range(len(neighbours)):
        if seen[first] or not neighbours[first]:
            continue
        group, seen[first] = [first], True
        for index in group:
            for other in neighbours[index]:
                if not seen[other]:
                    seen[other] = True
                    group.append(other)
        ours = [index for index in group if index < len(level)], [index for index in group if index >= len(level)]
        groups.append(([level[i] for i in ours[0]], [upright[i - len(level)] for i in ours[1]]))
    return groups


def _grid(level: list[_Line], upright: list[_Line]) -> Grid | None:
    # a table may be open at its sides: there its level lines end
    ends = [(min(line[1] for line in level), 0.0, 0.0), (max(line[2] for line in level), 0.0, 0.0)]
    xs, drawn_upright = _edges(upright, ends)
    ys, drawn_level = _edges(level, [])
    return Grid(xs, ys, drawn_upright, drawn_level) if len(xs) > 2 and len(ys) > 2 else None


def _edges(lines: list[_Line], ends: list[_Line]) -> tuple[tuple[float, ...], _Edges]:
    places: list[float] = []
    drawn: list[list[tuple[float, float]]] = []
    for place, first, last in sorted(lines + ends):
        if not places or place - places[-1] > _TOUCH:
            places.append(place)
            drawn.append([])
        if last > first:
            drawn[-1].append((first, last))
    return tuple(places), tuple(map(tuple, drawn))


def _around(places: tuple[float, ...], drawn: _Edges, along: float, across: float) -> tuple[int, int]:
    first = last = min(max(bisect_right(places, along) - 1, 0), len(places) - 2)
    while first > 0 and not _is_drawn(drawn[first], across):
        first -= 1
    while last < len(places) - 2 and not _is_drawn(drawn[last + 1], across):
        last += 1
    return first, last


def _is_drawn(stretches: tuple[tuple[float, float], ...], at: float) -> bool:
    return any(first <= at <= last for first, last in stretches)
