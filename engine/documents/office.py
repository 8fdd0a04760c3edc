"""Office files are opened by what they are: many programs give a table of HTML, or a newer format, an old suffix."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path

import olefile

from engine.documents import delimited, opening
from engine.documents.archives import open_archive
from engine.documents.blocks import Blocks, TextDocument
from engine.documents.files import bytes_of, open_file
from engine.documents.kinds import Kind, kind_of
from engine.documents.old_sheets import open_old_sheets
from engine.documents.opendocument import open_showing, open_writing
from engine.documents.opendocument_tables import open_calculating
from engine.documents.packages import Package, below, child
from engine.documents.sheets import open_sheets
from engine.documents.sheets_2003 import open_sheets_2003
from engine.documents.slides import open_slides
from engine.documents.word import open_word
from engine.errors import UnreadableDocument
from engine.types import Reason

_HEAD_BYTES = 4096
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_SHEETS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")  # Excel 2 to 5
_BARE_TEXTS = (b"\xdb\xa5", b"\x31\xbe", b"\x9b\xa5")  # Word 1 to 5
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_MHTML = re.compile(r"(?:mime-version|from|date|content-type):\s.*multipart/related", re.IGNORECASE | re.DOTALL)
_SHEETS_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_OPENERS: dict[str, Callable[[Package, str], Blocks]] = {  # by the root of the main part
    "document": open_word,
    "presentation": open_slides,
    "workbook": open_sheets,
}
_USUAL_MAINS = ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml")


def open_document(path: str, kind: Kind) -> TextDocument:
    """Raises FileNotFoundError; UnreadableDocument with the reason; MemoryError beyond the limits."""
    with open_file(path) as file:
        head = file.read(_HEAD_BYTES)
    try:
        if head.startswith(_ZIP):
            return _zipped(path)
        if head.startswith(_OLE):
            return _old(path)
        if head.startswith(_BARE_SHEETS):
            return open_old_sheets(path, bytes_of(path))
        if head.startswith(_BARE_TEXTS):
            raise UnreadableDocument(path, Reason.OLD_FORMAT)
        return _as_text(path, _beginning(head), kind)
    except RecursionError as error:
        raise UnreadableDocument(path, Reason.DAMAGED) from error


def _zipped(path: str) -> TextDocument:
    with open_archive(path) as archive:
        package = Package(path, archive)
        if "content.xml" in package or "encrypted-package" in package:
            return _opendocument(package)
        main = package.related("", "officeDocument") or next((name for name in _USUAL_MAINS if name in package), "")
        opener = _OPENERS.get(package.root_name(main))
        if opener is None:
            raise UnreadableDocument(path, Reason.DAMAGED)
        return opener(package, main)


def _opendocument(package: Package) -> TextDocument:
    manifest = package.optional("META-INF/manifest.xml")
    if "encrypted-package" in package or next(below(manifest, "encryption-data"), None) is not None:
        raise UnreadableDocument(package.path, Reason.ENCRYPTED)
    root = package.tree("content.xml")
    body = child(root, "body")
    if child(body, "spreadsheet") is not None:
        return open_calculating(package, root)
    if child(body, "presentation") is not None:
        return open_showing(package, root)
    if child(body, "text") is not None:
        return open_writing(package, root)
    raise UnreadableDocument(package.path, Reason.DAMAGED)


def _old(path: str) -> TextDocument:
    """Office files of before 2007; the newer ones too where they are encrypted."""
    data = bytes_of(path)
    try:
        with olefile.OleFileIO(data) as file:
            names = {names[0] for names in file.listdir() if len(names) == 1}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnreadableDocument(path, Reason.DAMAGED) from error
    if "EncryptedPackage" in names:
        raise UnreadableDocument(path, Reason.ENCRYPTED)
    if names & {"WordDocument", "PowerPoint Document"}:
        raise UnreadableDocument(path, Reason.OLD_FORMAT)
    if names & {"Workbook", "WORKBOOK", "Book", "BOOK"}:
        return open_old_sheets(path, data)
    raise UnreadableDocument(path, Reason.DAMAGED)


def _beginning(head: bytes) -> str:
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return head.decode("utf-16" if wide else "utf-8-sig", "replace")


def _as_text(path: str, beginning: str, kind: Kind) -> TextDocument:
    if beginning.startswith("{\\rtf"):
        return _by_suffix(path, ".rtf")
    if _SHEETS_2003 in beginning:
        return open_sheets_2003(path, bytes_of(path))
    if _WORD_2003 in beginning:
        raise UnreadableDocument(path, Reason.OLD_FORMAT)
    if _HTML.match(beginning):
        return _by_suffix(path, ".html")
    if _MHTML.match(beginning):
        return _by_suffix(path, ".mht")
    try:
        return _by_suffix(path, ".txt") if kind is Kind.OFFICE else delimited.open_document(path, kind)
    except UnreadableDocument as error:
        if error.reason is Reason.NOT_TEXT and kind is not Kind.TABLE:
            raise UnreadableDocument(path, Reason.DAMAGED) from error
        raise


def _by_suffix(path: str, suffix: str) -> TextDocument:
    """The file, read as if it had the suffix that fits it."""
    kind = kind_of(Path(f"any{suffix}"))
    if kind is None:
        raise UnreadableDocument(path, Reason.DAMAGED)
    return opening.open_document(path, kind)
