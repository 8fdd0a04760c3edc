"""Lines become one running text whose every character still knows its line.

A line break inside a paragraph becomes a blank, between Chinese characters nothing; a hyphen at a line's end goes when
it only divides a word. A paragraph's end becomes "\\n".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.documents.asides import settled
from engine.documents.cleaning import body_size
from engine.documents.headings import headings_of
from engine.documents.layout import goes_on
from engine.documents.scripts import is_cjk
from engine.types import Line, Page, Span

_DIVIDED = re.compile(r"[^\W\d_]{2,}[-\u2010\u00ad]$")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+")
_HYPHENS = "-\u2010\u00ad"
_WIDE_MARKS = "，。；：！？、）】》」』"
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LAST_PART = re.compile(r"[^\W\d_]+(?=[-\u2010\u00ad]$)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Characters `start` to `end` of the flow; a heading is one of its own."""

    start: int
    end: int
    heading: bool


@dataclass(frozen=True, slots=True)
class Flow:
    text: str
    spans: tuple[Span, ...]  # one per line, or per piece of one, in order
    paragraphs: tuple[Paragraph, ...]


def flow(pages: tuple[Page, ...]) -> Flow:
    """The document as one text. Nothing is lost but blanks and dividing hyphens."""
    body = body_size(pages)
    placed = [(page, line) for page in pages for line in settled(page, body)]
    lines = [line for _, line in placed]
    flowing = _Flowing(_hyphenated_words(lines))
    for (page, line), heading in zip(placed, headings_of(lines, body), strict=True):
        flowing.add(page, line, heading)
    return flowing.end()


class _Flowing:
    """A Flow while it grows, line by line."""

    def __init__(self, hyphenated: frozenset[str]) -> None:
        self._hyphenated = hyphenated
        self._parts: list[str] = []
        self._spans: list[Span] = []
        self._paragraphs: list[Paragraph] = []
        self._length = self._start = 0
        self._before: Line | None = None
        self._heading = False  # whether the paragraph at hand is one

    def add(self, page: Page, line: Line, heading: bool) -> None:
        if self._before and _breaks(self._before, self._heading, line, heading):
            self._paragraphs.append(Paragraph(self._start, self._length, self._heading))
            self._append("\n")
            self._start = self._length
        elif self._before:
            self._join(self._before.text, line.text)
        for start, end, box in line.pieces or ((0, len(line.text), line.box),):
            self._spans.append(Span(self._length + start, self._length + end, page.number, box, page.label))
        self._append(line.text)
        self._before, self._heading = line, heading

    def end(self) -> Flow:
        if self._before:
            self._paragraphs.append(Paragraph(self._start, self._length, self._heading))
        return Flow("".join(self._parts), tuple(self._spans), tuple(self._paragraphs))

    def _join(self, before: str, text: str) -> None:
        kept, joint = _joint(before, text, self._hyphenated)
        if kept < len(before):
            last = self._spans[-1]
            self._parts[-1] = before[:kept]
            self._length -= len(before) - kept
            self._spans[-1] = replace(last, end=self._length)
        self._append(joint)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _breaks(before: Line, was_heading: bool, line: Line, heading: bool) -> bool:
    if heading or was_heading:
        return heading != was_heading or line.gap or line.heading or abs(line.size - before.size) > 0.6
    if line.box and before.box and line.box.page != before.box.page:
        return not goes_on(before.text, line.text)
    return line.gap


def _joint(before: str, text: str, hyphenated: frozenset[str]) -> tuple[int, str]:
    """How many characters of `before` stay, and what stands between it and `text`."""
    if before[-1] in _HYPHENS and text[0].islower() and _DIVIDED.search(before[-4:]):
        if before[-1] != "\u00ad" and _whole(before, text) in hyphenated:
            return len(before), ""
        return len(before) - 1, ""
    if before[-1] in "-\u2010/" and len(before) > 1 and not before[-2].isspace():
        return len(before), ""
    if before[-1] in _WIDE_MARKS or (is_cjk(before[-1]) and is_cjk(text[0])):
        return len(before), ""
    return len(before), " "


def _whole(before: str, text: str) -> str:
    last, first = _LAST_PART.search(before), _FIRST_WORD.match(text)
    return f"{last[0]}-{first[0]}".lower() if last and first else ""


def _hyphenated_words(lines: Iterable[Line]) -> frozenset[str]:
    """Words that the document writes with a hyphen inside a line: those keep it at a line's end."""
    return frozenset(
        word.lower().replace("\u2010", "-")
        for line in lines
        if "-" in line.text or "\u2010" in line.text
        for word in _HYPHENATED.findall(line.text)
    )
