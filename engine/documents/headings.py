"""Which lines are headings."""

from __future__ import annotations

import re

from engine.documents.scripts import display_width, is_cjk_letter
from engine.types import Line

_LARGER = 1.12  # times the body's size
_COLUMNS = 100  # a heading is at most so wide
_NUMBERED = re.compile(
    r"(?:第\s*[一二三四五六七八九十百零〇\d]+\s*[章节篇部编](?:\s|[^的，。]|$)|"
    r"[1-9]\d?(?:\.\d{1,2}){1,4}\.?\s+\S|(?:[1-9]\d?\.?|[A-Z](?:\.\d{1,2})+)\s+[A-Z\u4e00-\u9fff]|"
    r"[1-9]\d?(?:\.\d{1,2}){1,4}\s?[\u4e00-\u9fff]|"
    r"(?:Chapter|Section|Appendix|CHAPTER|SECTION|APPENDIX)\s+[\dA-Z]|附录\s?[A-Z\d一二三四五六七八九十])"
)
_ENDS_LIKE_TEXT = re.compile(r"[.。,，;；:：!！、=+(（\-]$")
_LEADER = re.compile(r"(?:[.·…]\s?){4,}|\s\.{2,}")
_LABEL = re.compile(r"(?:fig(?:ure)?\.?|table|图|表|listing|equation)\s*\d", re.IGNORECASE)


def is_heading(line: Line, body: float) -> bool:
    """Whether a line is a heading: the format says so, or it is short and set larger, bold or numbered.

    `body` is the document's body size in points, 0 where it is unknown.
    """
    if line.heading:
        return True
    if not line.size or not _is_short_title(line.text):
        return False
    if line.size >= body * _LARGER:
        return True
    numbered = _NUMBERED.match(line.text) is not None
    if line.bold and line.size >= body * 0.95:
        return line.gap or numbered
    return numbered and line.gap and line.size >= body * 0.98 and _is_marked(line.text)


def _is_short_title(text: str) -> bool:
    if display_width(text) > _COLUMNS or _ENDS_LIKE_TEXT.search(text) or _LEADER.search(text):
        return False
    letters = sum(character.isalpha() for character in text)
    wide = any(is_cjk_letter(character) for character in text)
    return letters >= (2 if wide else 3) and letters * 2 >= len(text.replace(" ", "")) and not _LABEL.match(text)


def _is_marked(text: str) -> bool:
    """A number alone is weak evidence: "3.3 Volt" is no heading, "3.3 Power Supply" and "第三章" are."""
    return display_width(text) <= 60 and re.match(r"第|附录|[\d.]+\s*[A-Z\u4e00-\u9fff]\w|[A-Z]", text) is not None
