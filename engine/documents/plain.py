"""Text and Markdown files, and texts with other markup: every line is a place of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from engine.documents.characters import tidy
from engine.documents.decoding import decode
from engine.documents.files import bytes_of
from engine.documents.kinds import Kind
from engine.documents.layout import starts_item
from engine.documents.limits import MAX_LINES
from engine.documents.markup import headed_lines
from engine.documents.scripts import display_width
from engine.errors import UnreadableDocument
from engine.types import Line, Page, Reason, Unit

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_WRAP_COLUMNS = 120  # a file whose lines are longer is not wrapped by hand: each line is a paragraph

_FENCE = re.compile(r" {0,3}(```|~~~)")
_ATX = re.compile(r" {0,3}#{1,6}(?:\s+(.*?))?(?:\s+#+)?\s*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})\s*$")
_BLOCK_START = re.compile(r"\s*(?:[-*+]\s|\d{1,9}[.)]\s|>|\||<)")


@dataclass(frozen=True, slots=True)
class Plain:
    """A decoded text file."""

    lines: tuple[str, ...]
    kind: Kind
    unit: ClassVar[Unit] = Unit.LINE
    labels: ClassVar[tuple[str, ...]] = ()

    @property
    def unit_count(self) -> int:
        return len(self.lines)

    @property
    def title(self) -> str:
        """The first heading, where there are any."""
        if self.kind is Kind.TEXT:
            return ""
        return next((page.lines[0].text for page in self.pages() if page.lines[0].heading), "")

    def pages(self, first: int = 1) -> Iterator[Page]:
        """One page for each line from `first` on that is not blank; its number is the line's."""
        for number, line in self._numbered():
            if number >= first:
                yield Page(number, (line,))

    def _numbered(self) -> Iterator[tuple[int, Line]]:
        match self.kind:
            case Kind.MARKDOWN:
                return marked_lines(self.lines)
            case Kind.TEXT:
                return _text_lines(self.lines)
            case _:
                return headed_lines(self.lines, self.kind)


def open_document(path: str, kind: Kind) -> Plain:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, not text, no text."""
    return Plain(lines_of(path, decode(bytes_of(path))), kind)


def lines_of(path: str, text: str | None) -> tuple[str, ...]:
    """The lines of a file's text, as they are. Raises UnreadableDocument: not text, no text, too large."""
    if text is None:
        raise UnreadableDocument(path, Reason.NOT_TEXT)
    if not text.strip():
        raise UnreadableDocument(path, Reason.NO_TEXT)
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        raise UnreadableDocument(path, Reason.TOO_LARGE)
    return lines


def split_lines(text: str) -> tuple[str, ...]:
    lines = _BREAK.split(text)
    return tuple(lines if lines[-1] else lines[:-1])


def paragraphs(text: str) -> Iterator[Line]:
    """The lines of a text that came without a file of its own, each with whether a paragraph begins there."""
    return (line for _, line in _text_lines(split_lines(text)))


def _text_lines(lines: tuple[str, ...]) -> Iterator[tuple[int, Line]]:
    """Lines wrapped by hand belong together; a line after which the next word would have fitted ends a paragraph."""
    columns = _wrap_columns(lines)
    before = ""
    for number, raw in enumerate(lines, 1):
        text = tidy(raw)
        if text:
            indented = raw[:1] in " \t\u3000" and before[:1] not in " \t\u3000"
            gap = not before.strip() or indented or starts_item(raw) or not _is_wrapped(before, text, columns)
            yield number, Line(text, gap=gap)
        before = raw


def _wrap_columns(lines: tuple[str, ...]) -> int:
    """The width that the file is wrapped at, in columns; 0 if it is not."""
    widths = sorted(display_width(line.rstrip()) for line in lines if line.strip())
    widest = widths[int(len(widths) * 0.95)] if widths else 0
    return widest if 20 <= widest <= _WRAP_COLUMNS else 0


def _is_wrapped(before: str, text: str, columns: int) -> bool:
    if not columns:
        return False
    head = text.split(maxsplit=1)[0]
    word = display_width(head) + 1 if head.isascii() else 4
    return display_width(before.rstrip()) + word > columns


def marked_lines(lines: tuple[str, ...]) -> Iterator[tuple[int, Line]]:
    """Markdown's lines with their numbers, without blank ones, fences and underlines."""
    fence = ""
    before = ""
    for number, raw in enumerate(lines, 1):
        mark = _FENCE.match(raw)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
            before = ""
            continue
        line = _code_line(raw) if fence else _marked_line(raw, before, lines[number] if number < len(lines) else "")
        if line:
            yield number, line
        before = "" if line is None or line.heading else raw


def _code_line(raw: str) -> Line | None:
    text = tidy(raw)
    return Line(text, gap=True) if text else None


def _marked_line(raw: str, before: str, following: str) -> Line | None:
    heading = _ATX.match(raw)
    if heading:
        text = tidy(heading[1] or "")
        return Line(text, heading=True, gap=True) if text else None
    text = tidy(raw)
    if not text or _SETEXT.match(raw):
        return None
    starts = _BLOCK_START.match(raw) is not None
    if _SETEXT.match(following) and not starts:
        return Line(text, heading=True, gap=True)
    return Line(text, gap=not before.strip() or starts or before.endswith("  "))
