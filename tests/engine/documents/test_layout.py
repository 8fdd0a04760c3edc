from __future__ import annotations

from engine.documents.layout import Stroke, goes_on, lines_of, starts_item


def stroke(text: str, x0: float, y0: float, x1: float, block: int = 0, size: float = 10, **more: bool) -> Stroke:
    return Stroke(text, x0, y0, x1, y0 + size * 1.2, size, more.pop("bold", False), block, **more)


def texts(*strokes: Stroke) -> list[str]:
    return [line.text for line in lines_of(1, list(strokes))]


def gaps(*strokes: Stroke) -> list[bool]:
    return [line.gap for line in lines_of(1, list(strokes))]


def test_cells_of_a_row_become_one_line() -> None:
    row = (stroke("VDD", 50, 100, 80), stroke("3.3", 150, 100, 170), stroke("V", 220, 100, 228))
    (line,) = lines_of(1, list(row))
    assert line.text == "VDD 3.3 V"
    assert line.box
    assert (line.box.x0, line.box.x1) == (50, 228)


def test_parts_of_a_line_that_stand_apart_keep_their_places() -> None:
    row = (stroke("Total", 50, 100, 80), stroke("due", 82, 100, 100), stroke("3.30", 400, 100, 420))
    (line,) = lines_of(1, list(row))
    assert [(line.text[start:end], box.x0, box.x1) for start, end, box in line.pieces] == [
        ("Total due", 50, 100),
        ("3.30", 400, 420),
    ]
    assert lines_of(1, list(row[:2]))[0].pieces == ()


def test_columns_side_by_side_stay_apart() -> None:
    assert texts(stroke("left column", 50, 100, 290, block=0), stroke("right column", 310, 100, 550, block=1)) == [
        "left column",
        "right column",
    ]


def test_index_joins_its_line_also_from_another_block() -> None:
    assert texts(stroke("probability p", 50, 100, 120), stroke("i", 120.5, 104, 123, block=1, size=7)) == [
        "probability pi"
    ]


def test_blank_that_was_drawn_stays_between_strokes_that_touch() -> None:
    before, after = stroke("the CEO", 50, 100, 90, blank_after=True), stroke("output", 90, 100, 130)
    assert texts(before, after) == ["the CEO output"]
    assert texts(stroke("exam", 50, 100, 90), stroke("ple", 90, 100, 110)) == ["example"]


def test_lines_of_a_paragraph_have_no_gap() -> None:
    assert gaps(
        stroke("The first line of it goes", 50, 100, 300),
        stroke("on here and ends.", 50, 113, 200),
        stroke("Far below the next begins.", 50, 150, 300),
    ) == [True, False, True]


def test_indent_after_a_full_stop_begins_a_paragraph() -> None:
    assert gaps(stroke("It ends here.", 50, 100, 300), stroke("New one.", 62, 113, 300)) == [True, True]
    assert gaps(stroke("It goes on", 50, 100, 300), stroke("here indented", 62, 113, 300)) == [True, False]


def test_bullets_and_rows_begin_something_new() -> None:
    assert gaps(stroke("Tools:", 50, 100, 300), stroke("• a kettle", 50, 113, 300)) == [True, True]
    row = (stroke("VDD", 50, 113, 80), stroke("3.3", 150, 113, 170))
    assert gaps(stroke("Voltages are these", 50, 100, 300), *row) == [True, True]


def test_footnote_in_smaller_type_begins_something_new() -> None:
    assert gaps(stroke("the body goes", 50, 100, 300), stroke("1 a footnote", 50, 113, 300, size=8)) == [True, True]


def test_code_keeps_its_lines() -> None:
    assert gaps(stroke("while (true) {", 50, 100, 200, mono=True), stroke("read();", 70, 112, 150, mono=True)) == [
        True,
        True,
    ]


def test_sentence_goes_on_in_the_next_column() -> None:
    assert gaps(
        stroke("the sentence is not yet over", 50, 700, 290), stroke("but goes on up here", 310, 100, 550, block=1)
    ) == [True, False]


def test_bold_head_of_a_table_is_not_bold() -> None:
    head = [stroke(word, x, 100, x + 30, bold=True) for word, x in (("Name", 50), ("Min", 150), ("Max", 250))]
    (line,) = lines_of(1, head)
    assert not line.bold


def test_what_goes_on_and_what_begins() -> None:
    assert goes_on("a sentence without its end", "goes on")
    assert not goes_on("a sentence with its end.", "goes on")
    assert not goes_on("a sentence without its end", "Begins")
    assert starts_item("(1) one")
    assert starts_item("第二条 总则")
    assert not starts_item("3.14 is pi")
