"""What the styles of a Word document say: which paragraphs are headings, which tables begin with a header."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.documents.packages import Element, attribute, child, children, named, whole

# Built-in styles keep their English names in the file whatever Word's language; other programs translate them.
_HEADING = re.compile(r"(?:heading|título|titre|überschrift|titolo|заголовок|标题|見出し|제목)\s*\d?", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|subtitle|document title|标题|题目|副标题)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|table of figures|目录|contents)\s*(?:\d|heading|标题)?", re.IGNORECASE)
_BODY_LEVEL = 9
_LONGEST_CHAIN = 20  # styles based on others, also in a circle


@dataclass(frozen=True, slots=True)
class Style:
    is_heading: bool = False
    is_title: bool = False
    is_contents: bool = False
    numbering: Element | None = None  # its w:numPr


class Styles:
    def __init__(self, root: Element | None) -> None:
        elements = [element for element in children(root) if named(element) == "style"]
        self._elements = {attribute(element, "styleId"): element for element in elements}
        self._known: dict[str, Style] = {}

    def of(self, paragraph: Element) -> Style:
        """The paragraph's style; what it says of itself goes before."""
        properties = child(paragraph, "pPr")
        if properties is None:
            return Style()
        name = attribute(child(properties, "pStyle"), "val")
        if name not in self._known:
            self._known[name] = self._made(name)
        style = self._known[name]
        level = _outline(properties)
        if level is None or style.is_contents:
            return style
        return Style(level < _BODY_LEVEL, style.is_title, False, style.numbering)

    def sets_off_first_row(self, table: Element) -> bool:
        """Whether the table's style prints its first row in another way, and the table wants that."""
        look = child(table, "tblPr", "tblLook")
        wanted = attribute(look, "firstRow") or ("1" if _bits(attribute(look, "val")) & 0x20 else "0")
        if wanted not in ("1", "true", "on"):
            return False
        chain = self._chain(attribute(child(table, "tblPr", "tblStyle"), "val"))
        return any(
            named(part) == "tblStylePr" and attribute(part, "type") == "firstRow" for style in chain for part in style
        )

    def _made(self, identity: str) -> Style:
        chain = self._chain(identity)
        names = [attribute(child(style, "name"), "val").strip() for style in chain] or [identity]
        level = next((level for style in chain if (level := _outline(child(style, "pPr"))) is not None), None)
        numbering = next((found for style in chain if (found := child(style, "pPr", "numPr")) is not None), None)
        contents = any(map(_CONTENTS.fullmatch, names))
        heading = level < _BODY_LEVEL if level is not None else any(map(_HEADING.fullmatch, names))
        title = any(map(_TITLE.fullmatch, names[:1]))
        return Style((heading or title) and not contents, title, contents, numbering)

    def _chain(self, identity: str) -> list[Element]:
        """A style and those that it is based on."""
        chain: list[Element] = []
        while identity in self._elements and len(chain) < _LONGEST_CHAIN:
            chain.append(self._elements[identity])
            identity = attribute(child(chain[-1], "basedOn"), "val")
        return chain


def _outline(properties: Element | None) -> int | None:
    value = attribute(child(properties, "outlineLvl"), "val")
    return whole(value, 0) if value.isdecimal() else None


def _bits(value: str) -> int:
    try:
        return int(value, 16)
    except ValueError:
        return 0
