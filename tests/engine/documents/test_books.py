from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from engine.documents.books import open_document
from engine.documents.kinds import Kind
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
    <rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
CHAPTERS = {
    "one.xhtml": "<h1>Leaves</h1><p>Green.</p>",
    "two%20b.xhtml": "<p>Roots.</p><h2 id='s2'>Deeper</h2><p>Soil.</p>",
    "three.xhtml": "<p>The end.</p>",
}
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>
    <nav epub:type="toc"><ol><li><a href="text/one.xhtml">第一章 叶</a></li>
    <li><a href="text/two%20b.xhtml">Roots</a><ol>
    <li><a href="text/two%20b.xhtml#s2">Below</a></li></ol></li></ol></nav></body></html>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
    <navPoint><navLabel><text>Leaves</text></navLabel><content src="text/one.xhtml"/>
    <navPoint><navLabel><text>Within</text></navLabel><content src="text/two%20b.xhtml#s2"/></navPoint></navPoint>
    </navMap></ncx>"""


def book(
    path: Path, *, nav: str = "", ncx: str = "", order: tuple[int, ...] = (0, 1, 2), **others: str | bytes
) -> Path:
    items = [
        f'<item id="c{n}" href="text/{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(CHAPTERS)
    ]
    members: dict[str, str | bytes] = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    if nav:
        items.append('<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>')
        members["OEBPS/nav.xhtml"] = nav
    if ncx:
        items.append('<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>')
        members["OEBPS/toc.ncx"] = ncx
    spine = "".join(f'<itemref idref="c{n}"/>' for n in order) + ('<itemref idref="nav"/>' if nav else "")
    members["OEBPS/book.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>The Book of Tea</dc:title></metadata><manifest>{''.join(items)}</manifest>"
        f"<spine>{spine}</spine></package>"
    )
    for name, content in CHAPTERS.items():
        members[f"OEBPS/text/{name.replace('%20', ' ')}"] = f"<html><body>{content}</body></html>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, **{name.replace("__", "/"): data for name, data in others.items()}}.items():
            archive.writestr(name, content)
    return path


def refused(path: Path) -> Reason:
    with pytest.raises(UnreadableDocument) as caught:
        open_document(str(path), Kind.EPUB)
    return caught.value.reason


def test_chapters_come_in_reading_order(tmp_path: Path) -> None:
    document = open_document(str(book(tmp_path / "a.epub", nav=NAV, order=(2, 0, 1))), Kind.EPUB)
    assert document.lines == ("The end.", "Leaves", "Green.", "Roots.", "Deeper", "Soil.")
    assert (document.title, document.unit) == ("The Book of Tea", Unit.SECTION)


@pytest.mark.parametrize(
    ("contents", "labels"),
    [
        ({"nav": NAV}, ("第一章 叶", "第一章 叶", "Roots", "Below", "Below", "Below")),
        ({"ncx": NCX}, ("Leaves", "Leaves", "Leaves", "Within", "Within", "Within")),
        ({"nav": "<broken", "ncx": NCX}, ("Leaves", "Leaves", "Leaves", "Within", "Within", "Within")),
        ({}, ("Leaves", "Leaves", "Deeper", "Deeper", "Deeper", "3")),
    ],
    ids=["EPUB 3", "EPUB 2", "broken", "none"],
)
def test_places_are_called_by_their_chapter(contents: dict[str, str], labels: tuple[str, ...], tmp_path: Path) -> None:
    document = open_document(str(book(tmp_path / "a.epub", **contents)), Kind.EPUB)
    assert document.labels == labels
    assert document.unit_count == len(set(labels))
    assert [page.label for page in document.pages(4)] == [*labels[3:]]


ENCRYPTED = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData
    xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{method}"/><CipherData>
    <CipherReference URI="{member}"/></CipherData></EncryptedData></encryption>"""


def test_a_protected_book_is_refused_and_hidden_fonts_protect_nothing(tmp_path: Path) -> None:
    aes = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    for method, member, protected in [
        (aes, "OEBPS/text/one.xhtml", True),
        ("http://www.idpf.org/2008/embedding", "OEBPS/font.otf", False),
        (aes, "OEBPS/font.otf", False),
    ]:
        data = ENCRYPTED.format(method=method, member=member)
        path = book(tmp_path / "a.epub", **{"META-INF__encryption.xml": data})
        if protected:
            assert refused(path) is Reason.ENCRYPTED
        else:
            assert open_document(str(path), Kind.EPUB).lines


def test_what_is_no_book_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(b"no zip")
    assert refused(tmp_path / "a.epub") is Reason.DAMAGED
    with zipfile.ZipFile(tmp_path / "b.epub", "w") as archive:
        archive.writestr("a.txt", "x")
    assert refused(tmp_path / "b.epub") is Reason.DAMAGED
    assert refused(book(tmp_path / "c.epub", **{"OEBPS__book.opf": "<package><broken"})) is Reason.DAMAGED
    assert refused(book(tmp_path / "d.epub", order=())) is Reason.DAMAGED
    data = book(tmp_path / "e.epub").read_bytes()
    (tmp_path / "f.epub").write_bytes(data[: len(data) // 2])
    assert refused(tmp_path / "f.epub") is Reason.DAMAGED


def test_bombs_are_refused(tmp_path: Path) -> None:
    bomb = "<p>" + "a" * 70_000_000
    assert refused(book(tmp_path / "a.epub", **{"OEBPS__text__one.xhtml": bomb})) is Reason.TOO_LARGE
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><package><metadata><title>&a11;</title></metadata></package>'
    assert refused(book(tmp_path / "b.epub", **{"OEBPS__book.opf": laughs})) is Reason.DAMAGED
