"""Captions and footnotes stand in the middle of a page's text; here they step aside where they would cut a sentence.

Pure functions on the lines of one page, in reading order. Nothing is lost, and no line leaves its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from engine.documents.layout import goes_on
from engine.documents.scripts import ends_sentence
from engine.types import Line, Page

_CAPTION = re.compile(r"(?:Fig(?:ure|\.)?|FIG(?:URE|\.)?|Table|TABLE|Listing|Algorithm|[图表])\s?\d")
_NOTE = re.compile(r"[\d*∗†‡§¶①-⑳]|\[\d")
_LONGEST = 600  # characters of a caption or a note
_SMALLER = 0.93  # of the body's size: a footnote's type
_LEAST = 15  # characters in the last line of a paragraph that goes on

_Block = list[Line]  # lines up to the next gap


def settled(page: Page, body: float) -> tuple[Line, ...]:
    """The page's lines, no caption and no footnote within a sentence. `body` is the body's size, 0 where unknown."""
    blocks = _blocks(page.lines)
    if not body or not any(_is_aside(block, page, body) for block in blocks):
        return page.lines
    told: list[_Block] = []
    asides: list[_Block] = []
    for block in blocks:
        if _is_aside(block, page, body):
            asides.append(block)
        elif asides and told and goes_on(told[-1][-1].text, block[0].text):
            whole = [*told.pop(), replace(block[0], gap=False), *block[1:]]
            # at the page's top the paragraph may itself go on from the page before: then they follow it
            told += [*asides, whole] if told else [whole, *asides]
            asides = []
        else:
            told += [*asides, block]
            asides = []
    if asides and len(told) > 1 and _may_go_on(told[-1]):
        told[-1:-1] = asides
    else:
        told += asides
    return tuple(line for block in told for line in block)


def _blocks(lines: Iterable[Line]) -> list[_Block]:
    blocks: list[_Block] = []
    for line in lines:
        if blocks and not line.gap:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _is_aside(block: _Block, page: Page, body: float) -> bool:
    first = block[0]
    if first.box is None or sum(len(line.text) for line in block) > _LONGEST:
        return False
    if _CAPTION.match(first.text):
        return True
    small = all(line.size <= _SMALLER * body for line in block)
    return small and first.box.y0 > page.height / 2 and _NOTE.match(first.text) is not None


def _may_go_on(block: _Block) -> bool:
    """Whether the sentence that the page ends in goes on upon the next."""
    last = block[-1].text
    return len(last) >= _LEAST and not ends_sentence(last) and " | " not in last
