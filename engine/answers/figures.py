"""The numbers and names in a text: what a written sentence may not get wrong.

Numbers come as values, whether written 2, two, 二 or 2.0; names as they are compared, in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve"
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(f"{_UNITS} {_TEENS}".split())}
_TENS = {word: 10 * value for value, word in enumerate(_ROUND.split(), 2)}
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "dozen": 12}
_WORDS = {**_SMALL, **_TENS, **_TIMES}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}
_YEAR = "january february march april may june july august september october november december"
_MONTHS = _YEAR.split()

_FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(\.\d+)?(?:\s*(hundred|thousand|million|billion|万|亿)(?![a-z]))?")
_WORD = rf"(?:{'|'.join(sorted([*_WORDS, *(s for s in _SCALES if s.isascii())], key=len, reverse=True))})"
_SPELLED = re.compile(rf"\b{_WORD}(?:(?:[ -]|\s+and\s+){_WORD})*\b")
_CHINESE_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_TENS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_MEASURE = re.compile(
    r"[个年月日天周时分秒次位种岁人倍元块米里吨克度条章页级期届名项件台套层步点小季]|%|％|多?[个年天]"
)
_UNIT = re.compile(
    r"[\s)-]*(?:(?P<year>years?\b|年)|(?P<month>months?\b|个月)|(?P<week>weeks?\b|周|个?星期)|(?P<day>days?\b|天)"
    r"|(?P<hour>hours?\b|个?小时)|(?P<minute>minutes?\b|分钟)|(?P<percent>%|percent\b|per cent\b)|(?P<of_month>日|号)"
    r"|(?P<of_year>月)|(?P<age>岁)|(?P<people>people\b|人|名)|(?P<money>元|yuan\b|dollars?\b|euros?\b)"
    r"|(?P<times>times\b|次))"
)
_NOT_COUNTED = re.compile(
    r"十分|千万(?!元|人|吨)|万一|一般|一些|一样|一定|一起|一直|一旦|一切|统一|唯一|之一|进一步|万无一失|一一"
)
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\b(?=\s+\d|,)|(?<=\d )\b({'|'.join(_MONTHS)})\b")


Measure = tuple[str, str]  # a value and its unit: ("7", "year")


def numbers(text: str) -> frozenset[str]:
    """Every value that is written in `text`, however it is written."""
    return frozenset(value for value, _ in _values(_folded(text), strict=False))


def stated_numbers(text: str) -> frozenset[str]:
    """The values that `text` surely means as numbers: without "one", "second" or a single 一."""
    return frozenset(value for value, _ in _values(_folded(text), strict=True))


def measures(text: str) -> frozenset[Measure]:
    """The values that stand before a unit. Years of the calendar are left out: their 年 is often not written."""
    folded = _folded(text)
    found = ((value, _unit(folded, end)) for value, end in _values(folded, strict=False))
    return frozenset((value, unit) for value, unit in found if unit and not (unit == "year" and float(value) >= 1000))


def contradicts(measure: Measure, others: frozenset[Measure]) -> bool:
    """Whether the unit stands with other values only."""
    return measure not in others and any(unit == measure[1] for _, unit in others)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _unit(text: str, at: int) -> str:
    """The unit that follows the number which ends at `at`; the words of both languages are one."""
    found = _UNIT.match(text, at)
    return next(name for name, said in found.groupdict().items() if said) if found else ""


def _values(text: str, *, strict: bool) -> Iterator[tuple[str, int]]:
    """Each value, and where it ends."""
    for match in _FIGURE.finditer(text):
        whole, fraction, scale = match.groups("")
        yield f"{float(whole.replace(',', '') + fraction) * _SCALES.get(scale, 1):.10g}", match.end()
    for match in _SPELLED.finditer(text):
        if not strict or match[0] not in (*_TIMES, "one"):
            yield f"{_spelled(match[0]):.10g}", match.end()
    for match in _MONTH.finditer(text):
        yield str(_MONTHS.index(match[1] or match[2]) + 1), match.end()
    text = _NOT_COUNTED.sub(lambda match: " " * len(match[0]), text)
    for match in _CHINESE.finditer(text):
        if not strict or _is_counted(text, match):
            yield f"{_chinese(match[0]):.10g}", match.end()


def _is_counted(text: str, match: re.Match[str]) -> bool:
    """Whether a Chinese number is one: 第七, 七年, 三十, but not 七 alone, and not 一."""
    if match[0] in ("一", "两", "万", "亿", "千", "百") or text[: match.start()][-1:].isdigit():
        return False
    return (
        len(match[0]) > 1
        or text[max(0, match.start() - 1) : match.start()] == "第"
        or bool(_MEASURE.match(text, match.end()))
    )


def _spelled(words: str) -> float:
    total, current = 0.0, 0.0
    for word in re.findall(r"[a-z]+", words):
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if word != "hundred":
                total, current = total + current, 0.0
        elif word != "and":
            current += _WORDS[word]
    return total + current


def _chinese(numeral: str) -> float:
    if len(numeral) > 1 and all(char in _CHINESE_DIGITS for char in numeral):  # 二〇一九
        return float("".join(str(_CHINESE_DIGITS[char]) for char in numeral))
    total, section, digit = 0.0, 0.0, 0.0
    for char in numeral:
        if char in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[char]
        elif char in _CHINESE_TENS:
            section, digit = section + (digit or 1) * _CHINESE_TENS[char], 0.0
        else:
            total, section, digit = (total + (section + digit or 1)) * _SCALES[char], 0.0, 0.0
    return total + section + digit


_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.&/][A-Za-z0-9]+)*|\d+[A-Za-z][A-Za-z0-9]*")
_OPENS = re.compile(r"(?:^|[.!?:;。！？：；]|\n)[\s\"'“‘(\[*_>#|-]*(?:\d+[.)]\s*)?$")
_TITLED = re.compile(r"《([^》]{1,60})》")
_NO_NAMES = frozenset([*_MONTHS, "i", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])


def names(text: str) -> frozenset[str]:
    """Words that name something: capitals within a sentence, letters with digits, abbreviations, 《titles》."""
    found = {match[0].casefold() for match in _TOKEN.finditer(text) if _is_name(text, match)}
    return frozenset(found - _NO_NAMES) | {title.casefold() for title in _TITLED.findall(text)}


def _is_name(text: str, match: re.Match[str]) -> bool:
    word = match[0]
    if any(char.isdigit() for char in word) or sum(char.isupper() for char in word) > 1:
        return True
    return word[0].isupper() and len(word) > 1 and not _OPENS.search(text[: match.start()])
