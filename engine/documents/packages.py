"""The parts of an office file: XML trees in a zip, and the relations that say which belongs to which.

Only the parts that hold text are unpacked: a deck with a gigabyte of films costs no more than its words. Names of
elements are compared without their namespaces, since strict OOXML has others than what most programs write.
"""

from __future__ import annotations

import logging
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from lxml import etree

from engine.documents.archives import Archive
from engine.documents.characters import clean_title
from engine.documents.limits import MAX_MARKUP_BYTES
from engine.errors import UnreadableDocument
from engine.types import Reason

logger = logging.getLogger(__name__)

Element = Any  # lxml has no types of its own
_COUNTED_AT_ONCE = 1_000_000  # bytes
_SAFELY = {
    "resolve_entities": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str  # the last word of its type: "slide", "footnotes"
    target: str  # the part's name


class Package:
    """An open office file. Parts are named as in the zip, without a leading slash; capitals do not matter."""

    def __init__(self, path: str, archive: Archive) -> None:
        self.path = path
        self._archive = archive
        self._sizes = dict(archive.sizes())
        self._names = {name.replace("\\", "/").lower(): name for name in archive.names}
        self._left = MAX_MARKUP_BYTES  # bytes that may still be parsed

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._names

    def size(self, part: str) -> int:
        """Bytes of a part when it is unpacked, 0 if there is none."""
        return self._sizes.get(self._names.get(part.lower(), ""), 0)

    def tree(self, part: str) -> Element:
        """The root of a part that must be there. Raises UnreadableDocument: damaged, too large."""
        try:
            data = self._archive.read(self._names[part.lower()])
        except KeyError as error:
            raise UnreadableDocument(self.path, Reason.DAMAGED) from error
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableDocument(self.path, Reason.TOO_LARGE)
        return parsed(self.path, data)

    def count(self, part: str, marks: tuple[bytes, ...]) -> int:
        """How often these stand in a part; a hundred times faster than parsing it. Raises UnreadableDocument."""
        found = 0
        with self._archive.stream(self._names[part.lower()]) as file:
            while data := file.read(_COUNTED_AT_ONCE):
                found += sum(data.count(mark) for mark in marks)
        return found

    def root_name(self, part: str) -> str:
        """The name of a part's outermost element, "" if there is no such part or it is broken at once."""
        try:
            with self._archive.stream(self._names[part.lower()]) as file:
                return next((named(element) for _, element in etree.iterparse(file, events=("start",), **_SAFELY)), "")
        except (KeyError, etree.XMLSyntaxError, UnreadableDocument):
            return ""

    def elements(self, part: str, *names: str) -> Iterator[Element]:
        """The elements of these names one by one, each forgotten once the next is asked for: for large parts.

        Raises UnreadableDocument: damaged.
        """
        try:
            with self._archive.stream(self._names[part.lower()]) as file:
                for _, element in etree.iterparse(file, tag=[f"{{*}}{name}" for name in names], **_SAFELY):
                    yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except (KeyError, etree.XMLSyntaxError) as error:
            raise _failure(self.path, error) from error

    def optional(self, part: str | None) -> Element | None:
        """The root of a part that the document can do without: None where it is missing or broken."""
        if part is None or part not in self:
            return None
        try:
            return self.tree(part)
        except UnreadableDocument as error:
            if error.reason is not Reason.DAMAGED:
                raise
            logger.info("%s: %s is broken and left out", self.path, part)
            return None

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to within the package, by id; "" is the package itself."""
        folder, name = posixpath.split(part)
        root = self.optional(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            element.get("Id", ""): Relation(element.get("Type", "").rsplit("/", 1)[-1], _joined(folder, element))
            for element in children(root)
            if named(element) == "Relationship" and element.get("TargetMode") != "External"
        }

    def related(self, part: str, kind: str) -> str | None:
        """The first part of this kind that `part` refers to."""
        return next((it.target for it in self.relations(part).values() if it.kind == kind and it.target in self), None)

    def title(self) -> str:
        """The title in the document's own data, "" where it says nothing."""
        part = self.related("", "core-properties") or ("meta.xml" if "meta.xml" in self else "docProps/core.xml")
        found = next((element.text for element in below(self.optional(part), "title")), "")
        return clean_title(found or "")


def parsed(path: str, data: bytes) -> Element:
    """The root of an XML file; entities are left alone and nothing is fetched. Raises UnreadableDocument."""
    try:
        return etree.fromstring(data, etree.XMLParser(load_dtd=False, **_SAFELY))
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:  # the last two: an encoding that nobody knows
        raise _failure(path, error) from error


def named(element: Element) -> str:
    """An element's name without its namespace; "" for an entity that was left alone."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=10_000)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """An attribute by its name without a namespace."""
    if element is None:
        return default
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if key.rpartition("}")[2] == name), default)
    return str(value)


def whole(text: str, default: int, most: int = 10**9) -> int:
    """A number that a file gives, from 0 to `most`; `default` where it is none."""
    return min(int(text), most) if text.isdecimal() and len(text) < 20 else default


def child(element: Element | None, *names: str) -> Element | None:
    """The first child of that name, and its first child of the next name, and so on."""
    for name in names:
        for other in () if element is None else element:
            if named(other) == name:
                element = other
                break
        else:
            return None
    return element


def children(element: Element | None) -> Iterator[Element]:
    return iter(()) if element is None else iter(element)


def below(element: Element | None, name: str) -> Iterator[Element]:
    """Every element of that name at any depth, in the document's order."""
    return iter(()) if element is None else element.iter(f"{{*}}{name}")


def _failure(path: str, error: Exception) -> Exception:
    if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
        return MemoryError()
    return UnreadableDocument(path, Reason.DAMAGED)


def _joined(folder: str, element: Element) -> str:
    target = unquote(element.get("Target", "")).replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
