"""Where a stretch of a passage stands in its document."""

from __future__ import annotations

from engine.documents.scripts import display_width
from engine.types import Box, Span


def quote_boxes(spans: tuple[Span, ...], text: str, start: int, end: int) -> tuple[Box, ...]:
    """The boxes of the characters `start` to `end` of a passage with this text and these spans, one per line.

    A line that is quoted in part gets a part of its box, by the width its characters take when displayed (a Chinese
    one is twice as wide as a Latin one). Empty where the document has no boxes.
    """
    boxes = []
    for span in spans:
        first, last = max(start, span.start), min(end, span.end)
        if span.box and first < last:
            boxes.append(_part(span, span.box, text, first, last))
    return tuple(boxes)


def span_at(spans: tuple[Span, ...], start: int) -> Span:
    """The line in which the character `start` of a passage stands."""
    return next((span for span in spans if start < span.end), spans[-1])


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
    return Box(box.page, box.x0 + before * width, box.y0, box.x0 + until * width, box.y1)
