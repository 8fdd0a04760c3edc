"""Asking, reading the answer, and following a citation to its passage."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication

from engine.types import Stop


def test_question_is_answered_with_marks_and_sources(filled, person):
    answer = person.ask_to_the_end(filled, "How long are audit logs kept?")
    assert answer.answer.stop == Stop.COMPLETE
    assert "seven years" in answer.text.toPlainText()
    assert [chip.text() for chip in answer.chips.chips()] == ["1  rules.pdf · p. 2", "2  backup.md · line 12"]


def test_clicked_mark_opens_the_page_with_its_passage_marked(filled, qtbot, person):
    chat = filled.window.chat
    answer = person.ask_to_the_end(filled, "How long?")
    person.click_mark(answer, 1)
    view = chat.source.page_view
    qtbot.waitUntil(lambda: view.picture is not None, timeout=20_000)
    assert chat.source.place.text() == "page 2 of 3 · 1 citation"
    point = chat.source.mark_point()
    assert view.viewport().rect().contains(point)
    shown = view.viewport().grab().toImage()
    rect = view.mark_rect(answer.answer.citations[0].boxes[0]).toRect()
    colours = {shown.pixelColor(rect.right() - 8, y).name() for y in range(rect.top() + 2, rect.bottom() - 1)}
    assert QColor("#ffd23f").name() in colours
    assert shown.pixelColor(rect.left() - 12, rect.center().y()).name() == "#ffffff"


def test_marks_are_reached_by_keyboard(filled, qtbot, person):
    answer = person.ask_to_the_end(filled, "How long?")
    answer.text.setFocus()
    qtbot.keyClick(answer.text, Qt.Key.Key_Tab)
    with qtbot.waitSignal(answer.cited) as cited:
        qtbot.keyClick(answer.text, Qt.Key.Key_Return)
    assert cited.args[0].number == 1


def test_source_chip_opens_lines_with_the_cited_ones_marked(filled, qtbot, person):
    source = filled.window.chat.source
    answer = person.ask_to_the_end(filled, "How often?")
    person.click(answer.chips.chips()[1])
    qtbot.waitUntil(lambda: source.text_view.marked_lines() == [12, 13])
    assert source.place.text() == "line 12 of 40 · 1 citation"
    assert source.text_view.isVisible()


def test_pages_are_flipped_and_enlarged(filled, qtbot, person):
    source = filled.window.chat.source
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    qtbot.waitUntil(source.next_page.isEnabled)
    person.click(source.next_page)
    qtbot.waitUntil(lambda: source.place.text().startswith("page 3 of 3") and source.page_view.picture is not None)
    assert not source.next_page.isEnabled()
    narrow = source.page_view.picture.width()
    person.click(source.zoom_in)
    qtbot.waitUntil(lambda: source.page_view.picture.width() > narrow * 1.2)


def test_page_that_comes_too_late_is_not_shown(filled, qtbot, person):
    source = filled.window.chat.source
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    person.click(answer.chips.chips()[1])
    qtbot.waitUntil(lambda: source.text_view.marked_lines() == [12, 13])
    with qtbot.waitSignal(filled.bridge.request("status").done):  # by now the page has come as well
        pass
    assert source.page_view.picture is None
    assert source.text_view.isVisible()


def test_empty_sheet_is_shown_until_the_page_comes(filled, person):
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    view = filled.window.chat.source.page_view
    assert view.picture is None
    assert view.isVisible()


def test_document_that_is_gone_is_explained_in_the_panel(filled, folder, qtbot, person):
    answer = person.ask_to_the_end(filled, "How long?")
    (folder / "rules.pdf").unlink()
    person.click(answer.chips.chips()[0])
    source = filled.window.chat.source
    qtbot.waitUntil(lambda: "does not exist" in source.trouble.text())


def test_escape_stops_an_answer_and_keeps_what_there_is(filled, qtbot, person):
    answer = person.ask(filled, "slow please")
    qtbot.waitUntil(lambda: "word" in answer.text.toPlainText())
    qtbot.keyClick(filled.window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: answer.answer is not None)
    assert answer.answer.stop == Stop.STOPPED
    assert "word" in answer.text.toPlainText()
    assert answer.actions.note.text() == "Word for word from your documents · You stopped this answer."
    assert not filled.window.chat.is_answering


def test_button_stops_an_answer(filled, qtbot, person):
    answer = person.ask(filled, "slow please")
    qtbot.waitUntil(lambda: "word" in answer.text.toPlainText())
    person.click(filled.window.chat.question.button)
    qtbot.waitUntil(lambda: answer.answer is not None)


def test_answer_without_sources_looks_different(filled, person):
    answer = person.ask_to_the_end(filled, "nothing")
    assert answer.property("role") == "no-sources"
    assert "don't seem to say anything" in answer.heading.text()
    assert answer.sources_title.isVisible()


def test_error_is_a_card_with_its_sentence(filled, person):
    answer = person.ask_to_the_end(filled, "refuse")
    assert answer.property("role") == "answer-error"
    assert "is damaged: torn" in answer.heading.text()
    assert answer.again.isVisible()


def test_killed_engine_interrupts_the_answer_and_answers_again(filled, qtbot, person):
    window = filled.window
    answer = person.ask(filled, "slow please")
    qtbot.waitUntil(lambda: "word" in answer.text.toPlainText())
    with qtbot.waitSignal(filled.bridge.ready, timeout=20_000):
        os.kill(filled.bridge.process_id, signal.SIGKILL)
    assert answer.heading.text().startswith("The answer was interrupted.")
    assert "started again" in window.notice.text.text()
    assert window.notice.isVisible()
    again = person.ask_to_the_end(filled, "How long?")
    assert again.answer is not None


def test_interrupted_answer_can_be_asked_for_again(filled, qtbot, person):
    chat = filled.window.chat
    answer = person.ask_to_the_end(filled, "crash")
    assert answer.failure is not None
    with qtbot.waitSignal(filled.bridge.ready, timeout=20_000):
        pass
    person.click(answer.again)
    assert len(chat.conversation.answers) == 1  # it takes the place of the one that failed
    qtbot.waitUntil(lambda: not chat.is_answering or chat.conversation.answers[0].failure is not None, timeout=20_000)


def test_enter_sends_and_shift_enter_does_not(filled, qtbot):
    edit = filled.window.chat.question.edit
    qtbot.keyClicks(edit, "one")
    qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(edit, "two")
    assert edit.toPlainText() == "one\ntwo"
    with qtbot.waitSignal(filled.window.chat.question.asked) as asked:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert asked.args == ["one\ntwo"]


def test_enter_that_ends_a_composition_does_not_send(filled, qtbot):
    edit = filled.window.chat.question.edit
    QApplication.sendEvent(edit, QInputMethodEvent("shen", []))
    with qtbot.assertNotEmitted(filled.window.chat.question.asked):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    chosen = QInputMethodEvent()
    chosen.setCommitString("审计")
    QApplication.sendEvent(edit, chosen)
    assert "审计" in edit.toPlainText()


def test_answer_is_copied_with_its_sources(filled, person):
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.actions.copy)
    copied = QGuiApplication.clipboard().text()
    assert "> Audit logs are retained for seven years. [1]" in copied
    assert copied.endswith("[1] rules.pdf · p. 2\n[2] backup.md · line 12")


def test_selected_text_is_copied_with_readable_marks(filled, person):
    answer = person.ask_to_the_end(filled, "How long?")
    answer.text.selectAll()
    copied = answer.text.createMimeDataFromSelection().text()
    assert "seven years.\u00a0[1]" in copied.replace(" [", "\u00a0[")
    assert "\ufffc" not in copied


@pytest.mark.parametrize("name", ["previous_citation", "next_citation"])
def test_single_citation_has_no_neighbours(filled, name, person):
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    assert not getattr(filled.window.chat.source, name).isEnabled()
