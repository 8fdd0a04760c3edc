"""Several conversations: begun, kept, found again, edited, judged, exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.models.conversations import CONVERSATION
from engine.types import Scope, Verdict


@pytest.fixture
def chat(filled):
    return filled.window.chat


@pytest.fixture
def titles(chat, qtbot):
    """A function that gives the titles in the list once it has so many."""

    def listed(count: int) -> list[str]:
        rows = range(chat.list.model.rowCount())
        qtbot.waitUntil(lambda: len(chat.conversations.listed) == count, timeout=20_000)
        rows = [chat.list.model.index(row).data(CONVERSATION) for row in range(chat.list.model.rowCount())]
        return [row.title for row in rows if row is not None]

    return listed


def row(chat, title: str):
    return next(
        index
        for number in range(chat.list.model.rowCount())
        if (index := chat.list.model.index(number)).data() == title and index.data(CONVERSATION)
    )


def choose(menu, text: str) -> None:
    next(action for action in menu.actions() if action.text().split("\t")[0] == text).trigger()


def test_second_conversation_knows_nothing_of_the_first(filled, chat, person, titles):
    person.ask_to_the_end(filled, "How long?")
    person.click(chat.list.new)
    assert chat.conversation.answers == []
    assert chat.start.isVisible()
    person.ask_to_the_end(filled, "How often?")
    assert titles(2) == ["How often?", "How long?"]
    chat.list.list.clicked.emit(row(chat, "How long?"))
    assert [answer.question for answer in chat.conversation.answers] == ["How long?"]
    assert chat.header.title.text() == "How long?"


def test_answer_goes_on_while_another_conversation_is_in_sight(filled, chat, person, qtbot):
    slow = person.ask(filled, "slow please")
    qtbot.waitUntil(lambda: slow.exchange > 0)
    first = chat.sessions.current.id
    chat.begin()
    assert not chat.is_answering
    person.ask_to_the_end(filled, "How long?")
    chat.open_conversation(first)
    assert chat.is_answering
    assert chat.conversation.answers == [slow]
    chat.stop()
    assert slow.answer is not None


def test_conversations_are_there_after_a_start(filled, open_window, person, qtbot, titles):
    person.ask_to_the_end(filled, "How long?")
    titles(1)
    filled.window.close()
    again = open_window(language="en", theme="light")
    conversation = again.window.chat.conversation
    qtbot.waitUntil(lambda: bool(conversation.answers and conversation.answers[0].answer), timeout=20_000)
    assert "seven years" in conversation.answers[0].text.toPlainText()
    assert again.window.chat.header.title.text() == "How long?"


def test_search_goes_through_answers_and_shows_where(filled, chat, person, qtbot, titles):
    person.ask_to_the_end(filled, "How long?")
    chat.begin()
    person.ask_to_the_end(filled, "nothing")
    titles(2)
    qtbot.keyClicks(chat.list.search, "seven ye")
    assert titles(1) == ["How long?"]
    assert "seven years" in chat.conversations.listed[0].glimpse
    chat.list.search.setText("elephants")
    assert titles(0) == []
    assert chat.list.hint.text() == "No conversation says this."


def test_conversation_is_renamed_in_place(filled, chat, person, qtbot, titles):
    person.ask_to_the_end(filled, "How long?")
    titles(1)
    chat.rename()
    field = filled.window.focusWidget()
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "Logs")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: chat.header.title.text() == "Logs", timeout=20_000)


def test_pinned_conversation_stands_first(filled, chat, person, qtbot, titles):
    person.ask_to_the_end(filled, "How long?")
    chat.begin()
    person.ask_to_the_end(filled, "How often?")
    titles(2)
    choose(chat.list.menu_for(row(chat, "How long?")), "Pin to the top")
    qtbot.waitUntil(lambda: chat.conversations.listed[0].pinned, timeout=20_000)
    assert titles(2) == ["How long?", "How often?"]


def test_deleted_conversation_comes_back(filled, chat, person, qtbot, titles):
    person.ask_to_the_end(filled, "How long?")
    titles(1)
    chat.list.list.setCurrentIndex(row(chat, "How long?"))
    qtbot.keyClick(chat.list.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(chat.undo.isVisible, timeout=20_000)
    assert titles(0) == []
    assert chat.start.isVisible()
    person.click(chat.undo.undo)
    assert titles(1) == ["How long?"]
    qtbot.waitUntil(lambda: len(chat.conversation.answers) == 1)


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
    choose(answer.actions.menu(), "Copy without citations")
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


def test_list_gives_way_to_a_document_in_a_small_window(filled, chat, person, qtbot):
    filled.window.resize(900, 600)
    answer = person.ask_to_the_end(filled, "How long?")
    qtbot.waitUntil(chat.list.isVisible)
    person.click(answer.chips.chips()[0])
    assert not chat.list.isVisible()
    person.click(chat.header.list_button)
    assert chat.list.isVisible()
    assert not chat.source.isVisible()


@pytest.mark.parametrize("ending", ["md", "html", "pdf"])
def test_conversation_is_written_with_its_sources(filled, chat, person, qtbot, tmp_path: Path, ending):
    person.ask_to_the_end(filled, "How long?")
    file = tmp_path / f"out.{ending}"
    chat.export(file)
    qtbot.waitUntil(lambda: "was written to" in filled.window.notice.text.text(), timeout=20_000)
    if ending == "pdf":
        assert file.read_bytes().startswith(b"%PDF")
    else:
        text = file.read_text("utf-8")
        assert "How long?" in text
        assert "rules.pdf" in text
        assert "seven years" in text
