from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from engine.documents.blocks import Blocks
from engine.documents.kinds import Kind
from engine.documents.office import open_document
from engine.types import Unit

Make = Callable[[Callable[[Any], object]], Blocks]
TITLE, TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 0, 1, 5, 6


@pytest.fixture
def read(tmp_path: Path) -> Make:
    """read(fill) -> the blocks of a new presentation after `fill(presentation)`."""

    def made(fill: Callable[[Any], object]) -> Blocks:
        presentation = pptx.Presentation()
        fill(presentation)
        presentation.save(str(tmp_path / "made.pptx"))
        blocks = open_document(str(tmp_path / "made.pptx"), Kind.OFFICE)
        assert isinstance(blocks, Blocks)
        return blocks

    return made


def slide(presentation: Any, layout: int = TITLE_ONLY, title: str = "") -> Any:
    added = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        added.shapes.title.text = title
    return added


def box(shapes: Any, text: str, x: float, y: float, height: float = 2) -> None:
    shapes.add_textbox(Cm(x), Cm(y), Cm(5), Cm(height)).text_frame.text = text


def test_slides_are_called_by_their_numbers(read: Make) -> None:
    def fill(presentation: Any) -> None:
        slide(presentation, TITLE_AND_CONTENT, "茶馆").placeholders[1].text_frame.text = "水烧开了。\n茶好了。"
        slide(presentation, TITLE_ONLY, "Cake")

    blocks = read(fill)
    assert (blocks.title, blocks.unit, blocks.unit_count) == ("茶馆", Unit.SLIDE, 2)
    assert blocks.lines == ("茶馆", "水烧开了。", "茶好了。", "", "Cake")
    assert blocks.labels == ("1", "1", "1", "", "2")
    assert [block.text for block in blocks.blocks if block.heading] == ["茶馆", "Cake"]


def test_boxes_are_read_as_the_eye_goes(read: Make) -> None:
    def fill(presentation: Any) -> None:
        shapes = slide(presentation, TITLE_ONLY, "Tea").shapes
        box(shapes, "below", 1, 12)
        box(shapes, "right", 10, 5.2)
        box(shapes, "left", 1, 5)

    assert read(fill).lines == ("Tea", "left", "right", "below")


def test_what_the_layout_places_has_its_place(read: Make) -> None:
    def fill(presentation: Any) -> None:
        added = slide(presentation, TITLE_AND_CONTENT, "Tea")
        box(added.shapes, "at the foot", 1, 18, height=0.5)
        added.placeholders[1].text_frame.text = "in the middle"

    assert read(fill).lines == ("Tea", "in the middle", "at the foot")


def test_group_is_read_as_one(read: Make) -> None:
    def fill(presentation: Any) -> None:
        shapes = slide(presentation, TITLE_ONLY, "Tea").shapes
        box(shapes, "after", 1, 15)
        group = shapes.add_group_shape()
        box(group.shapes, "second", 1, 8)
        box(group.shapes, "first", 1, 5)

    assert read(fill).lines == ("Tea", "first", "second", "after")


def test_tables_charts_and_notes(read: Make) -> None:
    def fill(presentation: Any) -> None:
        added = slide(presentation, TITLE_ONLY, "Revenue")
        table = added.shapes.add_table(2, 2, Cm(1), Cm(5), Cm(10), Cm(2)).table
        for cell, text in zip(table.iter_cells(), ("Name", "Role", "Ada", "Engineer"), strict=True):
            cell.text = text
        data = CategoryChartData()
        data.categories = ["2020", "2021"]
        data.add_series("收入", (3.1, 3.4))
        chart = added.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(9), Cm(9), Cm(6), data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = "By year"
        added.notes_slide.notes_text_frame.text = "Say it slowly."

    assert read(fill).lines == (
        *("Revenue", "Name | Role", "Name: Ada | Role: Engineer"),
        *("By year", "收入", "2020 | 收入: 3.1", "2021 | 收入: 3.4", "Say it slowly."),
    )


def test_hidden_slides_are_kept(read: Make) -> None:
    def fill(presentation: Any) -> None:
        slide(presentation, TITLE_ONLY, "Tea")._element.set("show", "0")

    assert read(fill).lines == ("Tea",)


def test_first_line_is_the_heading_where_there_is_no_title(read: Make) -> None:
    def fill(presentation: Any) -> None:
        shapes = slide(presentation, BLANK).shapes
        box(shapes, "Tea", 1, 1)
        box(shapes, "It is ready.", 1, 6)
        box(slide(presentation, BLANK).shapes, "alone", 1, 1)

    assert [(block.text, block.heading) for block in read(fill).blocks if block.text] == [
        *(("Tea", True), ("It is ready.", False), ("alone", False)),
    ]


def test_presentation_without_slides_has_no_lines(read: Make) -> None:
    assert read(lambda presentation: None).lines == ()
