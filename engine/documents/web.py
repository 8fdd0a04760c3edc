"""Web pages: HTML and XHTML as they were saved, and MHTML, which is a mail that holds one."""

from __future__ import annotations

import re

from engine.documents.blocks import Blocks
from engine.documents.decoding import decode, decode_as
from engine.documents.files import bytes_of
from engine.documents.hypertext import Hypertext, read_html
from engine.documents.kinds import Kind
from engine.documents.messages import parsed, web_page_in
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

_HEAD_BYTES = 4096  # in which a page says its encoding; browsers look at 1024
_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]+?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)


def open_document(path: str, kind: Kind) -> Blocks:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, not text, no text, damaged."""
    data = bytes_of(path)
    page = web_page_in(parsed(path, data)) if kind is Kind.WEB_ARCHIVE else html_text(data)
    if page is None:
        raise UnreadableDocument(path, Reason.NOT_TEXT)
    return as_blocks(path, read_html(page))


def html_text(data: bytes, declared: str = "") -> str | None:
    """The page's characters, in the encoding that came with it, else the one that it names; None if it is no text."""
    head = data[:_HEAD_BYTES]
    named = _XML_ENCODING.search(head) or _CHARSET.search(head)
    declared = declared or (named[1].decode("ascii") if named else "")
    return decode_as(data, declared) if declared else decode(data)


def as_blocks(path: str, page: Hypertext) -> Blocks:
    if not page.blocks:
        raise UnreadableDocument(path, Reason.NO_TEXT)
    return Blocks(page.title, Unit.PARAGRAPH, len(page.blocks), page.blocks)
