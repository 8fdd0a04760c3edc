"""Mails as they travel (MIME): their headers as people read them, their text, the names of what is attached.

Written for what arrives, not for what the standards want: headers with raw bytes, encodings that nobody knows, parts
that contradict each other. What is attached is named and never opened.
"""

from __future__ import annotations

import email.header
import email.parser
import email.policy
import email.utils
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import Message

from engine.documents.characters import tidy
from engine.documents.decoding import decode, decode_as
from engine.errors import UnreadableDocument
from engine.types import Reason

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DEPTH = 50  # of parts within parts
_PARTS = 2000
_FILE_NAME = re.compile(r"filename\s*=\s*\"?([^\";\r\n]+)", re.IGNORECASE)
_BODY = ("text/plain", "text/html")


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail holds: mostly the same twice, as text and as HTML; "" for what is not there."""

    plain: str
    html: str
    attached: tuple[str, ...]  # names only; a mail within it by its subject


def parsed(path: str, data: bytes) -> Message:
    """The message. Raises UnreadableDocument where its parts are nested beyond sense."""
    if data.startswith(_WIDE_MARKS) or b"\x00" in data[:200]:  # the whole file was saved as UTF-16
        data = (decode(data) or "").encode("utf-8", "replace")
    try:
        return email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)
    except (RecursionError, MessageError, ValueError, LookupError) as error:
        raise UnreadableDocument(path, Reason.DAMAGED) from error


def header(message: Message, name: str) -> str:
    """A header's words, "" if it is missing; several of the same name are joined."""
    return ", ".join(text for value in _raw(message, name) if (text := words(value)))


def words(value: str) -> str:
    """A header's raw value as people read it: =?gb2312?B?...?= is decoded, and so are bytes that stand there raw."""
    raw = value.encode("ascii", "surrogateescape") if _has_raw_bytes(value) else b""
    value = (decode(raw) or value) if raw else value
    try:
        parts = email.header.decode_header(value)
    except (MessageError, ValueError, LookupError):
        return tidy(value)
    return tidy("".join(_part_text(part, charset) for part, charset in _joined(parts)))


def sent(message: Message) -> str:
    """When it was sent, "2021-03-04 12:00 +0100"; the header's own words where they are no date."""
    value = header(message, "date")
    try:
        return told_date(email.utils.parsedate_to_datetime(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return value


def told_date(date: datetime) -> str:
    return date.strftime("%Y-%m-%d %H:%M %z").strip()


def content(message: Message) -> Content:
    written: dict[str, list[str]] = {kind: [] for kind in _BODY}
    attached: list[str] = []
    for part in parts_of(message):
        name, kind = _name(part), part.get_content_type()
        if name:
            attached.append(name)
        elif kind in _BODY and part.get_content_disposition() != "attachment":
            written[kind].append(_text(part))
    plain, html = ("\n\n".join(text for text in written[kind] if text.strip()) for kind in _BODY)
    return Content(plain, html, tuple(attached))


def parts_of(message: Message, depth: int = 0) -> Iterator[Message]:
    """Every part that holds something itself; mails within are not entered."""
    if not message.is_multipart() or (depth and _is_mail(message)):
        yield message
        return
    for part in _children(message) if depth < _DEPTH else ():
        yield from parts_of(part, depth + 1)


def web_page_in(message: Message) -> str | None:
    """The HTML of a page that was saved with all that belongs to it (MHTML); None if there is none."""
    pages = (part for part in parts_of(message) if part.get_content_type() in ("text/html", "application/xhtml+xml"))
    first = next(pages, None)
    return None if first is None else _text(first)


def is_enciphered(message: Message) -> bool:
    kinds = {part.get_content_type() for part in (message, *parts_of(message))}
    smime = any(
        part.get_content_type().endswith("pkcs7-mime") and "signed" not in str(part.get_param("smime-type", "")).lower()
        for part in (message, *parts_of(message))
    )
    return smime or "multipart/encrypted" in kinds


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)][:_PARTS] if isinstance(payload, list) else []


def _is_mail(part: Message) -> bool:
    return part.get_content_maintype() == "message"


def _raw(message: Message, name: str) -> list[str]:
    """The values of a header as they came: bytes beyond ASCII are lone surrogates. (`get` would drop them.)"""
    return [value for known, value in message.raw_items() if known.lower() == name and isinstance(value, str)]


def _name(part: Message) -> str:
    raw = next((value for value in _raw(part, "content-disposition") if _has_raw_bytes(value)), "")
    try:
        found = _FILE_NAME.search(raw)
        name = words(found[1] if found else part.get_filename() or "")
    except (ValueError, LookupError, TypeError):
        name = ""
    if not name and part.get_content_type() == "message/rfc822":
        return next((header(inner, "subject") for inner in _children(part)), "")
    return name


def _text(part: Message) -> str:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return ""
    if not isinstance(data, bytes):
        return ""
    declared = str(part.get_param("charset", "") or "")
    text = decode_as(data, declared) if declared else decode(data)
    return text if text is not None else data.decode("ascii", "replace")


def _has_raw_bytes(value: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in value) and all(
        character < "\x80" or "\udc80" <= character <= "\udcff" for character in value
    )


def _joined(parts: list[tuple[bytes | str, str | None]]) -> Iterator[tuple[bytes | str, str | None]]:
    """Neighbours of one encoding together: some programs cut a character in two."""
    before: tuple[bytes, str | None] | None = None
    for part, charset in parts:
        if before and isinstance(part, bytes) and charset and charset == before[1]:
            before = (before[0] + part, charset)
            continue
        if before:
            yield before
        before = (part, charset) if isinstance(part, bytes) else None
        if isinstance(part, str):
            yield part, None
    if before:
        yield before


def _part_text(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    if charset and charset != "unknown-8bit":
        return decode_as(part, charset) or part.decode("ascii", "replace")
    return decode(part) or part.decode("ascii", "replace")
