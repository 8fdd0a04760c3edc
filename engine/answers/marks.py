"""Takes the marks that point to passages, [1] or [2, 3], out of a text that comes in pieces.

Only what may still become a mark is held back: blanks, an open bracket with digits, backticks. In code nothing is a
mark, and neither are "[2021]", "a[0]" or the text of a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_JOINT = r"\s*(?:[,，、;；]|(?P<range>[-–—~至到]))\s*"
_NUMBERS = rf"[1-9]\d?(?:{_JOINT.replace('?P<range>', '?:')}[1-9]\d?)*"
_MARK = (
    rf"(?P<blanks>[ \t\u3000]*)(?:\[\s*\^?(?P<square>{_NUMBERS})\s*\]|【\s*(?P<wide>{_NUMBERS})\s*】)(?![(A-Za-z0-9_])"
)
_SPECIAL = re.compile(rf"(?P<ticks>`+)|{_MARK}")
_ENDS_BLOCK = re.compile(r"`+")
_ENDS_SPAN = re.compile(r"`+|\n")  # a backtick that nothing closes is one of the text: code ends with its line
_UNFINISHED = re.compile(r"(?:\s+|\s*[\[【][\s\d^,，、;；\-–—~至到]{0,24}[\]】]?|`+)$")
_SUBSCRIPTED = re.compile(r"(?:^|[^A-Za-z0-9_])[A-Za-z_]$|\w*_\w*$|[)\]]$")  # "a[1]", "my_list[1]", "f(x)[1]"
_MEMORY = 40  # characters before a bracket that tell whether it is a mark


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    numbers: tuple[int, ...]  # from 1, as written: there may be no such passage


class MarkReader:
    def __init__(self) -> None:
        self._held = ""
        self._before = "\n"
        self._code = ""  # the backticks that opened it
        self._swallows_blank = False  # after a mark at the beginning of a line

    def feed(self, text: str) -> Iterator[Text | Mark]:
        self._held += text
        unfinished = _UNFINISHED.search(self._held)
        yield from self._read(unfinished.start() if unfinished else len(self._held))

    def rest(self) -> Iterator[Text | Mark]:
        """What was held back, at the end of the text."""
        yield from self._read(len(self._held))

    def _read(self, until: int) -> Iterator[Text | Mark]:
        at = 0
        while at < until:
            found = self._ahead.search(self._held, at)
            start = min(found.start(), until) if found else until
            if start > at:
                yield from self._text(self._held[at:start])
            at = start
            if found and start < until:
                at = found.end()
                yield from self._special(found)
        self._held = self._held[at:]

    @property
    def _ahead(self) -> re.Pattern[str]:
        """What the text has to be searched for where it stands."""
        if not self._code:
            return _SPECIAL
        return _ENDS_SPAN if len(self._code) < 3 else _ENDS_BLOCK

    def _special(self, found: re.Match[str]) -> Iterator[Text | Mark]:
        groups = found.groupdict()
        if found[0] == "\n":
            self._code = ""
            yield self._said("\n", is_code=False)
            return
        if "blanks" not in groups or groups["ticks"]:
            yield self._ticks(found[0])
            return
        blanks, numbers = groups["blanks"], groups["square"] or groups["wide"]
        if not blanks and _SUBSCRIPTED.search(self._before) and not self._before.endswith("\n"):
            yield from self._text(found[0])
            return
        if self._before.endswith("\n"):
            self._swallows_blank = True
        yield Mark(tuple(_counted(numbers)))

    def _ticks(self, ticks: str) -> Text:
        is_fence = len(ticks) >= 3 and not self._before.rpartition("\n")[2].strip()
        if not self._code:
            self._code = ticks
        elif self._code == ticks or (is_fence and len(self._code) >= 3):
            self._code = ""
        return self._said(ticks, is_code=True)

    def _text(self, text: str) -> Iterator[Text]:
        if self._swallows_blank:
            text, self._swallows_blank = text.lstrip(" \t"), False
        if text:
            yield self._said(text, is_code=bool(self._code))

    def _said(self, text: str, is_code: bool) -> Text:
        self._before = (self._before + text)[-_MEMORY:]
        return Text(text, is_code)


def _counted(numbers: str) -> Iterator[int]:
    last, is_range = 0, False
    for part in re.findall(r"\d+|[-–—~至到]", numbers):
        if not part.isdigit():
            is_range = True
            continue
        number = int(part)
        if is_range and last < number <= last + 20:
            yield from range(last + 1, number)
        yield number
        last, is_range = number, False
