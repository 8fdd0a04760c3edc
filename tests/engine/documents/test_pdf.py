"""Boxes must lie where the words are seen: compared with the pixels of the rendered page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from engine.documents.pdf import Pdf

MakePdf = Callable[..., Path]
SCALE = 2.0


def ink(path: Path) -> tuple[float, float, float, float]:
    """The smallest rectangle around everything dark on the first page, in points."""
    pixmap = pymupdf.Pixmap(Pdf(str(path)).render(1, SCALE).png)
    reds = memoryview(pixmap.samples)[::3].tobytes()
    rows = [reds[start : start + pixmap.width] for start in range(0, len(reds), pixmap.width)]
    dark = [(x, y) for y, row in enumerate(rows) for x, red in enumerate(row) if red < 128]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    return min(xs) / SCALE, min(ys) / SCALE, (max(xs) + 1) / SCALE, (max(ys) + 1) / SCALE


def assert_around_the_ink(path: Path) -> None:
    page, _ = next(Pdf(str(path)).pages(1))
    (line,) = page.lines
    x0, y0, x1, y1 = ink(path)
    assert line.box
    assert line.box.x0 - 1 <= x0
    assert line.box.y0 - 1 <= y0
    assert line.box.x1 + 1 >= x1
    assert line.box.y1 + 1 >= y1
    assert (line.box.x1 - line.box.x0) * (line.box.y1 - line.box.y0) < 6 * (x1 - x0) * (y1 - y0)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_lie_where_the_words_are_seen(make_pdf: MakePdf, rotation: int) -> None:
    path = make_pdf(["Words on a page that is turned"], rotation=rotation)
    page, _ = next(Pdf(str(path)).pages(1))
    assert (page.width, page.height) == ((400, 600) if rotation % 180 == 0 else (600, 400))
    assert_around_the_ink(path)


@pytest.mark.parametrize("rotation", [0, 90])
def test_boxes_count_from_the_part_that_is_shown(make_pdf: MakePdf, tmp_path: Path, rotation: int) -> None:
    document = pymupdf.open(make_pdf(["Words on a page that is cropped"]))
    document[0].set_cropbox(pymupdf.Rect(30, 40, 350, 500))
    document[0].set_rotation(rotation)
    document.save(tmp_path / "cropped.pdf")
    assert_around_the_ink(tmp_path / "cropped.pdf")


def test_words_outside_the_page_are_not_read(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=400, height=600)
    page.insert_text((50, 80), "Inside")
    page.insert_text((50, 900), "Outside")
    document.save(tmp_path / "outside.pdf")
    read, _ = next(Pdf(str(tmp_path / "outside.pdf")).pages(1))
    assert [line.text for line in read.lines] == ["Inside"]


def test_size_and_weight_of_a_line(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((50, 80), "A heading", fontsize=18, fontname="hebo")
    page.insert_text((50, 140), "The body of it", fontsize=11)
    document.save(tmp_path / "sizes.pdf")
    read, _ = next(Pdf(str(tmp_path / "sizes.pdf")).pages(1))
    assert [(line.size, line.bold, line.gap) for line in read.lines] == [(18, True, True), (11, False, True)]
    assert read.lines[0].box
    assert read.lines[0].box.x0 == pytest.approx(50, abs=1)
