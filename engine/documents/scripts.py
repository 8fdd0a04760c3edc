"""Small facts about characters: which are Chinese, how wide they stand, what ends a sentence."""

from __future__ import annotations

import re
import unicodedata

CJK = (
    r"\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
_CJK = re.compile(f"[{CJK}‘’“”…—]")
_CJK_LETTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_TERMINAL = re.compile(r"[.!?。！？；;：:…][\"'”’」』）》】)\]]*$")


def is_cjk(character: str) -> bool:
    """Whether no blank belongs between this character and a Chinese one: letters and punctuation."""
    return _CJK.match(character) is not None


def is_cjk_letter(character: str) -> bool:
    return _CJK_LETTER.match(character) is not None


def ends_sentence(text: str) -> bool:
    return _TERMINAL.search(text[-6:]) is not None


def display_width(text: str) -> int:
    """Columns that `text` takes: 2 for a wide character, 1 for any other, 0 for a combining mark."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
