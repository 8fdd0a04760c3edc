"""Which lines a quote covers."""

from __future__ import annotations

from pathlib import Path

from desktop_app.widgets.text_view import cited_lines
from engine.types import Citation, TextLines, Unit


def quote(text: str, line: int) -> Citation:
    return Citation(1, Path("a.md"), "a", Unit.LINE, line, text, (), 1.0)


LINES = TextLines(10, 16, ("# Backup", "", "Every department", "  reviews its **policy**.", "", "Next one.", "End"))


def test_quote_over_two_lines_marks_both():
    assert cited_lines(quote("Every department reviews its policy.", 12), LINES) == [12, 13]


def test_quote_within_a_line_marks_that_line():
    assert cited_lines(quote("department", 12), LINES) == [12]


def test_quote_that_begins_a_line_later_is_found():
    assert cited_lines(quote("Next one.", 13), LINES) == [15]


def test_quote_that_is_not_found_marks_its_first_line():
    assert cited_lines(quote("something else", 12), LINES) == [12]
