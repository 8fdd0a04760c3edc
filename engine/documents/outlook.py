"""Outlook's own files (.msg): the one door to python-oxmsg.

Text is taken as bytes and decoded here: the library knows Chinese code pages by narrower names or not at all, and those
of receivers and attachments never. (MS-OXMSG 2.1, 2.4; the numbers of properties are MS-OXPROPS's.)
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.recipient import Recipient

from engine.documents.characters import tidy
from engine.documents.decoding import decode, decode_as
from engine.documents.files import bytes_of
from engine.documents.letters import Letter
from engine.documents.messages import header, parsed, told_date
from engine.documents.web import html_text
from engine.errors import UnreadableDocument
from engine.types import Reason

_SUBJECT, _BODY, _HTML, _CLASS, _HEADERS = 0x0037, 0x1000, 0x1013, 0x001A, 0x007D
_SENDER, _SENDER_ADDRESSES = 0x0C1A, (0x5D01, 0x0C1F)
_NAME, _ADDRESSES, _RECEIVES = 0x3001, (0x39FE, 0x3003), 0x0C15
_SHOWN_TO, _SHOWN_CC = 0x0E04, 0x0E03
_FILE_NAMES = (0x3707, 0x3704, 0x3001)
_CODE_PAGES = (0x3FDE, 0x3FFD)
_TO, _CC = 1, 2  # PidTagRecipientType (MS-OXOMSG 2.2.3.1)
_WIDE, _NARROW, _BINARY = 0x001F, 0x001E, 0x0102  # types: UTF-16, in a code page, bytes
# What the library lets through when a file is not as it should be.
_BROKEN = (OSError, ValueError, LookupError, struct.error, RecursionError, AttributeError, TypeError, AssertionError)
_T = TypeVar("_T")


def letter_in(path: str) -> Letter:
    """Raises FileNotFoundError; UnreadableDocument: damaged, encrypted, empty, too large, no access."""
    data = bytes_of(path)
    try:
        message = Message.load(data)
        mail = _Mail(path, message)
        letter = mail.letter()
    except _BROKEN as error:
        raise UnreadableDocument(path, Reason.DAMAGED) from error
    if not letter.plain and not letter.html and mail.is_enciphered():
        raise UnreadableDocument(path, Reason.ENCRYPTED)
    return letter


class _Mail:
    def __init__(self, path: str, message: Message) -> None:
        self._path = path
        self._message = message
        pages = (_or_nothing(partial(message.properties.int_prop_value, pid)) for pid in _CODE_PAGES)
        self._encoding = next((f"cp{page}" for page in pages if page), "")
        self._attachments = _or_nothing(lambda: message.attachments) or ()

    def letter(self) -> Letter:
        date = _or_nothing(lambda: self._message.sent_date)
        html = _stream(self._message, _HTML, _BINARY)
        return Letter(
            subject=tidy(self._text(self._message, _SUBJECT)),
            sender=self._sender(),
            to=self._receivers(_TO, _SHOWN_TO),
            copied=self._receivers(_CC, _SHOWN_CC),
            date=told_date(date) if date else "",
            plain=self._text(self._message, _BODY),
            html=(html_text(html) or "") if html else self._text(self._message, _HTML),
            attached=tuple(name for attachment in self._attachments if (name := self._first(attachment, _FILE_NAMES))),
        )

    def is_enciphered(self) -> bool:
        kinds = [_or_nothing(partial(getattr, attachment, "mime_type")) for attachment in self._attachments]
        return "SMIME" in self._text(self._message, _CLASS).upper() or "application/pgp-encrypted" in kinds

    def _sender(self) -> str:
        headers = self._text(self._message, _HEADERS)
        named = header(parsed(self._path, headers.encode("utf-8", "replace")), "from") if headers else ""
        name, address = self._text(self._message, _SENDER), self._first(self._message, _SENDER_ADDRESSES)
        return named or _told(name, address)

    def _receivers(self, kind: int, shown_as: int) -> str:
        found = [
            _told(self._text(receiver, _NAME), self._first(receiver, _ADDRESSES))
            for receiver in _or_nothing(lambda: self._message.recipients) or ()
            if (receiver.properties.int_prop_value(_RECEIVES) or _TO) & 0xF == kind
        ]
        return tidy(", ".join(filter(None, found)) or self._text(self._message, shown_as))

    def _first(self, holder: Message | Recipient | Attachment, properties: tuple[int, ...]) -> str:
        return next((text for pid in properties if (text := tidy(self._text(holder, pid)))), "")

    def _text(self, holder: Message | Recipient | Attachment, pid: int) -> str:
        """A property's text, "" where there is none."""
        wide = _stream(holder, pid, _WIDE)
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = _stream(holder, pid, _NARROW) or b""
        return ((decode_as(narrow, self._encoding) if self._encoding else decode(narrow)) or "").rstrip("\0")


def _stream(holder: Message | Recipient | Attachment, pid: int, kind: int) -> bytes | None:
    return _or_nothing(lambda: holder._storage.property_stream_bytes(pid, kind))


def _told(name: str, address: str) -> str:
    return tidy(f"{name} <{address}>" if name and address and name != address else name or address)


def _or_nothing(get: Callable[[], _T | None]) -> _T | None:
    """One property; None where it is missing or broken: the others can still be read."""
    try:
        return get()
    except _BROKEN:
        return None
