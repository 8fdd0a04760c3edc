"""What stands below is read after what stands above it. A pure function on the strokes of one page.

Programs draw a page's foot before its text, or its tables after it. Where two blocks of text stand one below the other,
the upper one comes first; for the rest the order in which they were drawn holds.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import groupby
from math import inf

from engine.documents.strokes import Stroke

_MOST_BLOCKS = 200  # on a page: more of them are a drawing
_SHARED_WIDTH = 0.3  # of the narrower block: so much of it stands above or below the other
_SUNK = 0.25  # of the lower block's height: so far may one reach into the other

_Box = tuple[float, float, float, float]


def downward(strokes: Sequence[Stroke], alone: bool = False) -> list[Stroke]:
    """The same strokes; none before a block that stands above its own.

    `alone`: they are of one column, where what is higher is above, however far to the side.
    """
    blocks = [list(block) for _, block in groupby(strokes, key=lambda stroke: stroke.block)]
    if len(blocks) > _MOST_BLOCKS:
        return list(strokes)
    boxes = _over_all([_box(block) for block in blocks])
    if not _climb(boxes, alone):
        return list(strokes)
    waits_for = [0] * len(blocks)
    lets_go: list[list[int]] = [[] for _ in blocks]
    for later in range(len(blocks)):
        for earlier in range(later):
            if _is_above(boxes[earlier], boxes[later], alone):
                upper, lower = earlier, later
            elif _is_above(boxes[later], boxes[earlier], alone):
                upper, lower = later, earlier
            else:
                continue
            lets_go[upper].append(lower)
            waits_for[lower] += 1
    ready = [index for index, count in enumerate(waits_for) if not count]
    ordered: list[Stroke] = []
    while ready:
        index = heapq.heappop(ready)
        ordered += blocks[index]
        for lower in lets_go[index]:
            waits_for[lower] -= 1
            if not waits_for[lower]:
                heapq.heappush(ready, lower)
    return ordered


def _climb(boxes: list[_Box], alone: bool) -> bool:
    """Whether any block stands above one that was drawn before it: on most pages none does, which is soon seen."""
    lowest = -inf
    for index, box in enumerate(boxes):
        if box[3] - _SUNK * (box[3] - box[1]) <= lowest and any(_is_above(box, boxes[i], alone) for i in range(index)):
            return True
        lowest = max(lowest, box[1])
    return False


def _box(block: list[Stroke]) -> _Box:
    return (
        min(stroke.x0 for stroke in block),
        min(stroke.y0 for stroke in block),
        max(stroke.x1 for stroke in block),
        max(stroke.y1 for stroke in block),
    )


def _over_all(boxes: list[_Box]) -> list[_Box]:
    """The same, but the lowest block is as wide as the page: below everything wherever it stands. So is the highest."""
    if len(boxes) < 3:
        return boxes
    for edge in (max(boxes, key=lambda box: box[1]), min(boxes, key=lambda box: box[3])):
        others = [box for box in boxes if box is not edge]
        if edge[1] >= max(box[3] for box in others) or edge[3] <= min(box[1] for box in others):
            wide = (min(box[0] for box in boxes), edge[1], max(box[2] for box in boxes), edge[3])
            boxes = [wide if box is edge else box for box in boxes]
    return boxes


def _is_above(upper: _Box, lower: _Box, alone: bool) -> bool:
    # the upper one begins above the lower one whenever this holds: it cannot hold in a circle
    if upper[3] - _SUNK * min(upper[3] - upper[1], lower[3] - lower[1]) > lower[1] or upper[1] >= lower[1]:
        return False
    shared = min(upper[2], lower[2]) - max(upper[0], lower[0])
    return alone or shared > _SHARED_WIDTH * min(upper[2] - upper[0], lower[2] - lower[0])
