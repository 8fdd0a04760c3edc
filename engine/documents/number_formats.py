"""Numbers and dates of a sheet as people see them there: "12.5%", "1,234.50", and dates as 2021-03-31.

Excel keeps 44286 and a pattern such as "yyyy/m/d". The pattern's language is in ECMA-376 part 1, 18.8.31; what is left
out of it (fractions, conditions) shows the plain number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

# Patterns that files name by a number alone. Those of Asian Excels are dates from 27 to 36 and 50 to 58.
_BUILT_IN = {
    "0": (1,),
    "0.00": (2,),
    "#,##0": (3, 37, 38),
    "#,##0.00": (4, 39, 40),
    "0%": (9,),
    "0.00%": (10,),
    "0.00E+00": (11, 48),
    "yyyy-mm-dd": (14, 15, 16, *range(27, 32), 36, *range(50, 59)),
    "yyyy-mm": (17,),
    "hh:mm": (18, 20, 32, 34),
    "hh:mm:ss": (19, 21, 33, 35),
    "yyyy-mm-dd hh:mm": (22,),
    "[h]:mm:ss": (45, 46, 47),
}
BUILT_IN = {number: code for code, numbers in _BUILT_IN.items() for number in numbers}
_EPOCH = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_LAST_DAY = 2_958_465  # of the year 9999
_MOST_DECIMALS = 15
# quoted text, an escaped or a padding character, what stands in brackets, anything else one by one
_TOKEN = re.compile(r'"([^"]*)"?|\\(.)|[_*].|\[([^\]]*)\]|(.)', re.DOTALL)
_DIGITS = re.compile(r"([#0?,]*[#0?])(,*)(?:\.([#0?]*))?(,*)(E[+-]0+)?|\.([#0?]+)")
_HUNDREDTHS = re.compile(r"[sS]\.0+")  # of a second
_AM_PM = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One section of a format, taken apart."""

    before: str = ""
    after: str = ""
    digits: bool = False  # there is a number to print
    grouped: bool = False
    least: int = 0  # decimals
    most: int = 0
    scale: float = 1.0
    scientific: bool = False
    dates: str = ""  # the letters of a date or a time, in order: "ymd", "hms"
    elapsed: bool = False  # hours go on beyond 24


def shown(value: float, code: str, is_1904: bool = False) -> str:
    """`value` in the format `code`."""
    sections = _sections(code)
    pattern = sections[0]
    if len(sections) > 1 and value < 0:
        pattern, value = sections[1], -value
        if "-" not in pattern.before and "(" not in pattern.before and not pattern.dates:
            return "-" + _written(value, pattern, is_1904)  # red, on the screen
    elif len(sections) > 2 and value == 0:
        pattern = sections[2]
    return _written(value, pattern, is_1904)


def general(value: float) -> str:
    """A number without a format: as many digits as a cell would show."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.11g}"


def _written(value: float, pattern: _Pattern, is_1904: bool) -> str:
    if pattern.dates:
        return _moment(value, pattern, is_1904)
    if not pattern.digits:
        return pattern.before.strip() or general(value)
    scaled = value * pattern.scale
    if pattern.scientific:
        number = f"{scaled:.{pattern.most}E}"
    else:
        number = f"{scaled:,.{pattern.most}f}" if pattern.grouped else f"{scaled:.{pattern.most}f}"
        number = _shortened(number, pattern.most - pattern.least)
    return f"{pattern.before}{number}{pattern.after}".strip()


def _shortened(number: str, optional: int) -> str:
    """Without the last `optional` decimals as far as they are noughts."""
    while optional and number[-1] == "0":
        number, optional = number[:-1], optional - 1
    return number.removesuffix(".")


def _moment(value: float, pattern: _Pattern, is_1904: bool) -> str:
    if not 0 <= value <= _LAST_DAY:
        return general(value)
    seconds = round(value * 86_400)
    if pattern.elapsed or (value < 1 and "y" not in pattern.dates and "d" not in pattern.dates):
        return _clock(seconds // 3600, seconds // 60 % 60, seconds % 60, "s" in pattern.dates)
    days = value + (1 if not is_1904 and value < 60 else 0)  # Excel believes in 29 February 1900
    moment = (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(seconds=round(days * 86_400))
    clock = _clock(moment.hour, moment.minute, moment.second, "s" in pattern.dates)
    letters = set(pattern.dates)
    if not letters & {"y", "d"} and "h" in letters:
        return clock
    if "d" not in letters and "y" in letters:
        return f"{moment:%Y-%m}" if "m" in letters else f"{moment:%Y}"
    return f"{moment:%Y-%m-%d} {clock}" if "h" in letters else f"{moment:%Y-%m-%d}"


def _clock(hours: int, minutes: int, seconds: int, exact: bool) -> str:
    return f"{hours:02}:{minutes:02}:{seconds:02}" if exact else f"{hours:02}:{minutes:02}"


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Pattern, ...]:
    """Positive, negative, zero, text: as many as the format has, at least one."""
    sections: list[list[tuple[bool, str]]] = [[]]
    elapsed = False
    for match in _TOKEN.finditer(_AM_PM.sub("", code)):
        quoted, escaped, bracket, plain = match.groups()
        if plain == ";":
            sections.append([])
        elif plain is not None:
            sections[-1].append((False, plain))
        elif bracket is not None and bracket.lower().strip("hms") == "" and bracket:
            elapsed = True
            sections[-1].append((False, bracket[0]))
        elif bracket is not None and bracket.startswith("$"):
            sections[-1].append((True, bracket[1:].split("-")[0]))
        elif bracket is None:
            sections[-1].append((True, quoted or escaped or ""))
    return tuple(_pattern(section, elapsed) for section in sections)


def _pattern(tokens: list[tuple[bool, str]], elapsed: bool) -> _Pattern:
    """`tokens` are pieces of text, each with whether it is printed as it is."""
    marks = "".join("\x00" if literal else text for literal, text in tokens)
    letters = "".join(dict.fromkeys(character for character in marks.lower() if character in "ymdhs"))
    numbers = _DIGITS.search(_HUNDREDTHS.sub("s", marks))
    if not numbers and letters and "general" not in marks.lower():
        return _Pattern(dates=letters, elapsed=elapsed)
    if "general" in marks.lower() or "/" in marks or "@" in marks:
        return _Pattern()
    if not numbers:
        return _Pattern(before="".join(text for literal, text in tokens if literal or text in "+-()"))
    whole, scaling, decimals = numbers[1] or "", (numbers[2] or "") + (numbers[4] or ""), numbers[3] or numbers[6] or ""
    decimals = decimals[:_MOST_DECIMALS]
    return _Pattern(
        before=_literal(tokens[: numbers.start()]),
        after=_literal(tokens[numbers.end() :]),
        digits=True,
        grouped="," in whole,
        least=decimals.count("0"),
        most=len(decimals),
        scale=(100.0 if "%" in marks else 1.0) / 1000.0 ** len(scaling),
        scientific=numbers[5] is not None,
    )


def _literal(tokens: list[tuple[bool, str]]) -> str:
    """What is printed before or after the digits. Every token is one character of the pattern's marks."""
    return "".join(text for literal, text in tokens if literal or text in "%+-()$€£¥ /:")
