"""Real recognition of small scans, in a child as the engine does it. The models load once for most of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_scans import CHINESE, ENGLISH, make_scan, needs_ocr

from engine.documents.placing import quote_boxes
from engine.documents.recognition import ScanReader
from engine.errors import UnreadableDocument
from engine.types import Chunk, Reason

pytestmark = needs_ocr


@pytest.fixture(scope="module")
def scans() -> Iterator[ScanReader]:
    reader = ScanReader(threads=1)
    yield reader
    reader.close()


def recognise(reader: ScanReader, path: Path, page: int = 1) -> tuple[Chunk, ...]:
    chunks = reader.recognise(path, page, lambda: False)
    assert chunks is not None
    return chunks


def test_both_languages_are_recognised_with_their_boxes(scans: ScanReader, tmp_path: Path) -> None:
    path = make_scan(tmp_path / "scan.pdf", ENGLISH, CHINESE)
    (english,), (chinese,) = recognise(scans, path, 1), recognise(scans, path, 2)
    assert english.text.split("\n") == [*ENGLISH] or english.text == " ".join(ENGLISH)
    assert chinese.text.replace("\n", "") == "".join(CHINESE)
    assert (chinese.page_first, chinese.page_last) == (2, 2)
    start = english.text.index(ENGLISH[1])
    (box,) = quote_boxes(english.spans, english.text, start, start + len(ENGLISH[1]))
    assert (box.page, 30 < box.x0 < 44, 66 < box.y0 < 80, 84 < box.y1 < 96) == (1, True, True, True)


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_stands_turned_is_recognised(scans: ScanReader, tmp_path: Path, turned: int) -> None:
    (chunk,) = recognise(scans, make_scan(tmp_path / "turned.pdf", ENGLISH, turned=turned))
    assert chunk.text.replace("\n", " ") == " ".join(ENGLISH)
    first = chunk.spans[0].box
    assert first
    is_tall = first.y1 - first.y0 > first.x1 - first.x0
    assert is_tall == (turned in (90, 270))


def test_a_blank_page_gives_nothing(scans: ScanReader, tmp_path: Path) -> None:
    assert recognise(scans, make_scan(tmp_path / "blank.pdf", ())) == ()


def test_what_is_not_wanted_any_more_ends_at_once(tmp_path: Path) -> None:
    reader = ScanReader(threads=1)
    assert reader.recognise(make_scan(tmp_path / "scan.pdf", ENGLISH), 1, lambda: True) is None
    assert reader.child_pid is None
    reader.close()


def test_a_missing_file_and_a_damaged_one(scans: ScanReader, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        recognise(scans, tmp_path / "gone.pdf")
    (tmp_path / "bad.pdf").write_bytes(b"no PDF at all " * 50)
    with pytest.raises(UnreadableDocument) as caught:
        recognise(scans, tmp_path / "bad.pdf")
    assert caught.value.reason is Reason.DAMAGED


def test_a_page_that_hangs_is_given_up(hanging_pdf: Path) -> None:
    reader = ScanReader(threads=1, deadline_s=3)
    with pytest.raises(UnreadableDocument) as caught:
        reader.recognise(hanging_pdf, 2, lambda: False)
    assert caught.value.reason in (Reason.TOO_SLOW, Reason.CRASHED)  # its own watchdog may be first
    assert reader.child_pid is None
    reader.close()


# Nothing leaves the computer. In a process of its own, where any way to the network is cut before rapidocr is loaded

_CUT_OFF = """
import socket, sys
from pathlib import Path
tried = []
def refused(*arguments, **options):
    tried.append(arguments)
    raise OSError("no network here")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refused
import numpy as np
from engine.documents.ocr import Recogniser
from engine.documents.ocr_files import in_package, installed
"""


def test_neither_recognising_nor_a_missing_model_reaches_for_the_network(tmp_path: Path) -> None:
    script = (
        _CUT_OFF
        + """
picture = np.full((200, 600), 255, np.uint8)
picture[90:110, 100:500:3] = 0
whole = installed()
Recogniser(whole, 1).text(picture)
for missing in ("finding", "reading", "turning"):
    package = Path(sys.argv[1], missing)
    (package / "models").mkdir(parents=True)
    files = in_package(package)
    for name in {"finding", "reading", "turning"} - {missing}:
        getattr(files, name).symlink_to(getattr(whole, name))
    try:
        Recogniser(files, 1).text(picture)
    except FileNotFoundError:
        continue
    sys.exit(f"it was made without {missing}")
assert not tried, tried
"""
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=300)
