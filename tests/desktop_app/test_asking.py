"""What is done with a question and its answer: edited, limited, judged, copied, exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from engine.types import Scope, Verdict


@pytest.fixture
def chat(filled):
    return filled.window.chat


def test_edited_question_drops_what_followed_until_it_is_taken_back(filled, chat, person, qtbot):
    for question in ("How long?", "How often?"):
        person.ask_to_the_end(filled, question)
    qtbot.keyClick(chat.conversation.questions[0].edit_button, Qt.Key.Key_Space)
    editor = chat.conversation.questions[0].editor
    qtbot.keyClicks(editor.edit, "How many years?")
    qtbot.keyClick(editor.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(chat.undo.isVisible, timeout=20_000)
    assert [answer.question for answer in chat.conversation.answers] == ["How many years?"]
    person.click(chat.undo.undo)
    qtbot.waitUntil(lambda: len(chat.conversation.answers) == 2, timeout=20_000)
    assert [answer.question for answer in chat.conversation.answers] == ["How long?", "How often?"]


def test_last_question_is_recalled_by_key_and_left_alone_by_escape(filled, chat, person, qtbot):
    person.ask_to_the_end(filled, "How long?")
    qtbot.keyClick(chat.question.edit, Qt.Key.Key_Up)
    editor = chat.conversation.questions[0].editor
    assert editor.edit.toPlainText() == "How long?"
    qtbot.keyClick(editor.edit, Qt.Key.Key_Escape)
    assert chat.conversation.questions[0].editor is None
    assert chat.conversation.questions[0].bubble.isVisible()


def test_thumbs_are_kept_with_a_reason_and_exported(filled, chat, person, qtbot, tmp_path: Path):
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.actions.thumbs.buttons[Verdict.BAD])
    person.click(answer.why.reasons[1])
    qtbot.keyClicks(answer.why.words, "seven what?")
    person.click(answer.why.done)
    assert answer.why is None
    file = tmp_path / "feedback.jsonl"
    chat.saving.export_feedback(file)
    qtbot.waitUntil(lambda: "1 judged answer was written" in filled.window.notice.text.text(), timeout=20_000)
    assert json.loads(file.read_text("utf-8"))["why"] == "Something is missing; seven what?"


def test_question_is_asked_of_what_was_chosen(filled, chat, folder, person, qtbot, tmp_path: Path):
    person.click(chat.scope)
    popup = chat.scope.popup
    qtbot.waitUntil(lambda: popup.list.count() > 1, timeout=20_000)
    qtbot.keyClicks(popup.words, "backup")
    assert [popup.list.item(at).text() for at in range(popup.list.count())] == ["backup.md"]
    popup.list.itemActivated.emit(popup.list.item(0))
    popup.close()
    assert chat.scope.text() == "backup.md"
    person.ask_to_the_end(filled, "How often?")
    asked = [json.loads(line) for line in (tmp_path / "home" / "asked.jsonl").read_text("utf-8").splitlines()]
    assert [one for one in asked if one["do"] == "ask"][-1]["scope"]["paths"] == [str(folder / "backup.md")]
    assert chat.conversation.questions[0].note.text() == "Asked of backup.md"
    chat.begin()
    assert chat.scope.scope == Scope()


def test_what_is_open_can_be_asked_alone(filled, chat, folder, person, qtbot):
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    person.click(chat.scope)
    person.click(chat.scope.popup.open_one)
    assert chat.scope.scope == Scope((folder / "rules.pdf",))
    assert not chat.scope.popup.isVisible()


def test_answer_is_copied_without_its_citations(filled, person):
    answer = person.ask_to_the_end(filled, "How long?")
    next(action for action in answer.actions.menu().actions() if action.text() == "Copy without citations").trigger()
    copied = QGuiApplication.clipboard().text()
    assert "> Audit logs are retained for seven years." in copied
    assert "[1]" not in copied


def test_mark_shows_its_passage(filled, person):
    answer = person.ask_to_the_end(filled, "How long?")
    cursor = answer.text.mark_cursor(1)
    cursor.movePosition(cursor.MoveOperation.Right)
    tip = cursor.charFormat().toolTip()
    assert "rules.pdf · p. 2" in tip
    assert "Audit logs are retained for seven years." in tip


def test_conversation_is_written_with_its_sources(filled, chat, person, qtbot, tmp_path: Path):
    person.ask_to_the_end(filled, "How long?")
    for ending in ("pdf", "html", "md"):
        file = tmp_path / f"out.{ending}"
        chat.export(file)
        qtbot.waitUntil(lambda name=file.name: name in filled.window.notice.text.text(), timeout=20_000)
        assert file.stat().st_size > 200
    text = (tmp_path / "out.md").read_text("utf-8")
    assert text.startswith("# How long?")
    assert "- [1] rules.pdf · p. 2" in text
