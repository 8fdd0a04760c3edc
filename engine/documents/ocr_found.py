"""What recognising takes and finds: the picture of a page, lines of text, and how the page lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PagePicture:
    width: int  # pixels
    height: int
    scale: float  # pixels a point
    grey: bytes  # a byte a pixel, row by row


@dataclass(frozen=True, slots=True)
class FoundLine:
    text: str
    score: float  # 0 to 1: how sure the model is
    corners: tuple[tuple[float, float], ...]  # in pixels: upper left, upper right, lower right, lower left


@dataclass(frozen=True, slots=True)
class FoundText:
    lines: tuple[FoundLine, ...]  # in no order
    turns: int  # quarter turns clockwise by which the page stands turned: 0 upright, 2 on its head
