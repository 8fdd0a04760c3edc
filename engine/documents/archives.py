"""Zip files that are documents (docx, xlsx, odt, epub, ...): opened within bounds, so that a bomb is refused.

`zipfile` never unpacks more of a member than the archive's directory declares, so the declared sizes are bounds for
whatever reads the same file afterwards.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from engine.documents.files import open_file
from engine.documents.limits import MAX_MARKUP_BYTES, MAX_MEMBERS, MAX_UNPACKED_BYTES
from engine.errors import UnreadableDocument
from engine.types import Reason

_MARKUP = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".vml")
_OF_A_PASSWORD = 0x1  # in a member's flags
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError, OSError)


class Archive:
    """A zip file whose members stay within the limits."""

    def __init__(self, path: str, file: zipfile.ZipFile) -> None:
        self._path = path
        self._file = file
        self.names = frozenset(file.namelist())

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Each member's name and its bytes when unpacked."""
        return ((member.filename, member.file_size) for member in self._file.infolist())

    def read(self, name: str) -> bytes:
        """One member, unpacked. Raises KeyError; UnreadableDocument: too large, damaged."""
        member = self._file.getinfo(name)
        if member.file_size > MAX_MARKUP_BYTES:
            raise UnreadableDocument(self._path, Reason.TOO_LARGE)
        try:
            return self._file.read(member)
        except (*_BROKEN, RuntimeError) as error:
            raise UnreadableDocument(self._path, Reason.DAMAGED) from error

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """One member, to be unpacked while it is read. Raises KeyError; UnreadableDocument: damaged."""
        member = self._file.getinfo(name)
        try:
            with self._file.open(member) as file:
                yield file
        except (*_BROKEN, RuntimeError) as error:
            raise UnreadableDocument(self._path, Reason.DAMAGED) from error


@contextmanager
def open_archive(path: str) -> Iterator[Archive]:
    """Raises FileNotFoundError; UnreadableDocument: no zip file or a broken one (damaged), encrypted, empty,
    too large, no access.

    Some of a document's markup may be larger than what `Archive.read` hands out: a sheet that is read as a stream.
    """
    with open_file(path) as file:
        try:
            opened = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise UnreadableDocument(path, Reason.DAMAGED) from error
        with opened:
            _check(path, opened.infolist())
            yield Archive(path, opened)


def check_archive(path: str, markup_bytes: int = MAX_UNPACKED_BYTES) -> frozenset[str]:
    """The names of its members, for a library that opens the file itself. Raises what `open_archive` raises.

    More than `markup_bytes` of XML together is too large: what the library would parse into trees.
    """
    with open_archive(path) as archive:
        markup = sum(size for name, size in archive.sizes() if name.lower().endswith(_MARKUP))
        if markup > markup_bytes:
            raise UnreadableDocument(path, Reason.TOO_LARGE)
        return archive.names


def _check(path: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise UnreadableDocument(path, Reason.TOO_LARGE)
    if any(member.flag_bits & _OF_A_PASSWORD for member in members):
        raise UnreadableDocument(path, Reason.ENCRYPTED)
