"""E-books (EPUB 2 and 3): their chapters in reading order; a place's label is the chapter's name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from engine.documents.archives import Archive, open_archive
from engine.documents.blocks import Block, Blocks
from engine.documents.characters import clean_title, tidy
from engine.documents.hypertext import Hypertext, read_html
from engine.documents.kinds import Kind
from engine.documents.limits import MAX_CHARACTERS, MAX_UNPACKED_BYTES
from engine.documents.packages import Element, attribute, below, child, parsed
from engine.documents.web import html_text
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

_HTML = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"))
_HTML_NAME = re.compile(r"\.x?html?$", re.IGNORECASE)
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # hidden fonts are no protection
_LABEL_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class _Book:
    title: str
    chapters: tuple[str, ...]  # members of the zip, in reading order
    names: dict[str, dict[str, str]]  # of each: the names that begin there, by the id of an element; "" at its start


def open_document(path: str, kind: Kind) -> Blocks:
    """Raises FileNotFoundError; UnreadableDocument: encrypted, empty, too large, no access, damaged, no text."""
    with open_archive(path) as archive:
        book = _Reading(path, archive).book()
        blocks = tuple(_blocks(path, archive, book))
    if not blocks:
        raise UnreadableDocument(path, Reason.NO_TEXT)
    return Blocks(book.title, Unit.SECTION, len({block.label for block in blocks}), blocks)


def _blocks(path: str, archive: Archive, book: _Book) -> Iterator[Block]:
    label = ""
    unpacked = characters = 0
    for number, chapter in enumerate(book.chapters, 1):
        data = archive.read(chapter)
        unpacked += len(data)
        names = book.names.get(chapter, {})
        page = read_html(html_text(data) or "", names.get("", label), names)
        for block in page.blocks:
            characters += len(block.text)
            yield block if block.label else replace(block, label=_first_heading(page) or str(number))
        if characters > MAX_CHARACTERS or unpacked > MAX_UNPACKED_BYTES:
            raise UnreadableDocument(path, Reason.TOO_LARGE)
        label = page.blocks[-1].label if page.blocks and names else label


def _first_heading(page: Hypertext) -> str:
    return next((block.text[:_LABEL_CHARACTERS] for block in page.blocks if block.heading), "")


class _Reading:
    """The way from the container to the order and the names of the chapters."""

    def __init__(self, path: str, archive: Archive) -> None:
        self._path = path
        self._archive = archive

    def book(self) -> _Book:
        package_name = self._package_name()
        package = self._tree(package_name)
        folder = posixpath.dirname(package_name)
        items = {
            attribute(item, "id"): (_member(folder, attribute(item, "href")), item) for item in below(package, "item")
        }
        spine = [items[name] for ref in below(package, "itemref") if (name := attribute(ref, "idref")) in items]
        chapters = tuple(
            dict.fromkeys(
                member
                for member, item in spine
                if member in self._archive.names
                and (attribute(item, "media-type") in _HTML or _HTML_NAME.search(member))
                and "nav" not in attribute(item, "properties").split()
            )
        )
        if not chapters:
            raise UnreadableDocument(self._path, Reason.NO_TEXT if spine else Reason.DAMAGED)
        self._refuse_protected(chapters)
        title = next((_words(element) for element in below(package, "title")), "")
        return _Book(clean_title(title), chapters, self._names([*items.values()]))

    def _package_name(self) -> str:
        container = self._tree("META-INF/container.xml")
        for rootfile in below(container, "rootfile"):
            name = _member("", attribute(rootfile, "full-path"))
            if name in self._archive.names:
                return name
        raise UnreadableDocument(self._path, Reason.DAMAGED)

    def _refuse_protected(self, chapters: tuple[str, ...]) -> None:
        if "META-INF/encryption.xml" not in self._archive.names:
            return
        for data in below(self._tree("META-INF/encryption.xml"), "EncryptedData"):
            method = attribute(child(data, "EncryptionMethod"), "Algorithm")
            member = _member("", attribute(child(data, "CipherData", "CipherReference"), "URI"))
            if member in chapters and method not in _FONTS_ONLY:
                raise UnreadableDocument(self._path, Reason.ENCRYPTED)

    def _names(self, items: list[tuple[str, Element]]) -> dict[str, dict[str, str]]:
        """From the book's table of contents: EPUB 3's, else EPUB 2's."""
        for member, item in items:
            if "nav" in attribute(item, "properties").split() and (names := self._navigation(member)):
                return names
        for member, item in items:
            if attribute(item, "media-type") == "application/x-dtbncx+xml" and (names := self._ncx(member)):
                return names
        return {}

    def _navigation(self, member: str) -> dict[str, dict[str, str]]:
        root = self._optional(member)
        lists = [nav for nav in below(root, "nav") if attribute(nav, "type") in ("toc", "")]
        entries = [(attribute(link, "href"), _words(link)) for nav in lists[:1] for link in below(nav, "a")]
        return _placed(posixpath.dirname(member), entries)

    def _ncx(self, member: str) -> dict[str, dict[str, str]]:
        entries = [
            (attribute(child(point, "content"), "src"), _words(child(point, "navLabel")))
            for point in below(child(self._optional(member), "navMap"), "navPoint")
        ]
        return _placed(posixpath.dirname(member), entries)

    def _tree(self, member: str) -> Element:
        try:
            return parsed(self._path, self._archive.read(member))
        except KeyError as error:
            raise UnreadableDocument(self._path, Reason.DAMAGED) from error

    def _optional(self, member: str) -> Element | None:
        """None where it is missing or broken: a book can be read without its table of contents."""
        try:
            return self._tree(member)
        except UnreadableDocument as error:
            if error.reason is not Reason.DAMAGED:
                raise
            return None


def _placed(folder: str, entries: list[tuple[str, str]]) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for target, name in entries:
        place, _, anchor = target.partition("#")
        if name:
            names.setdefault(_member(folder, place), {}).setdefault(unquote(anchor), name[:_LABEL_CHARACTERS])
    return names


def _member(folder: str, target: str) -> str:
    """The member of the zip that a relative address means."""
    try:
        target = urlsplit(target).path
    except ValueError:
        return ""
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")


def _words(element: Element | None) -> str:
    return "" if element is None else tidy("".join(element.itertext()))
