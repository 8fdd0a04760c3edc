from __future__ import annotations

import pytest

from engine.documents.placing import quote_boxes, span_at
from engine.types import Box, Span

TEXT = "abcdefghij klmno\n茶壶ab"
SPANS = (
    Span(0, 10, 1, Box(1, 0, 0, 100, 10)),
    Span(11, 16, 1, Box(1, 0, 12, 50, 22)),
    Span(17, 21, 2, Box(2, 0, 0, 60, 10)),
)


def test_whole_lines_keep_their_boxes() -> None:
    assert quote_boxes(SPANS, TEXT, 0, len(TEXT)) == tuple(span.box for span in SPANS)


def test_first_and_last_line_are_narrowed() -> None:
    assert quote_boxes(SPANS, TEXT, 5, 13) == (Box(1, 50, 0, 100, 10), Box(1, 0, 12, 20, 22))


def test_chinese_characters_are_twice_as_wide() -> None:
    assert quote_boxes(SPANS, TEXT, 18, 20) == (Box(2, 20, 0, 50, 10),)


def test_pieces_of_a_line_are_marked_as_one_and_columns_are_not() -> None:
    level = (Span(0, 3, 1, Box(1, 0, 0, 30, 10)), Span(6, 9, 1, Box(1, 200, 1, 230, 11)))
    assert quote_boxes(level, "abc | def", 1, 8) == (Box(1, 10, 0, 220, 11),)
    assert quote_boxes(level, "abc | def", 6, 9) == (Box(1, 200, 1, 230, 11),)
    below = (level[0], Span(4, 7, 1, Box(1, 200, 100, 230, 110)))
    assert quote_boxes(below, "abc def", 0, 7) == (Box(1, 0, 0, 30, 10), Box(1, 200, 100, 230, 110))


def test_joint_alone_and_text_without_boxes_have_none() -> None:
    assert quote_boxes(SPANS, TEXT, 10, 11) == ()
    assert quote_boxes((Span(0, 3, 7),), "abc", 0, 3) == ()


@pytest.mark.parametrize(("start", "place"), [(0, 1), (10, 1), (15, 1), (16, 2), (20, 2), (99, 2)])
def test_place(start: int, place: int) -> None:
    assert span_at(SPANS, start).page == place
