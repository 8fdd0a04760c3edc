from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from engine.documents.limits import MAX_PIXELS, MAX_TEXT_BYTES
from engine.documents.reading import DocumentReader, Interrupted
from engine.errors import Code, UnreadableDocument, UsageError
from engine.types import Reason, Unit

MakePdf = Callable[..., Path]
Wait = Callable[..., None]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")


def reason_for(reader: DocumentReader, path: Path) -> Reason:
    with pytest.raises(UnreadableDocument) as caught:
        reader.read(path)
    assert caught.value.facts["path"] == str(path)
    return caught.value.reason


def test_pdf_becomes_passages_with_pages_and_boxes(reader: DocumentReader, make_pdf: MakePdf) -> None:
    reading = reader.read(make_pdf(["The kettle boils.", "", "茶水很热。"]))
    assert (reading.unit, reading.page_count, reading.empty_pages) == (Unit.PAGE, 3, 1)
    (chunk,) = reading.chunks
    assert chunk.text == "The kettle boils.\n茶水很热。"
    assert (chunk.page_first, chunk.page_last) == (1, 3)
    assert all(span.box and span.box.page == span.page for span in chunk.spans)


def test_text_file_is_counted_in_lines(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Tea\n\nBoil water.\n\nWait.\n", "utf-8")
    reading = reader.read(path)
    assert (reading.title, reading.unit, reading.page_count, reading.empty_pages) == ("Tea", Unit.LINE, 5, 0)
    assert [(span.page, span.box) for span in reading.chunks[0].spans] == [(1, None), (3, None), (5, None)]


def test_title_is_the_documents_own(reader: DocumentReader, tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((50, 50), "words")
    document.set_metadata({"title": "The Art of Tea"})
    document.save(tmp_path / "t.pdf")
    assert reader.read(tmp_path / "t.pdf").title == "The Art of Tea"


def test_parent_never_loads_pymupdf() -> None:
    script = "import sys, engine.documents.reading; sys.exit('pymupdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


# Why a file is not read


def test_empty_file(reader: DocumentReader, tmp_path: Path) -> None:
    for name in ("a.pdf", "a.txt"):
        (tmp_path / name).touch()
        assert reason_for(reader, tmp_path / name) is Reason.EMPTY


def test_missing_file(reader: DocumentReader, tmp_path: Path) -> None:
    for name in ("a.pdf", "a.txt"):
        with pytest.raises(FileNotFoundError):
            reader.read(tmp_path / name)


def test_something_else_named_pdf_is_damaged(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"no PDF at all " * 50)
    assert reason_for(reader, path) is Reason.DAMAGED
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 9, 9))
    pixmap.clear_with(255)
    path.write_bytes(pixmap.tobytes("png"))
    assert reason_for(reader, path) is Reason.DAMAGED


def test_cut_off_pdf_has_no_pages(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
    assert reason_for(reader, path) is Reason.NO_PAGES


def test_password_of_the_reader_stops_us_and_the_owners_does_not(reader: DocumentReader, make_pdf: MakePdf) -> None:
    method = pymupdf.PDF_ENCRYPT_AES_256
    locked = make_pdf(["words"], "locked.pdf", encryption=method, user_pw="u", owner_pw="o")
    owned = make_pdf(["words"], "owned.pdf", encryption=method, owner_pw="o", permissions=0)
    assert reason_for(reader, locked) is Reason.ENCRYPTED
    assert reader.read(owned).chunks[0].text == "words"


def test_pages_without_text_are_a_scan_only_if_they_show_a_picture(
    reader: DocumentReader, make_pdf: MakePdf, tmp_path: Path
) -> None:
    assert reason_for(reader, make_pdf(["", ""])) is Reason.NO_TEXT
    document = pymupdf.open()
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 9, 9))
    pixmap.clear_with(0)
    document.new_page().insert_image((10, 10, 300, 300), pixmap=pixmap)
    document.save(tmp_path / "scan.pdf")
    reading = reader.read(tmp_path / "scan.pdf")
    assert (reading.chunks, reading.scans, reading.empty_pages) == ((), (1,), 1)


