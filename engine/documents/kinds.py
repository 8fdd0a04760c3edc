"""Which files can be read, told by their names."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

# Raised whenever the same file would give other passages: whoever keeps passages reads older ones again.
SKIMMED = 0  # in place of the version: the bare text, until the document is read
READING_VERSION = 2


class Kind(StrEnum):
    PDF = "pdf"
    TEXT = "text"
    MARKDOWN = "markdown"
    OFFICE = "office"
    SHEET = "sheet"
    TABLE = "table"
    LATEX = "latex"
    RESTRUCTURED = "restructured text"
    ORG = "org"
    ASCIIDOC = "asciidoc"
    SUBTITLES = "subtitles"
    CODE = "source code"
    NOTEBOOK = "notebook"
    WEB_PAGE = "web page"
    WEB_ARCHIVE = "web archive"
    EPUB = "epub"
    RTF = "rtf"
    MAIL = "mail"
    OUTLOOK = "outlook"
    MAILBOX = "mailbox"


_SUFFIXES = {
    Kind.PDF: ".pdf",
    Kind.TEXT: ".txt .text .log",
    Kind.MARKDOWN: ".md .markdown",
    Kind.OFFICE: """
        .docx .docm .dotx .dotm .doc .pptx .pptm .ppsx .ppsm .potx .potm .ppt .pps .odt .ott .odp .otp
        """,
    Kind.SHEET: ".xlsx .xlsm .xltx .xltm .xls .ods .ots",
    Kind.TABLE: ".csv .tsv .tab",
    Kind.LATEX: ".tex .ltx",
    Kind.RESTRUCTURED: ".rst",
    Kind.ORG: ".org",
    Kind.ASCIIDOC: ".adoc .asciidoc",
    Kind.SUBTITLES: ".srt .vtt",
    Kind.CODE: """
        .bat .bib .c .cc .cfg .clj .cmake .cmd .conf .cpp .cs .css .cu .cxx .dart .diff .ex .exs .f90 .go
        .gradle .groovy .h .hh .hpp .hs .hxx .ini .java .jl .js .json .jsonl .jsx .kt .kts .less .lisp .lua .m
        .mjs .ml .mm .nim .patch .php .pl .pm .properties .proto .ps1 .py .pyi .r .rb .rs .scala .scss .sh .sql
        .svelte .swift .tcl .tf .toml .ts .tsx .v .vb .vue .xml .xsd .xsl .yaml .yml .zig
        """,
    Kind.NOTEBOOK: ".ipynb",
    Kind.WEB_PAGE: ".html .htm .xhtml",
    Kind.WEB_ARCHIVE: ".mhtml .mht",
    Kind.EPUB: ".epub",
    Kind.RTF: ".rtf",
    Kind.MAIL: ".eml",
    Kind.OUTLOOK: ".msg",
    Kind.MAILBOX: ".mbox",
}
_KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}


def kind_of(path: Path) -> Kind | None:
    """What `path` is by its suffix, in capitals or not; None for anything that is not read."""
    return _KINDS.get(path.suffix.lower())
