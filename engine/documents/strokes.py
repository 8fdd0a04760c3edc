"""What a page is made of before it is read: strokes of text, and the rules drawn between them."""

from __future__ import annotations

from dataclasses import dataclass

Piece = tuple[int, int, tuple[float, float, float, float]]  # its first character, the one past its last, its sides


@dataclass(frozen=True, slots=True)
class Stroke:
    """Text that the PDF sets in one go, in displayed coordinates."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    block: int  # strokes of one block come one after the other
    upright: bool = True  # reads from left to right as displayed
    mono: bool = False  # fixed width: code, whose line breaks are meant
    blank_before: bool = False  # as it is drawn, however near the next one stands
    blank_after: bool = False
    cells: int = 0  # of a whole row of a table, which joins nothing beside it; 0 for ordinary text
    pieces: tuple[Piece, ...] = ()  # of a row: where each of its parts stands; empty where all is one

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def parts(self) -> tuple[Piece, ...]:
        """Its pieces, or itself as one."""
        return self.pieces or ((0, len(self.text), (self.x0, self.y0, self.x1, self.y1)),)


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line or bar, upright or level, in displayed coordinates."""

    x0: float
    y0: float
    x1: float
    y1: float
