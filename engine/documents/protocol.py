"""What the engine and its reading child say to each other: frames of a length and JSON, over the child's pipes.

JSON and not pickle: the child opens files that strangers made, and nothing that it says may run here.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.documents.kinds import Kind
from engine.types import Box, Chunk, PageImage, Reason, Span, TextLines, Unit

# Requests


@dataclass(frozen=True, slots=True)
class ReadPages:
    path: str
    kind: Kind
    skip: tuple[int, ...] = ()  # pages that ended an earlier child, ascending: they are passed over
    ocr: bool = False  # text can be recognised here: what is garbage in a page's text layer is left out


@dataclass(frozen=True, slots=True)
class SkimPages:
    """The bare text of a PDF."""

    path: str


@dataclass(frozen=True, slots=True)
class RenderPage:
    path: str
    page: int
    scale: float


@dataclass(frozen=True, slots=True)
class ShowLines:
    path: str
    kind: Kind
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class RecognisePage:
    path: str
    page: int
    threads: int


@dataclass(frozen=True, slots=True)
class TryPassword:
    """Whether `password` opens a PDF: Done, or Refused."""

    path: str
    password: str = field(repr=False)


Request = ReadPages | SkimPages | RenderPage | ShowLines | RecognisePage | TryPassword


@dataclass(frozen=True, slots=True)
class UsePasswords:
    """The passwords to try on encrypted documents from now on. There is no reply."""

    passwords: tuple[str, ...] = field(repr=False)


# Replies. `ReadPages` and `SkimPages` get Opened, PagesRead..., Cut..., Done; the others get one, `RecognisePage` a
# Cut; any may get Refused or Gone.


@dataclass(frozen=True, slots=True)
class Ready:
    """The child is up and reads requests."""


@dataclass(frozen=True, slots=True)
class Opened:
    title: str
    page_count: int  # of what has no pages to show: its lines
    unit: Unit
    unit_count: int  # how many of its unit it has: pages, lines, slides


class Blank(StrEnum):
    """Why a page has no text, or none that can be read."""

    EMPTY = "empty"
    PICTURE = "picture"
    BROKEN = "broken"  # it cannot be read
    GARBAGE = "garbage"  # its fonts don't say which characters they show: it has lines, but of nonsense


@dataclass(frozen=True, slots=True)
class PagesRead:
    """The pages up to `last` are read; the child keeps their lines until it has cut them into passages."""

    last: int
    blank: Blank | None = None  # why page `last` has no text


@dataclass(frozen=True, slots=True)
class Cut:
    """More passages of the document, in order; none where one of the steps before the first took its time."""

    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Done:
    peak_bytes: int
    empty_pages: int  # pages without text, of what has pages to show


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Reason


@dataclass(frozen=True, slots=True)
class NoSuchPage:
    pass


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such file."""


Reply = Ready | Opened | PagesRead | Cut | Done | Refused | NoSuchPage | Gone | PageImage | TextLines


def encode_request(request: Request | UsePasswords) -> bytes:
    match request:
        case ReadPages(path, kind, skip, ocr):
            return _dump("read", path, kind, skip, ocr)
        case SkimPages(path):
            return _dump("skim", path)
        case RenderPage(path, page, scale):
            return _dump("render", path, page, scale)
        case ShowLines(path, kind, first, count):
            return _dump("lines", path, kind, first, count)
        case RecognisePage(path, page, threads):
            return _dump("recognise", path, page, threads)
        case TryPassword(path, password):
            return _dump("try password", path, password)
        case UsePasswords(passwords):
            return _dump("use passwords", passwords)


def decode_request(payload: bytes) -> Request | UsePasswords:
    match _load(payload):
        case ["read", path, kind, skip, ocr]:
            return ReadPages(path, Kind(kind), tuple(skip), ocr)
        case ["skim", path]:
            return SkimPages(path)
        case ["render", path, page, scale]:
            return RenderPage(path, page, scale)
        case ["lines", path, kind, first, count]:
            return ShowLines(path, Kind(kind), first, count)
        case ["recognise", path, page, threads]:
            return RecognisePage(path, page, threads)
        case ["try password", path, password]:
            return TryPassword(path, password)
        case ["use passwords", passwords]:
            return UsePasswords(tuple(passwords))
    raise ValueError("not a request")


def encode_reply(reply: Reply) -> bytes:
    match reply:
        case Ready():
            return _dump("ready")
        case Opened(title, page_count, unit, unit_count):
            return _dump("opened", title, page_count, unit, unit_count)
        case PagesRead(last, blank):
            return _dump("pages", last, blank)
        case Cut(chunks):
            return _dump("cut", [_chunk_fields(chunk) for chunk in chunks])
        case Done(peak_bytes, empty_pages):
            return _dump("done", peak_bytes, empty_pages)
        case Refused(reason):
            return _dump("refused", reason)
        case NoSuchPage():
            return _dump("no page")
        case Gone():
            return _dump("gone")
        case PageImage(page, page_count, width, height, scale, png):
            return _dump("image", page, page_count, width, height, scale, base64.b64encode(png).decode())
        case TextLines(first, line_count, lines, labels):
            return _dump("lines", first, line_count, lines, labels)


def decode_reply(payload: bytes) -> Reply:
    """Raises ValueError on anything that is not a reply."""
    match _load(payload):
        case ["pages", int(last), blank]:
            return PagesRead(last, Blank(blank) if blank else None)
        case ["cut", list(chunks)]:
            return Cut(tuple(_chunk(*fields) for fields in chunks))
        case ["ready"]:
            return Ready()
        case ["opened", str(title), int(page_count), str(unit), int(unit_count)]:
            return Opened(title, page_count, Unit(unit), unit_count)
        case ["done", int(peak_bytes), int(empty_pages)]:
            return Done(peak_bytes, empty_pages)
        case ["refused", str(reason)]:
            return Refused(Reason(reason))
        case ["no page"]:
            return NoSuchPage()
        case ["gone"]:
            return Gone()
        case ["image", int(page), int(page_count), int(width), int(height), float(scale), str(png)]:
            return PageImage(page, page_count, width, height, scale, base64.b64decode(png))
        case ["lines", int(first), int(line_count), list(lines), list(labels)]:
            return TextLines(first, line_count, tuple(map(str, lines)), tuple(map(str, labels)))
    raise ValueError("not a reply")


def _chunk_fields(chunk: Chunk) -> list[Any]:
    return [chunk.text, chunk.heading, [_span_fields(span) for span in chunk.spans]]


def _span_fields(span: Span) -> tuple[Any, ...]:
    box = span.box
    place = (box.x0, box.y0, box.x1, box.y1) if box else ()
    return (span.start, span.end, span.page, span.label, *place)


def _chunk(text: str, heading: str, spans: list[list[Any]]) -> Chunk:
    return Chunk(text, heading, tuple(_span(*fields) for fields in spans))


def _span(start: int, end: int, page: int, label: str, *place: float) -> Span:
    return Span(start, end, page, Box(page, *place) if place else None, label)


def _dump(*fields: object) -> bytes:
    # surrogatepass: a file name that is not UTF-8 holds lone surrogates
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _load(payload: bytes) -> Any:
    return json.loads(payload.decode("utf-8", "surrogatepass"))
