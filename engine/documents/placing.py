"""Where a stretch of a passage stands in its document."""

from __future__ import annotations

from engine.documents.scripts import display_width
from engine.types import Box, Span

_JOINT = 3  # characters between two pieces of a line: " | "
_SEVERAL_LINES = 6  # times the width of a terminal column; one line is about 2.4 times as high


def quote_boxes(spans: tuple[Span, ...], text: str, start: int, end: int) -> tuple[Box, ...]:
    """The boxes of the characters `start` to `end` of a passage with this text and these spans, one per line.

    What is quoted in part gets a part of its box, by the width its characters take when displayed (a Chinese
    one is twice as wide as a Latin one). Empty where the document has no boxes.
    """
    boxes: list[Box] = []
    before = None
    for span in spans:
        first, last = max(start, span.start), min(end, span.end)
        if span.box and first < last:
            box = _part(span, span.box, text, first, last)
            if before and before.box and first - before.end <= _JOINT and _goes_on(before.box, span.box):
                box = _around(boxes.pop(), box)
            boxes.append(box)
            before = span
    return tuple(boxes)


def span_at(spans: tuple[Span, ...], start: int) -> Span:
    """The line in which the character `start` of a passage stands."""
    return next((span for span in spans if start < span.end), spans[-1])


def _goes_on(left: Box, right: Box) -> bool:
    """Whether both are pieces of one line: level, and beside each other or one within the other."""
    shared = min(left.y1, right.y1) - max(left.y0, right.y0)
    level = shared > 0.5 * min(left.y1 - left.y0, right.y1 - right.y0)
    within = (left.x0 >= right.x0 and left.x1 <= right.x1) or (right.x0 >= left.x0 and right.x1 <= left.x1)
    return left.page == right.page and level and (within or right.x0 >= left.x1 - 1)


def _around(one: Box, other: Box) -> Box:
    x0, x1 = min(one.x0, other.x0), max(one.x1, other.x1)
    return Box(one.page, x0, min(one.y0, other.y0), x1, max(one.y1, other.y1))


def _part(span: Span, box: Box, text: str, first: int, last: int) -> Box:
    whole = display_width(text[span.start : span.end])
    if not whole or (first == span.start and last == span.end):
        return box
    before = display_width(text[span.start : first]) / whole
    until = display_width(text[span.start : last]) / whole
    if box.y1 - box.y0 > 2 * (box.x1 - box.x0) and span.end - span.start > 2:  # text that runs downward
        height = box.y1 - box.y0
        return Box(box.page, box.x0, box.y0 + before * height, box.x1, box.y0 + until * height)
    width = box.x1 - box.x0
    if box.y1 - box.y0 > _SEVERAL_LINES * width / whole:
        return box  # a cell's
    return Box(box.page, box.x0 + before * width, box.y0, box.x0 + until * width, box.y1)
