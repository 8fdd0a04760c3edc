"""The text of one paragraph of Word's, and what is anchored in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.documents.packages import Element, attribute, child, named

_LEFT_OUT = frozenset(
    "pPr rPr tcPr sdtPr ctrlPr del moveFrom delText instrText delInstrText rt annotationRef posOffset".split()
)
_BLANKS = {"tab": " ", "br": " ", "cr": " ", "ptab": " ", "noBreakHyphen": "-"}
_OF_MATHS = {"den": "/", "sup": "^", "sub": "_"}  # what stands before a denominator, an exponent, an index


@dataclass(slots=True)
class Runs:
    parts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)  # the contents of text boxes
    drawings: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # "footnote" or "endnote", and its id

    @property
    def text(self) -> str:
        return "".join(self.parts)


def runs_of(paragraph: Element) -> Runs:
    """Insertions are text; deletions, hidden text, field codes and the readings above Chinese characters are not."""
    runs = Runs()
    _walk(paragraph, runs)
    return runs


def is_on(properties: Element | None, name: str) -> bool:
    """Whether a switch such as bold is set."""
    element = child(properties, name)
    return element is not None and attribute(element, "val", "1") not in ("0", "false", "off", "none")


def _walk(parent: Element, runs: Runs) -> None:
    for element in parent:
        name = named(element)
        if name == "t":
            runs.parts.append(element.text or "")
        elif name in _BLANKS:
            runs.parts.append(_BLANKS[name])
        elif name in ("footnoteReference", "endnoteReference"):
            runs.notes.append((name.removesuffix("Reference"), attribute(element, "id")))
        elif name == "txbxContent":
            runs.boxes.append(element)
        elif name == "AlternateContent":  # the same for newer and for older programs
            chosen = child(element, "Choice")
            _walk(element if chosen is None else chosen, runs)
        elif name not in _LEFT_OUT and not (name == "r" and is_on(child(element, "rPr"), "vanish")):
            if name == "drawing":
                runs.drawings.append(element)
            runs.parts.append(_OF_MATHS.get(name, ""))
            _walk(element, runs)
