"""Small facts about characters: which are Chinese, how wide they stand, what ends a sentence."""

from __future__ import annotations

import re

CJK = (
    r"\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
_CJK = re.compile(f"[{CJK}‘’“”…—]")
_WIDE = re.compile(f"[{CJK}]")
_CJK_LETTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_TERMINAL = re.compile(r"[.!?。！？；;：:…][\"'”’」』）》】)\]]*$")


def is_cjk(character: str) -> bool:
    """Whether no blank belongs between this character and a Chinese one: letters and punctuation."""
    return _CJK.match(character) is not None


def is_cjk_letter(character: str) -> bool:
    return _CJK_LETTER.match(character) is not None


def cjk_letters(text: str) -> list[str]:
    """Those of its characters for which `is_cjk_letter` holds."""
    return _CJK_LETTER.findall(text)


def ends_sentence(text: str) -> bool:
    return _TERMINAL.search(text[-6:]) is not None


def display_width(text: str) -> int:
    """Columns that `text` takes: 2 for a Chinese, Japanese or Korean character, 1 for any other."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))
