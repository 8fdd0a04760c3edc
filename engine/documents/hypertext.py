"""HTML becomes blocks: headings, paragraphs, list items, the lines of preformatted text, the rows of tables.

For web pages, books and mails. What no reader sees is left out, and so are navigation and footers, as long as anything
else is there. Nothing is resolved, fetched or run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from engine.documents.blocks import Block
from engine.documents.characters import clean_title, tidy
from engine.documents.html_tables import is_table, rows_of

Element = Any  # lxml has no types of its own

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BREAKING = _HEADINGS | frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search section
    select summary table tbody td tfoot th thead title tr ul xmp
    """.split()
)
_UNSEEN = frozenset(
    """
    area audio base button canvas datalist embed head iframe input link map meta noembed noframes noscript object param
    progress rp rt script select source style svg template textarea track video
    """.split()
)
_BESIDE = frozenset(("nav", "footer"))  # about the site, not the text
_BESIDE_ROLES = frozenset(("navigation", "contentinfo", "search", "menu", "menubar"))
_OWN_FOOTER = ("article", "section", "main", "blockquote", "figure")  # a footer within is part of the text
_KEEPS_LINES = frozenset(("pre", "listing", "plaintext", "xmp"))
_NOT_SHOWN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|!--)", re.IGNORECASE)
_ENDS = {
    "script": re.compile(r"</script[^<>]*>", re.IGNORECASE),
    "style": re.compile(r"</style[^<>]*>", re.IGNORECASE),
    "!--": re.compile("-->"),
}
_TAG = re.compile(r"</?([a-zA-Z][\w:-]*)[^<>]*>|<![^<>]*>")
_EMBEDDED = re.compile(r"(data:[\w/+.;=-]{0,100}base64,)[A-Za-z0-9+/=%\s]{1000,}")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hypertext:
    title: str
    blocks: tuple[Block, ...]


def read_html(text: str, label: str = "", labels: Mapping[str, str] | None = None) -> Hypertext:
    """The document. Blocks get `label`; from the element with an id in `labels` on, the label that stands there."""
    root = _tree(text)
    if root is None:
        return Hypertext("", _flat(text))
    walk = _Walk(root, label, labels or {}, everything=False)
    blocks = walk.blocks() or _Walk(root, label, labels or {}, everything=True).blocks()
    named = next((tidy("".join(title.itertext())) for title in root.iter("title")), "")
    first = next((block.text for block in blocks if block.heading), "")
    return Hypertext(clean_title(named) or first, blocks)


