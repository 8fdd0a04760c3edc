"""Source code, and files that programs read: every line is a place of its own, and definitions are the headings.

What is shown keeps its indentation; what is found does not. Files that no person wrote are bounded: of a long line its
beginning is found, and a file beyond MAX_CODE_BYTES is too large.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from engine.documents.characters import tidy
from engine.documents.decoding import decode
from engine.documents.files import bytes_of
from engine.documents.kinds import Kind
from engine.documents.limits import MAX_CODE_BYTES
from engine.documents.plain import lines_of
from engine.types import Line, Page, Unit

_LINE_CHARACTERS = 1000  # of a line that are found: a longer one is packed or generated
_NOTHING = re.compile(r"[\s{}()\[\];,*/#<>=|_~+.\-]*")  # a line that holds no words
_MODIFIERS = (
    "abstract async const data default export extern final inline internal open override partial private protected pub "
    "public sealed static suspend unsafe virtual"
)
_KINDS = "class def enum fn fun func function impl interface module namespace object record struct sub trait type"
_DEFINITION = re.compile(
    rf"(?:\s{{0,8}}|\t)(?:(?:{'|'.join(_MODIFIERS.split())})(?:\([a-z]+\))?\s+)*"
    rf"(?:{'|'.join(_KINDS.split())})\b\*?\s*[\w(<$]"
)
# "int main(int argc, char **argv) {" where a line begins
_FUNCTION = re.compile(
    r"(?!(?:if|for|while|switch|return|else|do|case|catch)\b)[A-Za-z_][\w\s*&:<>,~\[\]]{2,99}\([^;=]*\)\s*\{?\s*$"
)
# a method of Java or C#
_METHOD = re.compile(
    r"(?: {2,8}|\t)(?:(?:public|private|protected|static|final|async|override)\s+)+[\w<>\[\], ]{0,99}\w\([^;=]*$"
)
_TABLE = re.compile(r"\s*create\s+(?:or\s+replace\s+)?(?:table|view|function|procedure|trigger|index)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceCode:
    lines: tuple[str, ...]
    title: ClassVar[str] = ""
    unit: ClassVar[Unit] = Unit.LINE
    labels: ClassVar[tuple[str, ...]] = ()

    @property
    def unit_count(self) -> int:
        return len(self.lines)

    def pages(self, first: int = 1) -> Iterator[Page]:
        """One page for each line from `first` on that holds words; its number is the line's."""
        for number, raw in enumerate(self.lines[first - 1 :], first):
            raw = raw[:_LINE_CHARACTERS]
            if not _NOTHING.fullmatch(raw):
                yield Page(number, (Line(tidy(raw), heading=_is_definition(raw), gap=True),))


def open_document(path: str, kind: Kind) -> SourceCode:
    """Raises FileNotFoundError; UnreadableDocument: empty, too large, no access, not text, no text."""
    return SourceCode(lines_of(path, decode(bytes_of(path, MAX_CODE_BYTES))))


def _is_definition(raw: str) -> bool:
    return any(pattern.match(raw) for pattern in (_DEFINITION, _FUNCTION, _METHOD, _TABLE)) and len(raw) <= 200
