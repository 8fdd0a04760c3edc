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


_KINDS = {
    ".pdf": Kind.PDF,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".log": Kind.TEXT,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
}

SUFFIXES: tuple[str, ...] = tuple(_KINDS)


def kind_of(path: Path) -> Kind | None:
    """What `path` is by its suffix, in capitals or not; None for anything that is not read."""
    return _KINDS.get(path.suffix.lower())
