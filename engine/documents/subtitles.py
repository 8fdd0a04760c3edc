"""Subtitles (SubRip, WebVTT): what is said, each line with its time as label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.documents.blocks import Block, Blocks
from engine.documents.characters import tidy
from engine.documents.decoding import decode
from engine.documents.files import bytes_of
from engine.documents.kinds import Kind
from engine.documents.plain import lines_of
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

_TIMES = re.compile(r"\s*((?:\d{1,3}:)?\d{2}:\d{2})[.,]\d{1,3}\s*-->")
_MARKUP = re.compile(r"<[^<>]{1,200}>|\{\\[^{}]{1,200}\}")
_LONG = re.compile(r"\d{1,3}:\d{2}:\d{2}")


def open_document(path: str, kind: Kind) -> Blocks:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, not text, no text."""
    blocks = tuple(_blocks(lines_of(path, decode(bytes_of(path)))))
    if not blocks:
        raise UnreadableDocument(path, Reason.NO_TEXT)
    return Blocks("", Unit.LINE, len(blocks), blocks)


def _blocks(lines: tuple[str, ...]) -> Iterator[Block]:
    """What stands below a line of times, up to a blank line; numbers, notes and styles stand elsewhere."""
    time = ""
    for raw in lines:
        times = _TIMES.match(raw)
        if times:
            time = times[1] if _LONG.fullmatch(times[1]) else f"00:{times[1]}"
            continue
        text = tidy(_MARKUP.sub("", raw))
        if not text:
            time = ""
        elif time:
            yield Block(text, gap=False, label=time)
