"""Rows keep their header, text stays text; made with lines around the cells, and without."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from engine.documents.chunking import split
from engine.documents.layout import lines_of
from engine.documents.pdf import Pdf
from engine.documents.placing import quote_boxes
from engine.documents.rules import grids
from engine.documents.strokes import Rule, Stroke
from engine.types import Line, Page

FINANCE = (("Year", "Revenue", "Profit"), ("2020", "2.9", "0.3"), ("2021", "3.4", "0.5"), ("2022", "4.1", "0.7"))


def cell(text: str, column: int, row: float, **more: bool) -> Stroke:
    x, y = 60 + column * 120, 100 + row * 20
    return Stroke(text, x, y, x + 6 * len(text), y + 12, 10, more.pop("bold", False), round(row), **more)


def strokes(rows: tuple[tuple[str, ...], ...], **head: bool) -> list[Stroke]:
    return [
        cell(text, column, row, **(head if row == 0 else {}))
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
        if text
    ]


def frame(rows: int, columns: int) -> list[Rule]:
    """All lines of a table, in bits of one cell each."""
    level = [
        Rule(50 + 120 * c, 96 + 20 * r, 170 + 120 * c, 96.5 + 20 * r) for r in range(rows + 1) for c in range(columns)
    ]
    upright = [
        Rule(50 + 120 * c, 96 + 20 * r, 50.5 + 120 * c, 116 + 20 * r) for r in range(rows) for c in range(columns + 1)
    ]
    return level + upright


def texts(strokes: list[Stroke], rules: list[Rule] | None = None) -> list[str]:
    return [line.text for line in lines_of(1, strokes, rules or [])]


def test_rows_of_a_ruled_table_keep_their_header() -> None:
    lines = lines_of(1, strokes(FINANCE), frame(4, 3))
    assert [line.text for line in lines] == [
        "Year | Revenue | Profit",
        "Year: 2020 | Revenue: 2.9 | Profit: 0.3",
        "Year: 2021 | Revenue: 3.4 | Profit: 0.5",
        "Year: 2022 | Revenue: 4.1 | Profit: 0.7",
    ]
    assert all(line.gap for line in lines)


def test_box_of_a_row_is_around_its_own_words() -> None:
    row = lines_of(1, strokes(FINANCE), frame(4, 3))[2]
    assert row.box
    assert (row.box.x0, row.box.y0, row.box.x1, row.box.y1) == (60, 140, 318, 152)


def marked(lines: tuple[Line, ...], words: str) -> tuple[tuple[float, float], ...]:
    """From where to where the words are marked across the page, in the passage that the lines become."""
    (chunk,) = split((Page(1, lines),))
    start = chunk.text.index(words)
    return tuple((box.x0, box.x1) for box in quote_boxes(chunk.spans, chunk.text, start, start + len(words)))


def test_words_of_a_cell_are_marked_in_their_cell() -> None:
    lines = lines_of(1, strokes(FINANCE), frame(4, 3))
    assert marked(lines, "3.4") == ((180, 198),)
    assert marked(lines, "0.7") == ((300, 318),)
    assert marked(lines, "2021 | Revenue: 3.4") == ((60, 198),)  # over both, in one piece
    assert marked(lines, "Year: 2021 | Revenue: 3.4 | Profit: 0.5") == ((60, 318),)


def test_part_of_a_cell_with_several_lines_marks_the_whole_cell() -> None:
    text = [*strokes((("Part", "Use"), ("Pump", ""))), cell("moves water", 1, 0.8), cell("to the tank", 1, 1.4)]
    lines = lines_of(1, text, frame(2, 2))
    assert marked(lines, "water to") == ((180, 246),)


def test_table_drawn_column_by_column_is_read_by_rows() -> None:
    by_columns = sorted(strokes(FINANCE), key=lambda stroke: (stroke.x0 // 100, stroke.y0))
    assert texts(by_columns, frame(4, 3))[2] == "Year: 2021 | Revenue: 3.4 | Profit: 0.5"
    assert texts(by_columns)[2] == "Year: 2021 | Revenue: 3.4 | Profit: 0.5"


def test_cell_of_several_lines_is_one() -> None:
    page = [*strokes((("Pin", "Meaning"), ("PA1", ""), ("PA2", "Data"))), cell("Clock of the", 1, 0.8)]
    page.append(cell("second bus", 1, 1.4))
    assert texts(page, frame(3, 2))[1] == "Pin: PA1 | Meaning: Clock of the second bus"


def test_cell_over_several_rows_is_said_beside_each() -> None:
    rows = (("Group", "Pin", "Level"), ("", "PA1", "3.3"), ("", "PA2", "5.0"))
    page = [*strokes(rows), cell("Power", 0, 1.5)]
    dividing = Rule(50, 136, 170, 136.5)
    rules = [rule for rule in frame(3, 3) if rule != dividing]
    assert texts(page, rules)[1:] == [
        "Group: Power | Pin: PA1 | Level: 3.3",
        "Group: Power | Pin: PA2 | Level: 5.0",
    ]


def test_column_without_lines_between_its_rows_is_told_by_rows() -> None:
    rows = (("Pin", "Level"), ("PA1", "3.3"), ("PA2", "5.0"), ("PA3", "1.8"))
    rules = [rule for rule in frame(4, 2) if not (rule.x0 == 170 and rule.y0 in (136, 156))]
    assert texts(strokes(rows), rules)[1:] == [f"Pin: {pin} | Level: {level}" for pin, level in rows[1:]]


def test_years_may_be_a_header() -> None:
    rows = (("", "2020", "2021"), ("Revenue", "2.9", "3.4"), ("Profit", "0.3", "0.5"))
    assert texts(strokes(rows), frame(3, 3))[1] == "Revenue | 2020: 2.9 | 2021: 3.4"


def test_first_row_of_figures_is_no_header() -> None:
    rows = (("12", "Reserved", "RO"), ("13", "PLL_GATE", "RW"), ("14", "OSC_SEL", "RW"))
    assert texts(strokes(rows), frame(3, 3))[1] == "13 | PLL_GATE | RW"


def test_bold_first_row_is_a_header() -> None:
    rows = (("Name", "Role"), ("Zhang", "Owner"), ("Miller", "Guest"))
    assert texts(strokes(rows, bold=True), frame(3, 2))[1] == "Name: Zhang | Role: Owner"


def test_chinese_table() -> None:
    rows = (("年份", "营业收入"), ("2020年", "2.9 亿元"), ("2021年", "3.4 亿元"))
    assert texts(strokes(rows), frame(3, 2))[2] == "年份: 2021年 | 营业收入: 3.4 亿元"


def test_table_without_lines_keeps_its_header() -> None:
    assert texts(strokes(FINANCE))[3] == "Year: 2022 | Revenue: 4.1 | Profit: 0.7"


def test_words_in_columns_without_figures_are_no_table() -> None:
    rows = (("Tea", "Cup"), ("Kettle", "Stove"), ("Water", "Fire"), ("Leaf", "Pot"))
    assert texts(strokes(rows))[1] == "Kettle Stove"


def test_frame_around_prose_is_no_table() -> None:
    prose = [
        cell("The kettle stands on the stove and sings, and nobody in the house hears it.", 0, row) for row in range(8)
    ]
    found = texts(prose, [Rule(40, 80, 600, 80.5), Rule(40, 400, 600, 400.5), Rule(40, 80, 40.5, 400)])
    assert found == [stroke.text for stroke in prose]


def test_drawing_with_few_labels_is_no_table() -> None:
    labels = [cell("R1", 0, 0), cell("C2", 2, 3)]
    assert texts(labels, frame(6, 4)) == ["R1", "C2"]


def test_row_that_is_too_wide_is_told_cell_by_cell() -> None:
    long = "a sentence about the kettle that goes on and on " * 6
    page = [*strokes((("Pin", "Meaning", "More"), ("PA2", "x", "y"), ("PA3", "x", "y"))), *strokes((("PA1",),))]
    page[-1] = cell("PA1", 0, 3)
    page += [cell(long * 2, 1, 3), cell(long * 2, 2, 3)]
    page = [Stroke(s.text, s.x0, s.y0, min(s.x1, s.x0 + 100), s.y1, 10, False, s.block) for s in page]
    assert texts(page, frame(4, 3))[-3:] == ["PA1", long * 2, long * 2]


def test_text_around_a_table_keeps_its_place() -> None:
    before, after = cell("Before the table", 0, -2), cell("After the table", 0, 6)
    found = texts([before, *strokes(FINANCE), after], frame(4, 3))
    assert (found[0], found[-1], len(found)) == ("Before the table", "After the table", 6)


def test_more_lines_than_a_table_has_are_left_alone() -> None:
    many = [Rule(x, y, x + 5, y) for x in range(0, 500, 5) for y in range(0, 500, 10)]
    assert grids(many) == []


@pytest.mark.parametrize("rotation", [0, 90])
def test_table_in_a_file(tmp_path: Path, rotation: int) -> None:
    document = pymupdf.open()
    page = document.new_page(width=500, height=400)
    for row, cells in enumerate(FINANCE):
        for column, text in enumerate(cells):
            x, y = 60 + column * 120, 100 + row * 20
            page.draw_rect(pymupdf.Rect(x, y, x + 120, y + 20), width=0.5)
            page.insert_text((x + 5, y + 14), text, fontsize=10)
    page.set_rotation(rotation)
    document.save(tmp_path / "table.pdf")
    read, _ = next(Pdf(str(tmp_path / "table.pdf")).pages(1))
    found: tuple[Line, ...] = read.lines
    if rotation == 0:
        assert found[2].text == "Year: 2021 | Revenue: 3.4 | Profit: 0.5"
    else:  # it stands on its side: nothing is lost
        assert {"2021", "3.4"} <= set(" ".join(line.text for line in found).split())


def test_equal_cells_are_all_told() -> None:
    rows = (("a1", "a2", "a3"), ("–", "–", "–"), ("x", "x", "y"))
    assert texts(strokes(rows), frame(3, 3)) == ["a1 | a2 | a3", "– | – | –", "x | x | y"]


def test_header_over_several_columns_is_said_for_each() -> None:
    page = [*strokes((("Pin", "", ""), ("PA1", "2.7", "3.6"), ("PA2", "1.8", "2.0"))), cell("Volt", 1.5, 0)]
    dividing = Rule(290, 96, 290.5, 116)
    rules = [rule for rule in frame(3, 3) if rule != dividing]
    assert texts(page, rules) == ["Pin | Volt", "Pin: PA1 | Volt: 2.7 | Volt: 3.6", "Pin: PA2 | Volt: 1.8 | Volt: 2.0"]


def test_quote_of_a_row_lies_on_that_row() -> None:
    (chunk,) = split((Page(1, lines_of(1, strokes(FINANCE), frame(4, 3)), 600, 800),))
    row = "Year: 2021 | Revenue: 3.4 | Profit: 0.5"
    start = chunk.text.index(row)
    (box,) = quote_boxes(chunk.spans, chunk.text, start, start + len(row))
    assert (box.y0, box.y1) == (140, 152)