@pytest.mark.parametrize("has_ocr", [False, True])
def test_garbage_and_a_scanners_stamp_are_kept_only_where_nothing_can_be_recognised(
    tmp_path: Path, has_ocr: bool
) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((50, 50), "A page with words of its own.")
    garbage = document.new_page()
    for row in range(12):
        garbage.insert_text((50, 50 + 20 * row), "xqzj vbkq wzxj qjvz kxqw jzvq bxkz qvwj zkxq jwqv zbxq vkjz")
    stamped = document.new_page()
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 9, 9))
    pixmap.clear_with(0)
    stamped.insert_image(stamped.rect, pixmap=pixmap)
    stamped.insert_text((50, 800), "Scanned by SnapScan")
    document.save(tmp_path / "a.pdf")
    reader = DocumentReader(has_ocr=lambda: has_ocr)
    reading = reader.read(tmp_path / "a.pdf")
    reader.close()
    assert reading.scans == (2, 3)
    pages = {span.page for chunk in reading.chunks for span in chunk.spans}
    assert pages == ({1} if has_ocr else {1, 2, 3})
    assert reading.empty_pages == (2 if has_ocr else 0)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_forbidden_file(reader: DocumentReader, make_pdf: MakePdf) -> None:
    path = make_pdf(["words"])
    path.chmod(0)
    assert reason_for(reader, path) is Reason.NO_ACCESS


def test_text_over_the_limit_is_too_large(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_TEXT_BYTES * 80)  # 5 GB, and takes no room on the disk
    assert reason_for(reader, path) is Reason.TOO_LARGE


