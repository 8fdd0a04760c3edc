"""Text and Markdown files: every line is a place of its own."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from engine.documents.characters import tidy
from engine.documents.files import open_file
from engine.documents.kinds import Kind
from engine.documents.layout import starts_item
from engine.documents.limits import MAX_LINES, MAX_TEXT_BYTES
from engine.documents.scripts import CJK, display_width
from engine.errors import UnreadableDocument
from engine.types import Line, Page, Reason, Unit

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_COMMON_CHINESE = re.compile(f"[{CJK}\\s\x20-\x7e]")
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
        """Markdown's first heading."""
        if self.kind is not Kind.MARKDOWN:
            return ""
        return next((page.lines[0].text for page in self.pages() if page.lines[0].heading), "")

    def pages(self, first: int = 1) -> Iterator[Page]:
        """One page for each line from `first` on that is not blank; its number is the line's."""
        lines = _marked_lines(self.lines) if self.kind is Kind.MARKDOWN else _text_lines(self.lines)
        for number, line in lines:
            if number >= first:
                yield Page(number, (line,))


def open_document(path: str, kind: Kind) -> Plain:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, not text, no text."""
    data = _bytes_of(path)
    text = decode(data)
    if text is None:
        raise UnreadableDocument(path, Reason.NOT_TEXT)
    if not text.strip():
        raise UnreadableDocument(path, Reason.NO_TEXT)
    lines = _BREAK.split(text)
    if lines and not lines[-1]:
        lines.pop()
    if len(lines) > MAX_LINES:
        raise UnreadableDocument(path, Reason.TOO_LARGE)
    return Plain(tuple(lines), kind)


def decode(data: bytes) -> str | None:
    """`data` as text: UTF-8, UTF-16 with its mark, GB18030, or Windows' Latin; None if it is none of them."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    text = _decoded(data, "utf-8")
    if text is not None:
        return text
    text = _decoded(data, "gb18030")
    if text is not None and _is_chinese(text):
        return text
    text = _decoded(data, "cp1252")
    return text if text is not None and _is_latin(text) else None


def _bytes_of(path: str) -> bytes:
    with open_file(path) as file:
        try:
            data = file.read(MAX_TEXT_BYTES + 1)
        except OSError as error:
            raise UnreadableDocument(path, Reason.NO_ACCESS) from error
    if len(data) > MAX_TEXT_BYTES:
        raise UnreadableDocument(path, Reason.TOO_LARGE)
    return data


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    rubbish = len(_CONTROL.findall(text))
    return None if "\x00" in text or rubbish * 100 > len(text) else text


def _is_chinese(text: str) -> bool:
    """Nearly any bytes are valid GB18030: believe it when what comes out is common characters."""
    strange = len(_COMMON_CHINESE.sub("", text))
    return strange * 20 <= len(text)


def _is_latin(text: str) -> bool:
    """Mostly ASCII, and what is not are letters and quotation marks."""
    foreign = [character for character in text if character > "\x7e"]
    letters = sum(unicodedata.category(character)[0] in "LP" for character in foreign)
    return len(foreign) * 3 <= len(text) and letters * 5 >= len(foreign) * 4


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


def _marked_lines(lines: tuple[str, ...]) -> Iterator[tuple[int, Line]]:
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
