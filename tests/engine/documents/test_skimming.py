from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.documents.reading import DocumentReader
from engine.documents.scripts import display_width
from engine.documents.skimming import pieces_of
from engine.errors import UnreadableDocument
from engine.types import Reason, Unit

MakePdf = Callable[..., Path]


def test_a_pdf_is_skimmed_page_by_page(reader: DocumentReader, make_pdf: MakePdf) -> None:
    reading = reader.skim(make_pdf(["The kettle boils.", "", "茶水很热。"]))
    assert (reading.unit, reading.page_count) == (Unit.PAGE, 3)
    assert [(chunk.text, chunk.page_first, chunk.page_last) for chunk in reading.chunks] == [
        ("The kettle boils.", 1, 1),
        ("茶水很热。", 3, 3),
    ]
    assert all(span.box is None for chunk in reading.chunks for span in chunk.spans)


def test_what_a_hanging_page_leaves_is_given(hanging_pdf: Path) -> None:
    reader = DocumentReader(deadline_s=2)
    assert [chunk.text for chunk in reader.skim(hanging_pdf).chunks] == ["The first page is fine."]
    assert reader.read(hanging_pdf).chunks[0].page_last == 3  # the next request is served
    reader.close()


def test_what_cannot_be_opened_is_refused(reader: DocumentReader, make_pdf: MakePdf, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no PDF at all " * 50)
    with pytest.raises(UnreadableDocument) as caught:
        reader.skim(tmp_path / "a.pdf")
    assert caught.value.reason is Reason.DAMAGED
    with pytest.raises(FileNotFoundError):
        reader.skim(tmp_path / "gone.pdf")


def test_pieces_hold_whole_lines_and_bounded_width() -> None:
    lines = [f"Line number {number} of a page, in English. 第 {number} 行" for number in range(100)]
    pieces = list(pieces_of("\n".join(lines)))
    assert "\n".join(pieces).split("\n") == lines
    assert len(pieces) > 3
    assert all(display_width(piece) <= 900 + 50 for piece in pieces)


def test_what_nobody_sees_is_left_out() -> None:
    assert list(pieces_of("a\x00b\ud800c\n\n  \u200b \n")) == ["abc"]
    assert list(pieces_of(" \n")) == []
