"""Mails: what was written, with its subject, sender, receivers, date, and the names of what is attached.

An .mbox file holds many; each is a section with its subject as label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from engine.documents import messages, outlook
from engine.documents.blocks import Block, Blocks
from engine.documents.files import bytes_of
from engine.documents.hypertext import read_html
from engine.documents.kinds import Kind
from engine.documents.letters import Letter
from engine.documents.limits import MAX_CHARACTERS
from engine.documents.plain import paragraphs
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

_MOST_MAILS = 50_000
_LABEL_CHARACTERS = 80
_BETWEEN_MAILS = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]{3,200}\d{4}[^\r\n]{0,12}\r?\n(?=[!-9;-~]{1,76}:)")


def open_document(path: str, kind: Kind) -> Blocks:
    """Raises FileNotFoundError; UnreadableDocument: encrypted, empty, too large, no access, damaged, no text."""
    if kind is Kind.MAILBOX:
        return _mailbox(path)
    letter = outlook.letter_in(path) if kind is Kind.OUTLOOK else _letter(path, messages.parsed(path, bytes_of(path)))
    blocks = (*_head(letter), *_body(letter))
    if not blocks:
        raise UnreadableDocument(path, Reason.NO_TEXT)
    return Blocks(letter.subject, Unit.LINE, len(blocks), blocks)


def _mailbox(path: str) -> Blocks:
    data = bytes_of(path)
    starts = [match.end() for match in _BETWEEN_MAILS.finditer(data)]
    if not starts:
        raise UnreadableDocument(path, Reason.DAMAGED)
    if len(starts) > _MOST_MAILS:
        raise UnreadableDocument(path, Reason.TOO_LARGE)
    blocks: list[Block] = []
    characters = 0
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        for block in _section(path, data[start:end]):
            blocks.append(block)
            characters += len(block.text)
            if characters > MAX_CHARACTERS:
                raise UnreadableDocument(path, Reason.TOO_LARGE)
    return Blocks("", Unit.SECTION, len(starts), tuple(blocks))


def _section(path: str, data: bytes) -> Iterator[Block]:
    try:
        letter = _letter(path, messages.parsed(path, data))
    except UnreadableDocument:  # one of many, and the others can be read
        return
    label = letter.subject[:_LABEL_CHARACTERS] or letter.date
    for block in (*_head(letter), *_body(letter)):
        yield Block(block.text, block.heading, block.gap, label)


def _letter(path: str, message: Message) -> Letter:
    content = messages.content(message)
    if not content.plain and not content.html and messages.is_enciphered(message):
        raise UnreadableDocument(path, Reason.ENCRYPTED)
    if not message.keys():
        raise UnreadableDocument(path, Reason.DAMAGED)
    return Letter(
        subject=messages.header(message, "subject"),
        sender=messages.header(message, "from"),
        to=messages.header(message, "to"),
        copied=messages.header(message, "cc"),
        date=messages.sent(message),
        plain=content.plain,
        html=content.html,
        attached=content.attached,
    )


def _head(letter: Letter) -> Iterator[Block]:
    if letter.subject:
        yield Block(letter.subject, heading=True)
    lines = {"From": letter.sender, "To": letter.to, "Cc": letter.copied, "Date": letter.date}
    yield from (Block(f"{name}: {value}") for name, value in lines.items() if value)
    if letter.attached:
        yield Block(f"Attachments: {', '.join(letter.attached)}")


def _body(letter: Letter) -> Iterator[Block]:
    if letter.plain.strip() or not letter.html:
        for line in paragraphs(letter.plain):
            yield Block(line.text, gap=line.gap)
    else:
        yield from read_html(letter.html).blocks