def _tree(text: str) -> Element | None:
    """None where libxml2 gives up: elements nested more than 256 deep, a single text beyond 10 MB."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, recover=True
    )
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    if "base64," in text:
        text = _EMBEDDED.sub(r"\1", text)
    data = text.encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        return None
    return None if any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log) else root


class _Walk:
    """One way through the tree, element by element, without recursion except into the cells of tables."""

    def __init__(self, root: Element, label: str, labels: Mapping[str, str], everything: bool) -> None:
        self._root = root
        self._label = label
        self._labels = labels
        self._everything = everything  # also what stands beside the text
        self._blocks: list[Block] = []
        self._words: list[str] = []
        self._item = ""  # the bullet or number that stands before the next block
        self._gap = True
        self._heading = False
        self._numbers: list[int] = []  # of the lists around; 0 for one with bullets
        self._lines = 0  # how many elements around keep their line breaks

    def blocks(self) -> tuple[Block, ...]:
        steps = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in steps:
            tag = element.tag
            if event == "end":
                self._end(tag)
                if element is not self._root:
                    self._say(element.tail)
            elif self._is_left_out(element):
                steps.skip_subtree()
            else:
                self._start(element, tag)
                if tag == "table" and is_table(element):
                    steps.skip_subtree()
                    self._table(element)
                else:
                    self._say(element.text)
        self._flush()
        return tuple(self._blocks)

    def _start(self, element: Element, tag: str) -> None:
        if tag in _BREAKING:
            self._flush()
        for name in (element.get("id"), element.get("name") if tag == "a" else None):
            if name and name in self._labels:
                self._flush()
                self._label = self._labels[name]
        if tag in _HEADINGS:
            self._heading = True
        elif tag in ("ul", "ol", "menu", "dir"):
            self._numbers.append(_first_number(element) if tag == "ol" else 0)
        elif tag == "li":
            self._item = self._bullet()
        elif tag in _KEEPS_LINES:
            self._lines += 1
        elif tag == "br":
            self._flush(gap=not "".join(self._words).strip())
        elif tag == "img":
            self._say(_alternative(element))
        elif tag == "dd":
            self._gap = False  # with its term

    def _end(self, tag: str) -> None:
        if tag in _BREAKING:
            self._flush()
        if tag in _HEADINGS:
            self._heading = False
        elif tag in ("ul", "ol", "menu", "dir") and self._numbers:
            self._numbers.pop()
        elif tag in _KEEPS_LINES:
            self._lines -= 1
        elif tag == "li":
            self._item = ""

    def _bullet(self) -> str:
        if not self._numbers or not self._numbers[-1]:
            return "• "
        self._numbers[-1] += 1
        return f"{self._numbers[-1] - 1}. "

    def _say(self, text: str | None) -> None:
        if not text:
            return
        if not self._lines:
            self._words.append(text)
            return
        first, *others = text.split("\n")
        self._words.append(first)
        for line in others:
            blank = not "".join(self._words).strip()
            self._flush(gap=blank)
            self._words.append(line)

    def _flush(self, gap: bool = True) -> None:
        """End the block at hand; `gap` says whether the next one begins something new."""
        text = tidy("".join(self._words))
        self._words.clear()
        if text:
            self._blocks.append(Block(self._item + text, self._heading, self._gap, self._label))
            self._item = ""
            self._gap = gap
        else:
            self._gap = self._gap or gap

    def _table(self, table: Element) -> None:
        for caption in table.iter("caption"):
            self._add(self._text_of(caption))
        for row in rows_of(table, self._text_of):
            self._add(row)

    def _add(self, text: str) -> None:
        if text:
            self._blocks.append(Block(text, label=self._label))
            self._gap = True

    def _text_of(self, element: Element) -> str:
        walk = _Walk(element, "", {}, self._everything)
        return " ".join(block.text for block in walk.blocks())

    def _is_left_out(self, element: Element) -> bool:
        tag = element.tag
        if tag in _UNSEEN or not isinstance(tag, str):
            return True
        if element is self._root or self._everything:
            return False
        if element.get("hidden") is not None or _NOT_SHOWN.search(element.get("style") or ""):
            return True
        if tag == "a" and element.get("hreflang") and element.get("lang"):
            return True  # the same page in another language
        if tag in _BESIDE or (element.get("role") or "").lower() in _BESIDE_ROLES:
            return tag != "footer" or next(element.iterancestors(*_OWN_FOOTER), None) is None
        return False


def _first_number(element: Element) -> int:
    start = element.get("start", "1")
    return max(int(start), 1) if start.isascii() and start.isdigit() and len(start) < 9 else 1


def _alternative(image: Element) -> str:
    """What stands for a picture, with a blank on either side; "" where that is only its file's name."""
    text = tidy(image.get("alt") or "")
    return f" {text} " if text and not _FILE_NAME.match(text) else ""


def _flat(text: str) -> tuple[Block, ...]:
    """Only the words, for what has no tree."""
    parts: list[str] = []
    place = 0
    while hidden := _HIDDEN.search(text, place):
        parts.append(text[place : hidden.start()])
        end = _ENDS[hidden[1].lower()].search(text, hidden.end())
        place = end.end() if end else len(text)
    words = _TAG.sub(_broken, "".join((*parts, text[place:])))
    lines = (tidy(line) for line in unescape(words).split("\n"))
    return tuple(Block(line) for line in lines if line)


def _broken(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    return "\n" if name in _BREAKING or name == "br" else ""
