"""Texts with markup of another kind than Markdown: LaTeX, reStructuredText, Org, AsciiDoc. Only headings are seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.documents.characters import tidy
from engine.documents.kinds import Kind
from engine.documents.layout import starts_item
from engine.documents.scripts import display_width
from engine.types import Line

_LATEX = re.compile(
    r"\s*\\(?:title|part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?(?:\[[^\]]*\])?\{(.+?)\}?\s*(?:%.*)?$"
)
_ORG = re.compile(r"\*+\s+(?:(?:TODO|DONE)\s+)?(.+?)(?:\s+:[\w@:]+:)?\s*$")
_ORG_TITLE = re.compile(r"#\+title:\s*(.+)", re.IGNORECASE)
_ASCIIDOC = re.compile(r"={1,6}\s+(.+)")
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+:.<>_])\1{2,}\s*$")
_STARTS = re.compile(r"\s*(?:\\(?:item|begin|end)\b|\.\. |:\w|[|*+-]\s|\d+\.\s)")


def headed_lines(lines: tuple[str, ...], kind: Kind) -> Iterator[tuple[int, Line]]:
    """The lines that are not blank, with their numbers; blank lines divide paragraphs, a heading is one of its own."""
    heading_in = _READERS[kind]
    before = ""
    for number, raw in enumerate(lines, 1):
        following = lines[number] if number < len(lines) else ""
        heading = tidy(heading_in(raw, following))
        text = heading or tidy(raw)
        if _is_ruler(raw, before, kind) or (kind is Kind.LATEX and raw.lstrip().startswith("%")):
            before = ""
            continue
        if text:
            starts = not before.strip() or starts_item(raw) or _STARTS.match(raw) is not None
            yield number, Line(text, heading=bool(heading), gap=bool(heading) or starts)
        before = "" if heading else raw


def _is_ruler(raw: str, before: str, kind: Kind) -> bool:
    """The line under a heading, or above it, or between sections."""
    return kind is Kind.RESTRUCTURED and not before.strip() and _UNDERLINE.match(raw) is not None


def _restructured(raw: str, following: str) -> str:
    underlined = _UNDERLINE.match(following) and not _UNDERLINE.match(raw) and not raw[:1].isspace()
    return raw if underlined and display_width(following.strip()) >= display_width(raw.strip()) > 0 else ""


def _first_group(*patterns: re.Pattern[str]) -> Callable[[str, str], str]:
    def heading(raw: str, following: str) -> str:
        return next((found[1] for pattern in patterns if (found := pattern.match(raw))), "")

    return heading


_READERS: dict[Kind, Callable[[str, str], str]] = {
    Kind.LATEX: _first_group(_LATEX),
    Kind.RESTRUCTURED: _restructured,
    Kind.ORG: _first_group(_ORG, _ORG_TITLE),
    Kind.ASCIIDOC: _first_group(_ASCIIDOC),
}
