"""A caption or a footnote never stands within a sentence, and nothing is lost or leaves its page."""

from __future__ import annotations

from engine.documents.asides import settled
from engine.documents.flowing import flow
from engine.types import Box, Line, Page


def line(text: str, row: int, size: float = 10, gap: bool = False, page: int = 1) -> Line:
    return Line(text, Box(page, 50, 100 + row * 12, 300, 111 + row * 12), size, gap=gap)


def page(*lines: Line, number: int = 1) -> Page:
    return Page(number, lines, 600, 800)


OPENING = line("The first paragraph ends here.", 0, gap=True)
TORN = line("The kettle stands on the stove and", 2, gap=True)
REST = line("sings a song that nobody hears.", 8, gap=True)
CAPTION = line("Figure 3. A kettle on its stove.", 5, size=9, gap=True)
NOTE = line("1 Kettles are made of iron.", 55, size=8, gap=True)


def texts(*lines: Line) -> list[str]:
    return [line.text for line in settled(page(*lines), 10)]


def test_caption_goes_before_the_paragraph_that_it_cuts() -> None:
    moved = page(OPENING, TORN, CAPTION, REST)
    assert flow((moved,)).text.split("\n") == [
        "The first paragraph ends here.",
        "Figure 3. A kettle on its stove.",
        "The kettle stands on the stove and sings a song that nobody hears.",
    ]


def test_caption_between_paragraphs_stays() -> None:
    after = line("Another one begins.", 8, gap=True)
    assert texts(OPENING, CAPTION, after) == [OPENING.text, CAPTION.text, after.text]


def test_page_that_begins_within_a_sentence_keeps_its_first_line_first() -> None:
    assert texts(TORN, CAPTION, REST) == [TORN.text, REST.text, CAPTION.text]


def test_footnote_does_not_cut_a_sentence_that_goes_on_upon_the_next_page() -> None:
    second = page(line("sings a song that nobody hears.", 0, gap=True, page=2), number=2)
    text = flow((page(OPENING, TORN, NOTE), second)).text
    assert text.split("\n")[-1] == "The kettle stands on the stove and sings a song that nobody hears."
    assert NOTE.text in text


def test_footnote_of_the_left_column_does_not_cut_its_sentence() -> None:
    right = line("sings a song that nobody hears.", 0, gap=True)
    assert texts(OPENING, TORN, NOTE, right) == [OPENING.text, NOTE.text, TORN.text, right.text]


def test_small_type_without_a_mark_or_above_is_text() -> None:
    small = line("1 Small but in the upper half", 5, size=8, gap=True)
    assert texts(OPENING, TORN, small, REST) == [OPENING.text, TORN.text, small.text, REST.text]


def test_text_without_pages_is_left_alone() -> None:
    lines = (Line("The kettle stands on the stove and", gap=True), Line("Table 1", gap=True), Line("sings", gap=True))
    assert settled(Page(1, lines), 0) == lines


def test_nothing_is_lost() -> None:
    lines = (OPENING, TORN, CAPTION, NOTE, REST, line("3 Another note", 58, size=8, gap=True))
    assert sorted(texts(*lines)) == sorted(line.text for line in lines)