def test_too_many_lines_are_too_large(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes(b"a\n" * 600_000)
    assert reason_for(reader, path) is Reason.TOO_LARGE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_named_pipe_does_not_hold_us_up(reader: DocumentReader, tmp_path: Path) -> None:
    for name in ("pipe.txt", "pipe.pdf"):
        os.mkfifo(tmp_path / name)
        assert reason_for(reader, tmp_path / name) is Reason.NOT_TEXT


def test_unknown_kind_is_a_usage_error(reader: DocumentReader, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        reader.read(tmp_path / "a.exe")
    assert caught.value.code is Code.NOT_A_DOCUMENT


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_name_that_is_not_utf8(reader: DocumentReader, make_pdf: MakePdf) -> None:
    odd = os.fsencode(make_pdf(["words"]).parent) + b"/\xff\xfe.pdf"
    Path(os.fsdecode(odd)).write_bytes(make_pdf(["odd name"]).read_bytes())
    assert reader.read(Path(os.fsdecode(odd))).chunks[0].text == "odd name"


# Hostile files


def test_page_that_hangs_is_lost_and_the_rest_is_kept(hanging_pdf: Path) -> None:
    reader = DocumentReader(deadline_s=3)
    reading = reader.read(hanging_pdf)
    assert [chunk.text for chunk in reading.chunks] == ["The first page is fine.\nThe third page is fine too."]
    assert (reading.page_count, reading.empty_pages) == (3, 1)
    with pytest.raises(UnreadableDocument) as caught:
        reader.render(hanging_pdf, 2, 1.0)
    assert caught.value.reason is Reason.TOO_SLOW
    assert reader.render(hanging_pdf, 3, 1.0).page == 3
    reader.close()


@on_linux
def test_page_that_needs_too_much_memory_is_lost(swelling_pdf: Path) -> None:
    reader = DocumentReader(memory_bytes=320_000_000)
    reading = reader.read(swelling_pdf)
    assert (reading.page_count, reading.empty_pages) == (3, 1)
    assert reading.chunks[0].text.startswith("The first page is fine.")
    assert 0 < reader.peak_child_bytes < 400_000_000
    reader.close()


def test_child_that_dies_is_a_crash_and_the_next_document_is_read(
    hanging_pdf: Path, make_pdf: MakePdf, wait_for: Wait
) -> None:
    reader = DocumentReader()
    stop = threading.Event()

    def kill_every_child() -> None:
        killed = None
        while not stop.is_set():
            pid = reader.child_pid
            if pid and pid != killed:
                os.kill(pid, signal.SIGTERM)
                killed = pid

    killer = threading.Thread(target=kill_every_child)
    killer.start()
    try:
        assert reason_for(reader, hanging_pdf) is Reason.CRASHED
    finally:
        stop.set()
        killer.join()
    assert reader.read(make_pdf(["still here"])).chunks[0].text == "still here"
    reader.close()


def test_interrupt_ends_a_running_read_and_the_next_one_is_served(
    reader: DocumentReader, hanging_pdf: Path, make_pdf: MakePdf, wait_for: Wait
) -> None:
    outcome: list[Exception] = []

    def read() -> None:
        try:
            reader.read(hanging_pdf)
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    wait_for(lambda: reader.child_pid)
    reader.interrupt()
    thread.join(timeout=15)
    assert not thread.is_alive()
    assert isinstance(outcome[0], Interrupted)
    reader.interrupt()  # nothing runs: nothing happens
    assert reader.read(make_pdf(["served"])).chunks[0].text == "served"


def test_close_ends_the_child_and_later_reads(reader: DocumentReader, make_pdf: MakePdf, wait_for: Wait) -> None:
    path = make_pdf(["words"])
    reader.read(path)
    assert reader.child_pid
    reader.close()
    reader.close()
    assert reader.child_pid is None
    with pytest.raises(Interrupted):
        reader.read(path)


def test_worn_child_is_replaced(reader: DocumentReader, make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.documents.reading.CHILD_DOCUMENTS", 2)
    path = make_pdf(["words"])
    reader.read(path)
    first = reader.child_pid
    reader.read(path)
    assert reader.child_pid is None
    reader.read(path)
    assert reader.child_pid not in (None, first)


def test_two_threads_take_turns(reader: DocumentReader, make_pdf: MakePdf) -> None:
    paths = [make_pdf([f"page of {number}"], f"{number}.pdf") for number in range(8)]
    texts: dict[Path, str] = {}
    threads = [
        threading.Thread(target=lambda p=path: texts.update({p: reader.read(p).chunks[0].text}))  # type: ignore[misc]
        for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [texts[path] for path in paths] == [f"page of {number}" for number in range(8)]


# Pictures and lines


def test_rendered_page_has_the_asked_scale(reader: DocumentReader, make_pdf: MakePdf) -> None:
    image = reader.render(make_pdf(["one", "two"]), 2, 1.5)
    assert (image.page, image.page_count, image.width, image.height, image.scale) == (2, 2, 600, 900, 1.5)
    assert image.png.startswith(b"\x89PNG")


def test_huge_page_is_rendered_smaller(reader: DocumentReader, tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page(width=14_000, height=14_000).insert_text((50, 50), "vast")
    document.save(tmp_path / "vast.pdf")
    image = reader.render(tmp_path / "vast.pdf", 1, 4.0)
    assert image.width * image.height <= MAX_PIXELS * 1.01
    assert image.scale == pytest.approx(image.width / 14_000, rel=0.01)


def test_page_that_does_not_exist(reader: DocumentReader, make_pdf: MakePdf, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one line")
    for ask in (
        lambda: reader.render(make_pdf(["one"]), 2, 1.0),
        lambda: reader.render(make_pdf(["one"]), 0, 1.0),
        lambda: reader.lines(tmp_path / "a.txt", 2, 5),
    ):
        with pytest.raises(UsageError) as caught:
            ask()
        assert caught.value.code is Code.NO_SUCH_PAGE


def test_lines_come_as_they_are(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\n\n  three  \nfour\n", "utf-8")
    shown = reader.lines(path, 2, 2)
    assert (shown.first, shown.line_count, shown.lines) == (2, 4, ("", "  three  "))
    assert reader.lines(path, 4, 99).lines == ("four",)


def test_lines_of_a_file_that_changed_are_the_new_ones(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Tea,3\n", "utf-8")
    assert reader.lines(path, 1, 5).lines == reader.lines(path, 1, 5).lines == ("Tea | 3",)
    path.write_text("Milk,4\nSugar,5\n", "utf-8")
    assert reader.lines(path, 1, 5).lines == ("Milk | 4", "Sugar | 5")
    path.unlink()
    with pytest.raises(FileNotFoundError):
        reader.lines(path, 1, 5)


def test_a_large_engine_makes_no_child_look_large(reader: DocumentReader, make_pdf: MakePdf) -> None:
    held = bytearray(os.urandom(1024) * 300_000)  # touched, so that this process really holds 300 MB
    reader.read(make_pdf(["words"]))
    assert len(held) > 2 * reader.peak_child_bytes > 0
