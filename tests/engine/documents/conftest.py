from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from engine.documents.reading import DocumentReader

MakePdf = Callable[..., Path]


@pytest.fixture
def reader() -> Iterator[DocumentReader]:
    reader = DocumentReader()
    yield reader
    reader.close()


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """make_pdf(["text of page 1", ...], name=..., rotation=..., **save options) -> the file's path."""

    def make(pages: list[str], name: str = "made.pdf", rotation: int = 0, **saving: object) -> Path:
        document = pymupdf.open()
        for text in pages:
            page = document.new_page(width=400, height=600)
            page.insert_text((50, 80), text, fontsize=11, fontname="china-s" if not text.isascii() else "helv")
            page.set_rotation(rotation)
        document.save(tmp_path / name, **saving)
        document.close()
        return tmp_path / name

    return make


def raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    body = b"%PDF-1.7\n"
    places = []
    for number, data in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + tail


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (entries, len(packed), packed)


@pytest.fixture
def hanging_pdf(tmp_path: Path) -> Path:
    """Three pages; the second draws ten forms that draw ten forms, 12 levels deep: MuPDF never comes back from it."""
    path = tmp_path / "hanging.pdf"
    path.write_bytes(_nested(levels=12, innermost=b"0 0 m"))
    return path


@pytest.fixture
def swelling_pdf(tmp_path: Path) -> Path:
    """Three pages; the second holds 10 million words."""
    path = tmp_path / "swelling.pdf"
    path.write_bytes(_nested(levels=6, innermost=b"BT /F 9 Tf 10 10 Td (swelling words) Tj ET"))
    return path


def _nested(levels: int, innermost: bytes) -> bytes:
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    kids = [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<%s/XObject<</X %d 0 R>>>>/Contents %d 0 R>>"
        % (font, 9, number)
        for number in (6, 7, 8)
    ]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]>>",
        *kids,
        stream(b"BT /F 12 Tf 20 200 Td (The first page is fine.) Tj ET"),
        stream(b"/X Do"),
        stream(b"BT /F 12 Tf 20 200 Td (The third page is fine too.) Tj ET"),
    ]
    for level in range(levels):
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<<%s/XObject<</X %d 0 R>>>>" % (
            font,
            10 + level,
        )
        objects.append(stream(b"/X Do\n" * 10, entries))
    objects.append(stream(innermost, b"/Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<<%s>>" % font))
    return raw_pdf(objects)


@pytest.fixture
def wait_for() -> Callable[[Callable[[], object]], None]:
    """Waits until a condition holds; fails after a time that no machine should need."""

    def wait(condition: Callable[[], object], limit_s: float = 60.0) -> None:
        end = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.02)

    return wait
