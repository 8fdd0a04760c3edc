"""Lines become one running text whose every character still knows its line.

A line break inside a paragraph becomes a blank, between Chinese characters nothing; a hyphen at a line's end goes when
it only divides a word. A paragraph's end becomes "\\n".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.documents.cleaning import body_size
from engine.documents.headings import is_heading
from engine.documents.layout import goes_on
from engine.documents.scripts import is_cjk
from engine.types import Line, Page, Span

_DIVIDED = re.compile(r"[^\W\d_]{2,}[-\u2010\u00ad]$")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+")
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
    spans: tuple[Span, ...]  # one per line, in order
    paragraphs: tuple[Paragraph, ...]


def flow(pages: tuple[Page, ...]) -> Flow:
    """The document as one text. Nothing is lost but blanks and dividing hyphens."""
    body = body_size(pages)
    hyphenated = _hyphenated_words(pages)
    parts: list[str] = []
    spans: list[Span] = []
    paragraphs: list[Paragraph] = []
    length = start = 0
    before: Line | None = None
    was_heading = False
    for page, line in _lines(pages):
        heading = is_heading(line, body)
        if before is not None:
            if _breaks(before, was_heading, line, heading):
                paragraphs.append(Paragraph(start, length, was_heading))
                parts.append("\n")
                length = start = length + 1
            else:
                kept, joint = _joint(before.text, line.text, hyphenated)
                if kept < len(before.text):
                    parts[-1] = before.text[:kept]
                    spans[-1] = Span(spans[-1].start, spans[-1].start + kept, spans[-1].page, spans[-1].box)
                    length = spans[-1].end
                parts.append(joint)
                length += len(joint)
        spans.append(Span(length, length + len(line.text), page, line.box))
        parts.append(line.text)
        length += len(line.text)
        before, was_heading = line, heading
    if before is not None:
        paragraphs.append(Paragraph(start, length, was_heading))
    return Flow("".join(parts), tuple(spans), tuple(paragraphs))


def _lines(pages: Iterable[Page]) -> Iterator[tuple[int, Line]]:
    for page in pages:
        for line in page.lines:
            yield page.number, line


def _breaks(before: Line, was_heading: bool, line: Line, heading: bool) -> bool:
    if heading or was_heading:
        return heading != was_heading or line.gap or line.heading or abs(line.size - before.size) > 0.6
    if line.box and before.box and line.box.page != before.box.page:
        return not goes_on(before.text, line.text)
    return line.gap


def _joint(before: str, text: str, hyphenated: frozenset[str]) -> tuple[int, str]:
    """How many characters of `before` stay, and what stands between it and `text`."""
    if _DIVIDED.search(before) and text[0].islower():
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


def _hyphenated_words(pages: tuple[Page, ...]) -> frozenset[str]:
    """Words that the document writes with a hyphen inside a line: those keep it at a line's end."""
    return frozenset(
        word.lower().replace("\u2010", "-")
        for _, line in _lines(pages)
        if "-" in line.text or "\u2010" in line.text
        for word in _HYPHENATED.findall(line.text)
    )
