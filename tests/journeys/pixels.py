"""What is seen of highlighted words in a picture of the screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

STRONG = (255, 210, 63)  # the citation's own yellow on white paper
NEAR = 12
DARK = 110  # brightest channel of ink on the yellow


@dataclass(frozen=True)
class Marked:
    """The rectangle around all yellow points: pixels of the screen."""

    width: int
    height: int
    yellow: int  # points
    ink: int  # dark points within it


def marked(rows: list[bytes], within: tuple[int, int, int, int]) -> Marked | None:
    """The highlighted place on a page that stands `within` (x, y, width, height); None where nothing is yellow."""
    left, top, width, height = within
    screen = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1, 3)
    page = screen[top : top + height, left : left + width].astype(np.int16)  # (height, width, 3)
    yellow = (np.abs(page - np.array(STRONG, np.int16)) <= NEAR).all(axis=2)
    if not yellow.any():
        return None
    ys, xs = np.nonzero(yellow)
    inside = page[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    ink = int((inside.max(axis=2) < DARK).sum())
    return Marked(inside.shape[1], inside.shape[0], len(xs), ink)
