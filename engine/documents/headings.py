"""Which lines are headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.documents.layout import BULLETS
from engine.documents.scripts import cjk_letters, display_width
from engine.types import Line

_LARGER = 1.12  # times the body's size
_COLUMNS = 100  # a heading's line is at most so wide
_BLOCK_COLUMNS = 200  # and all its lines together
_CHAPTER = re.compile(
    r"第\s*[一二三四五六七八九十百零〇\d]+\s*[章节篇部编](?:\s|[^的，。]|$)|附录\s?[A-Z\d一二三四五六七八九十]|"
    r"(?:Chapter|Section|Appendix|CHAPTER|SECTION|APPENDIX)\s+[\dA-Z]|"
    r"[1-9]\d?(?:\.\d{1,2}){1,4}\.?\s*[A-Z\u4e00-\u9fff][^\W\d]"  # "3.3 Power", not "3.3 V"
)
_NUMBERED = re.compile(r"(?:[1-9]\d?(?:\.\d{1,2})*|[A-Z](?:\.\d{1,2})+|[一二三四五六七八九十]+、)\.?\s*[^\W\d]")
_ENDS_LIKE_TEXT = re.compile(r"[.。,，;；:：!！、=+(（\-]$")
_OF_CONTENTS = re.compile(r"(?:[.·…]\s?){4,}|(?:[.·…]\s?){2,}\d+$|^[\dA-Z][\d.]*\s.*\s\d{1,4}$")
_LABEL = re.compile(rf"(?:fig(?:ure)?\.?|table|图|表|listing|equation)\s*\d|[{BULLETS}(（\[\"“]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


def headings_of(lines: Sequence[Line], body: float) -> list[bool]:
    """For each line of a document whether it is a heading. `body` is its body size in points, 0 where unknown.

    Lines that stand together in one style are a heading together or not at all: a bold paragraph is none.
    """
    found: list[bool] = []
    for block in _blocks(lines):
        wide = sum(display_width(line.text) for line in block)
        whole = wide <= _BLOCK_COLUMNS and all(_is_heading(line, block[0].gap, body) for line in block)
        found += [whole or line.heading for line in block]
    return found


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and (line.gap or line.heading or not _same_style(block[-1], line)):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _same_style(line: Line, other: Line) -> bool:
    return line.bold == other.bold and abs(line.size - other.size) <= 0.6


def _is_heading(line: Line, gap: bool, body: float) -> bool:
    if not line.size or not _is_short_title(line.text):
        return False
    if line.size >= body * _LARGER:
        return True
    if line.bold and line.size >= body * 0.95:
        return gap or _NUMBERED.match(line.text) is not None
    return gap and line.size >= body * 0.98 and display_width(line.text) <= 60 and _CHAPTER.match(line.text) is not None


def _is_short_title(text: str) -> bool:
    if (
        display_width(text) > _COLUMNS
        or _ENDS_LIKE_TEXT.search(text)
        or _OF_CONTENTS.search(text)
        or _LABEL.match(text)
    ):
        return False
    letters = sum(map(str.isalpha, text))
    wide = len(cjk_letters(text))
    return letters * 2 >= len(text.replace(" ", "")) and (wide >= 2 or _WORD.search(text) is not None)
