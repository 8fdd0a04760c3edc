"""Answers' Markdown: harmless, with marks that are links, the same in pieces as in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QTextCursor, QTextDocument

from desktop_app import theme
from desktop_app.widgets.answer_text import AnswerText
from desktop_app.widgets.citation_mark import PLACEHOLDER, mark_format
from desktop_app.widgets.markdown import JOINER, StreamingMarkdown, settled_length
from engine.types import Citation, Standing, Unit

CITATIONS = {
    number: Citation(number, Path(f"{number}.md"), "", Unit.LINE, number, "", (), 1.0) for number in range(1, 4)
}


@pytest.fixture
def text(qtbot) -> AnswerText:
    made = AnswerText()
    qtbot.addWidget(made)
    return made


def test_known_marks_become_links_and_others_stay(text):
    text.show_text("Seven years [1]. Not a source [9].", CITATIONS)
    assert text.toPlainText() == f"Seven years {PLACEHOLDER}. Not a source [9]."
    assert text.mark_position(1) == len("Seven years ")
    assert text.mark_position(9) == -1


def test_marks_stand_right_after_characters_beyond_the_first_plane(text):
    text.show_text("𠮷野家🙂 [2]", CITATIONS)
    assert text.toPlainText() == f"𠮷野家🙂 {PLACEHOLDER}"


def test_marks_stand_close_to_full_width_signs_and_are_copied_without_a_trace(text):
    text.show_text("保留七年。 [1]不得删除。[2]", CITATIONS)
    assert text.toPlainText() == f"保留七年。{JOINER}{PLACEHOLDER}不得删除。{JOINER}{PLACEHOLDER}"
    text.selectAll()
    assert text.createMimeDataFromSelection().text() == "保留七年。[1]不得删除。[2]"


def test_sign_of_no_support_is_drawn_in_written_text_only(text):
    text.show_text("Nobody knows [?]", CITATIONS, written=True)
    assert text.toPlainText() == f"Nobody knows {PLACEHOLDER}"
    text.show_text("Nobody knows [?]", CITATIONS)
    assert text.toPlainText() == "Nobody knows [?]"


def test_marks_in_code_stay_code(text):
    text.show_text("```\nrow[1] = 2\n```", CITATIONS)
    assert "row[1] = 2" in text.toPlainText()


@pytest.mark.parametrize("formula", ["$a_1 * b_2 * c_3$", r"\(x_1^{*} + y_{*}\)", r"$$\sum_{i} x_i$$", "$5 or $6"])
def test_formulas_are_shown_as_they_are_written(text, formula):
    text.show_text(f"Here {formula} and *there* [1]", CITATIONS)
    assert text.toPlainText() == f"Here {formula} and there {PLACEHOLDER}"


def test_html_is_shown_and_never_obeyed(text):
    text.show_text("<b>bold</b> <img src='http://example.com/x.png'>", CITATIONS)
    assert "<b>bold</b>" in text.toPlainText()


def test_nothing_is_loaded(text, tmp_path):
    assert text.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("http://example.com/x.png")) is None
    text.show_text(f"![secret]({tmp_path}/x.png) and [a link](http://example.com)", CITATIONS)
    assert "example.com" not in text.toHtml()
    assert "x.png" not in text.toHtml()


@pytest.mark.parametrize("step", [7, 90, 700])
def test_pieces_give_the_same_text_as_the_whole(qtbot, step):
    paragraph = (
        "The policy says **seven years** [1], and no more. Nobody reads _them_ twice.\n\n- one\n\n- two [2]\n\n"
        "Then:\n\n1. first\n\n2. second\n\n> 引用 quote，保留七年。 [3]\n\nThe table:\n\n"
        "| Year | Kept |\n| --- | --- |\n| 2019 | yes |\n\nAfter the table.\n\n```\na = 1\n\nb = 2\n```\n\n"
    )
    whole = "".join(f"Part {number}: {paragraph}" for number in range(4))
    growing, at_once = QTextDocument(), QTextDocument()
    marks = {str(number): mark_format(str(number), "") for number in CITATIONS}
    stream = StreamingMarkdown(growing)
    for end in range(step, len(whole), step):
        stream.show(whole[:end], marks)
    stream.show(whole, marks, finished=True)
    StreamingMarkdown(at_once).show(whole, marks, finished=True)
    assert growing.toPlainText() == at_once.toPlainText()
    assert looks(growing) == looks(at_once)


def looks(document: QTextDocument) -> list[tuple[object, ...]]:
    """Of each block: its words, its place in a list, and how its parts are set."""
    found = []
    block = document.begin()
    while block.isValid():
        listed = block.textList().itemText(block) if block.textList() else ""
        parts = []
        each = block.begin()
        while not each.atEnd():
            made = each.fragment().charFormat()
            parts.append((each.fragment().text(), made.fontWeight(), made.objectType(), made.fontFixedPitch()))
            each += 1
        found.append((block.text(), listed, block.blockFormat().leftMargin(), *merged(parts)))
        block = block.next()
    return found


def merged(parts: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Neighbours of the same look as one."""
    made: list[tuple[object, ...]] = []
    for text, *look in parts:
        if made and made[-1][1:] == tuple(look):
            made[-1] = (made[-1][0] + text, *look)
        else:
            made.append((text, *look))
    return made


def test_what_was_shown_is_not_set_again_while_words_are_added(qtbot, monkeypatch):
    stream = StreamingMarkdown(QTextDocument())
    stream.show("The logs", {})
    monkeypatch.setattr(StreamingMarkdown, "_set_rest", lambda *_: pytest.fail("set again"))
    for text in ("The logs are", "The logs are ", "The logs are kept, as", "The logs are kept, as it says. Then"):
        stream.show(text, {})
    assert stream._document.toPlainText() == "The logs are kept, as it says. Then"


def test_other_colours_reach_what_is_settled(text, qapp):
    for words in ("One [1]\n\nTwo", "One [1]\n\nTwo [2]"):
        text.show_text(words, CITATIONS)
    theme.apply(qapp, "dark")
    assert QTextCursor(text.document()).charFormat().foreground().color() == QColor(theme.DARK.text)
    text.mark_stale({1: Standing.GONE})
    assert text.toPlainText() == f"One {PLACEHOLDER}\nTwo {PLACEHOLDER}"
    theme.apply(qapp, "light")


def test_settled_text_ends_at_a_blank_line_outside_fences():
    assert settled_length("one\n\ntwo\nthree") == len("one\n\n")
    assert settled_length("one\n\n```\ncode\n\nmore") == len("one\n\n")
    assert settled_length("one") == 0
    assert settled_length("one\n\n") == 0  # a list may go on after the blank line
    assert settled_length("- one\n\n- two\n\n1") == 0
    assert settled_length("- one\n\nThen\n\n  - two") == len("- one\n\n")
