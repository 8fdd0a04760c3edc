"""From the lines that were recognised in a page's picture to a page as it is read. Pure functions.

A scan lies a little askew, and may be turned by quarters. Order and paragraphs are judged on the straightened page; the
boxes of the lines are those of the page as it is displayed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.documents.characters import tidy
from engine.documents.layout import lines_of
from engine.documents.ocr_found import FoundLine, FoundText
from engine.documents.scan_columns import in_order
from engine.documents.strokes import Stroke
from engine.types import Box, Line, Page

_LONG = 5  # times as wide as high: such a line tells how the page lies
_ONE_SIZE = (0.72, 1.38)  # of the usual height: a line's box is higher with a "g" in it, and without is lower
_FONT_SHARE = 0.75  # of a found line's height: the model leaves a margin

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the straightened page lies in the picture. Lengths in pixels of the picture, results in points."""

    width: float  # of the picture
    height: float
    turns: int  # quarter turns clockwise
    angle: float  # radians, clockwise, after the quarter turns are undone
    scale: float  # pixels a point

    def straight(self, point: Point) -> Point:
        """A point of the picture on the straightened page."""
        x, y = self._turned_back(point)
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return (x * cos + y * sin) / self.scale, (y * cos - x * sin) / self.scale

    def displayed(self, point: Point) -> Point:
        """The opposite, in points of the page as it is displayed."""
        x, y = point[0] * self.scale, point[1] * self.scale
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        x, y = x * cos - y * sin, y * cos + x * sin
        x, y = ((x, y), (self.width - y, x), (self.width - x, self.height - y), (y, self.height - x))[self.turns]
        return x / self.scale, y / self.scale

    def _turned_back(self, point: Point) -> Point:
        x, y = point
        return ((x, y), (y, self.width - x), (self.width - x, self.height - y), (self.height - y, x))[self.turns]


def page_of(number: int, found: FoundText, width: int, height: int, scale: float) -> Page:
    """Page `number`, of whose picture (`width` by `height` pixels, `scale` pixels a point) this was recognised."""
    level = _Frame(width, height, found.turns, 0.0, scale)
    frame = replace(level, angle=_angle([_straight_corners(line, level) for line in found.lines]))
    strokes = _strokes(found.lines, frame)
    lines = lines_of(number, in_order(strokes)) if strokes else ()
    inside = (width / scale, height / scale)
    return Page(number, tuple(_placed(line, frame, inside) for line in lines), *inside)


def _straight_corners(line: FoundLine, frame: _Frame) -> list[Point]:
    """From the one that is the upper left as it is read: every quarter turn moves that to the next corner."""
    corners = [frame.straight(corner) for corner in line.corners]
    return corners[frame.turns :] + corners[: frame.turns]


def _angle(quads: Sequence[Sequence[Point]]) -> float:
    """By how much the long lines fall to the right."""
    angles = [
        math.atan2(right[1] - left[1], right[0] - left[0])
        for left, right, _, below in quads
        if math.dist(left, right) > _LONG * math.dist(left, below)
    ]
    return statistics.median(angles) if angles else 0.0


def _strokes(lines: Sequence[FoundLine], frame: _Frame) -> list[Stroke]:
    strokes = []
    for line in lines:
        text = tidy(line.text)
        if text:
            corners = _straight_corners(line, frame)
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
            upright = y1 - y0 < 1.5 * (x1 - x0) or len(text) == 1
            strokes.append(Stroke(text, x0, y0, x1, y1, (y1 - y0) if upright else (x1 - x0), False, 0, upright))
    usual = statistics.median(stroke.size for stroke in strokes) if strokes else 0.0
    return [replace(stroke, size=_font_size(stroke.size, usual)) for stroke in strokes]


def _font_size(height: float, usual: float) -> float:
    low, high = _ONE_SIZE
    return _FONT_SHARE * (usual if low * usual < height < high * usual else height)


def _placed(line: Line, frame: _Frame, page: Point) -> Line:
    """The line with its box as displayed.

    Around a line askew an upright box is either higher than the line, and marks its neighbours, or leaves out its ends:
    halfway between is best looked at.
    """
    assert line.box
    pieces = tuple((start, end, _displayed(box, frame, page)) for start, end, box in line.pieces)
    return replace(line, box=_displayed(line.box, frame, page), pieces=pieces)


def _displayed(box: Box, frame: _Frame, page: Point) -> Box:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    corners = _around([frame.displayed((x, y)) for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
    edges = _around([frame.displayed(point) for point in ((box.x0, y), (box.x1, y), (x, box.y0), (x, box.y1))])
    limits = (*page, *page)
    sides = [round(min(max((a + b) / 2, 0.0), limit), 2) for a, b, limit in zip(corners, edges, limits, strict=True)]
    return Box(box.page, *sides)


def _around(points: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
