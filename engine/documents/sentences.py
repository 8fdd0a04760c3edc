"""Where sentences end, in English and in Chinese."""

from __future__ import annotations

import re

_CLOSERS = "\"'”’」』）》】〉)\\]}"
# A line break ends a sentence; so do Chinese marks anywhere, and Latin ones before a blank, a Chinese letter, the end.
_END = re.compile(
    rf"\n"
    rf"|(?P<wide>[。！？；｡]+|…+[。！？]*)[{_CLOSERS}]*"
    rf"|(?P<latin>[.!?]+)[{_CLOSERS}]*(?=\s|$|[\u2e80-\u9fff（《“「【])"
)
_ABBREVIATIONS = """
    approx art assoc b.c bros c.f ca cap cf ch chap cit co col corp d.c def dept dr e.g ed eds eg eq
    eqn eqns eqs est et etc ex ext fig figs gen gov hon i.e ibid ie inc incl jr lt ltd max min mr
    mrs ms mt n.b no nos nr op p para ph.d pp prof pt ref refs resp rev sec sect sen sgt sr st
    subsec tab tel u.k u.n u.s univ v.s var viz vol vols vs jan feb mar apr jun jul aug sep sept oct
    nov dec al a.k.a
    """
_ABBREVIATED = frozenset(_ABBREVIATIONS.split())
_LAST_WORD = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)$")
_LIST_NUMBER = re.compile(r"(?:[(（]?[0-9]{1,3}|[a-zA-Z]|[ivxIVX]{1,4})$")


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of `text` as pairs of offsets, in order, without the blanks around them."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() <= start or not _ends(text, start, match):
            continue
        _add(found, text, start, match.end())
        start = match.end()
    _add(found, text, start, len(text))
    return found


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 2].lstrip(" ")[:1]
    mark = match["latin"]
    if mark is None:
        return not (match["wide"] or "").startswith("…") or not following.islower()
    if following.islower():
        return False  # "approx. three", "Yahoo! said"
    if mark != ".":
        return True
    word = _LAST_WORD.search(text, max(start, match.start() - 24), match.start())
    return word is None or not _stays_open(text[start : match.start()].lstrip(), word[1], following)


def _stays_open(before: str, word: str, following: str) -> bool:
    """Whether the point after `word` is part of it: an abbreviation, an initial, or a list's number."""
    if before == word and _LIST_NUMBER.match(word):
        return True
    if len(word) == 1 and word.isupper() and word != "I":
        return not following or following.isupper()
    if word.lower() == "etc" or word.lower() in ("inc", "ltd", "co", "corp", "jr", "sr", "u.s", "u.k"):
        return not following.isupper()
    if word.lower() == "no":
        return following.isdigit()
    return word.lower() in _ABBREVIATED


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))
