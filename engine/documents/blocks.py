"""What a document without pages to show becomes: blocks of text in their order, each one a place that can be cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from engine.types import Line, Page, Unit


class TextDocument(Protocol):
    """An open document that is shown as lines of text; line n, from 1, is its place n."""

    @property
    def title(self) -> str: ...

    @property
    def unit(self) -> Unit: ...

    @property
    def unit_count(self) -> int:
        """How many of its unit it has: lines, slides, rows."""
        ...

    @property
    def lines(self) -> tuple[str, ...]:
        """What is shown, also what is not worth finding."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """What people call each line's place; empty where they call it by its number."""
        ...

    def pages(self, first: int = 1) -> Iterator[Page]:
        """One page for each line from `first` on that can be found; its number is the line's."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table's row, a slide's text box: one line of what is shown, without line breaks."""

    text: str  # tidy; "" for a blank line
    heading: bool = False
    gap: bool = True  # begins something new, as nearly every block does
    label: str = ""  # of its place, where people do not call it by its number
    shown: str = ""  # the line as it stands, where that is more than `text`: code keeps its indentation


@dataclass(frozen=True, slots=True)
class Blocks:
    """A TextDocument made of blocks."""

    title: str
    unit: Unit
    unit_count: int
    blocks: tuple[Block, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(block.shown or block.text for block in self.blocks)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(block.label for block in self.blocks) if any(block.label for block in self.blocks) else ()

    def pages(self, first: int = 1) -> Iterator[Page]:
        for number, block in enumerate(self.blocks[first - 1 :], first):
            if block.text:
                yield Page(number, (Line(block.text, heading=block.heading, gap=block.gap),), label=block.label)
