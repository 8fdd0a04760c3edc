"""Which module opens which kind of document that has no pages to show. Each is loaded with its first document."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from engine.documents.blocks import TextDocument
from engine.documents.kinds import Kind

# Each module has `open_document(path: str, kind: Kind) -> TextDocument`, which raises FileNotFoundError and
# UnreadableDocument. Libraries that only one of them needs are imported there, at its top.
_MODULES = {
    Kind.TEXT: "plain",
    Kind.MARKDOWN: "plain",
    Kind.OFFICE: "office",
    Kind.SHEET: "office",
    Kind.TABLE: "office",
    Kind.LATEX: "plain",
    Kind.RESTRUCTURED: "plain",
    Kind.ORG: "plain",
    Kind.ASCIIDOC: "plain",
    Kind.SUBTITLES: "subtitles",
    Kind.CODE: "source_code",
    Kind.NOTEBOOK: "notebooks",
    Kind.WEB_PAGE: "web",
    Kind.WEB_ARCHIVE: "web",
    Kind.EPUB: "books",
    Kind.RTF: "rich_text",
    Kind.MAIL: "mail",
    Kind.OUTLOOK: "mail",
    Kind.MAILBOX: "mail",
}


def open_document(path: str, kind: Kind) -> TextDocument:
    """Raises FileNotFoundError; UnreadableDocument with the reason."""
    module = import_module(f"engine.documents.{_MODULES[kind]}")
    return cast(TextDocument, module.open_document(path, kind))
