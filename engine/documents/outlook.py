"""Outlook's own files (.msg): the one door to python-oxmsg."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeVar

from oxmsg import Message
from oxmsg.domain import constants
from oxmsg.recipient import Recipient

from engine.documents.characters import tidy
from engine.documents.files import bytes_of
from engine.documents.letters import Letter
from engine.documents.messages import told_date, words
from engine.errors import UnreadableDocument
from engine.types import Reason

_TO, _CC = 1, 2  # PidTagRecipientType (MS-OXOMSG 2.2.3.1)
_RECIPIENT_TYPE = 0x0C15
# What the library lets through when a file is not as it should be.
_BROKEN = (OSError, ValueError, LookupError, struct.error, RecursionError, AttributeError, TypeError, AssertionError)
_T = TypeVar("_T")


def letter_in(path: str) -> Letter:
    """Raises FileNotFoundError; UnreadableDocument: damaged, encrypted, empty, too large, no access."""
    data = bytes_of(path)
    try:
        message = Message.load(data)
        letter = _letter(message)
    except _BROKEN as error:
        raise UnreadableDocument(path, Reason.DAMAGED) from error
    if not letter.plain and not letter.html and _is_enciphered(message):
        raise UnreadableDocument(path, Reason.ENCRYPTED)
    return letter


def _is_enciphered(message: Message) -> bool:
    kinds = _or_nothing(lambda: [attachment.mime_type or "" for attachment in message.attachments]) or []
    return "SMIME" in (_or_nothing(lambda: message.message_class) or "").upper() or "application/pgp-encrypted" in kinds


def _letter(message: Message) -> Letter:
    date = _or_nothing(lambda: message.sent_date)
    return Letter(
        subject=tidy(message.subject),
        sender=words(_or_nothing(lambda: message.sender) or ""),
        to=_receivers(message, _TO, constants.PID_DISPLAY_TO),
        copied=_receivers(message, _CC, constants.PID_DISPLAY_CC),
        date=told_date(date) if date else "",
        plain=_or_nothing(lambda: message.body) or "",
        html=_or_nothing(lambda: message.html_body) or "",
        attached=tuple(tidy(name) for name in _or_nothing(lambda: _attached(message)) or () if name),
    )


def _receivers(message: Message, kind: int, shown_as: int) -> str:
    found = [
        _address(recipient)
        for recipient in _or_nothing(lambda: message.recipients) or ()
        if (recipient.properties.int_prop_value(_RECIPIENT_TYPE) or _TO) & 0xF == kind
    ]
    return tidy(", ".join(filter(None, found)) or message.properties.str_prop_value(shown_as) or "")


def _address(recipient: Recipient) -> str:
    name, address = recipient.name, recipient.email_address
    return f"{name} <{address}>" if name and address and name != address else name or address


def _attached(message: Message) -> list[str]:
    return [
        attachment.file_name or attachment.properties.str_prop_value(constants.PID_DISPLAY_NAME) or ""
        for attachment in message.attachments
    ]


def _or_nothing(get: Callable[[], _T | None]) -> _T | None:
    """One property; None where it is broken: the others can still be read."""
    try:
        return get()
    except _BROKEN:
        return None
