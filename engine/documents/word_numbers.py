"""The numbers that Word counts and does not write down: "1.2", "第三条", "(a)"."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from engine.documents.packages import Element, attribute, child, children, named, whole

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str  # "%1.%2"
    restarts: bool = False  # a list of this kind begins anew here


class Numbers:
    """Counts the numbered paragraphs of a document, in their order."""

    def __init__(self, root: Element | None) -> None:
        parts = [*children(root)]
        kinds = {attribute(part, "abstractNumId"): part for part in parts if named(part) == "abstractNum"}
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        for part in parts:
            if named(part) == "num":
                kind = attribute(child(part, "abstractNumId"), "val")
                self._lists[attribute(part, "numId")] = (kind, _levels(kinds.get(kind), part))
        self._counts: defaultdict[str, list[int | None]] = defaultdict(lambda: [None] * _LEVELS)
        self._begun: set[str] = set()

    def next(self, paragraph: Element, of_style: Element | None) -> str:
        """What stands before this paragraph: "3.", "•", or ""."""
        own = child(paragraph, "pPr", "numPr")
        identity = attribute(child(own, "numId"), "val") or attribute(child(of_style, "numId"), "val")
        depth = attribute(child(own, "ilvl"), "val") or attribute(child(of_style, "ilvl"), "val") or "0"
        kind, levels = self._lists.get(identity, ("", {}))
        level = whole(depth, 0)
        if level not in levels:
            return ""
        self._count(identity, kind, level, levels)
        return _written(levels, level, self._counts[kind])

    def _count(self, identity: str, kind: str, level: int, levels: dict[int, _Level]) -> None:
        """Lists of one kind count on, unless one says where it starts."""
        counts = self._counts[kind]
        if identity not in self._begun:
            self._begun.add(identity)
            for depth, of_list in levels.items():
                counts[depth] = None if of_list.restarts else counts[depth]
        before = counts[level]
        counts[level] = levels[level].start if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)


def _levels(kind: Element | None, of_list: Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for element in children(kind):
        depth = attribute(element, "ilvl")
        if named(element) == "lvl" and whole(depth, _LEVELS) < _LEVELS:
            levels[int(depth)] = _level(element)
    for element in children(of_list):
        depth = attribute(element, "ilvl")
        if named(element) == "lvlOverride" and whole(depth, _LEVELS) in levels:
            own, start = child(element, "lvl"), attribute(child(element, "startOverride"), "val")
            level = levels[int(depth)] if own is None else _level(own)
            levels[int(depth)] = replace(level, start=whole(start, level.start), restarts=level.restarts or bool(start))
    return levels


def _level(element: Element) -> _Level:
    start = attribute(child(element, "start"), "val")
    return _Level(
        whole(start, 0),
        attribute(child(element, "numFmt"), "val", "decimal"),
        attribute(child(element, "lvlText"), "val"),
    )


def _written(levels: dict[int, _Level], level: int, counts: list[int | None]) -> str:
    if levels[level].format == "bullet":
        return "•"
    if levels[level].format == "none":
        return ""

    def number(match: re.Match[str]) -> str:
        depth = int(match[1]) - 1
        told = levels.get(depth)
        count = counts[depth]
        return formatted(told.format, told.start if count is None else count) if told else ""

    return _PLACE.sub(number, levels[level].text).strip()


def formatted(style: str, number: int) -> str:
    """A number in one of Word's ways to write it; plain digits in those that are not known."""
    if number <= 0 or number > 99_999:
        return str(number)
    match style:
        case "lowerLetter" | "upperLetter":
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters if style == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman":
            return _roman(number) if style == "lowerRoman" else _roman(number).upper()
        case "decimalZero":
            return f"{number:02}"
        case "chineseCounting" | "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCountingThousand":
            return _counted(number, _DIGITS, "十百千万")
        case "chineseLegalSimplified" | "ideographLegalTraditional":
            return _counted(number, _CAPITAL_DIGITS, "拾佰仟万")
        case "ideographDigital" | "taiwaneseCounting":
            return "".join(_DIGITS[int(digit)] for digit in str(number))
        case "ideographTraditional":
            return _STEMS[(number - 1) % len(_STEMS)]
        case "ideographZodiac":
            return _BRANCHES[(number - 1) % len(_BRANCHES)]
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if number <= 20:
            return chr(ord("①") + number - 1)
        case "decimalEnclosedParen":
            return f"({number})"
    return str(number)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def _counted(number: int, digits: str, units: str) -> str:
    """二十一, 一百零五: a nought stands once for any that are skipped, 十 has no 一 before it at the beginning."""
    if number >= 10_000:
        rest = number % 10_000
        between = "零" if 0 < rest < 1000 else ""
        return _counted(number // 10_000, digits, units) + units[3] + (between + _below(rest, digits, units))
    return _below(number, digits, units).removeprefix("一") if 10 <= number < 20 else _below(number, digits, units)


def _below(number: int, digits: str, units: str) -> str:
    written = ""
    for power, unit in ((3, units[2]), (2, units[1]), (1, units[0]), (0, "")):
        digit = number // 10**power % 10
        if digit:
            written += digits[digit] + unit
        elif written and number % 10**power and not written.endswith("零"):
            written += "零"
    return written
