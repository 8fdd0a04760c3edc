"""Which files can be read, told by their names."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

# Raised whenever the same file would give other passages: whoever keeps passages reads older ones again.
READING_VERSION = 2


class Kind(StrEnum):
    PDF = "pdf"
    TEXT = "text"
    MARKDOWN = "markdown"


_SUFFIXES = {
    Kind.PDF: ".pdf",
    Kind.TEXT: ".txt .text .log",
    Kind.MARKDOWN: ".md .markdown",
}
_KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}

SUFFIXES: tuple[str, ...] = tuple(_KINDS)


def kind_of(path: Path) -> Kind | None:
    """What `path` is by its suffix, in capitals or not; None for anything that is not read."""
    return _KINDS.get(path.suffix.lower())
