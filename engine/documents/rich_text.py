"""RTF: paragraphs, headings by their style, the rows of tables. The title comes from the document's own data."""

from __future__ import annotations

from engine.documents.blocks import Blocks
from engine.documents.characters import clean_title
from engine.documents.files import bytes_of
from engine.documents.kinds import Kind
from engine.documents.rtf import Rtf
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit


def open_document(path: str, kind: Kind) -> Blocks:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, damaged, no text."""
    data = bytes_of(path)
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        raise UnreadableDocument(path, Reason.DAMAGED)
    try:
        rtf = Rtf(data)
    except ValueError as error:
        raise UnreadableDocument(path, Reason.DAMAGED) from error
    if not rtf.blocks:
        raise UnreadableDocument(path, Reason.NO_TEXT)
    blocks = tuple(rtf.blocks)
    first = next((block.text for block in blocks if block.heading), "")
    return Blocks(clean_title(rtf.title) or first, Unit.PARAGRAPH, len(blocks), blocks)
