"""Several conversations: begun, kept, found again, named, pinned, deleted and brought back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.models.conversations import CONVERSATION


@pytest.fixture
def chat(filled):
    return filled.window.chat


@pytest.fixture
def titles(chat, qtbot):
    """A function that gives the titles in the list once it has so many."""

    def listed(count: int) -> list[str]:
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


def test_list_gives_way_to_a_document_in_a_small_window(filled, chat, person, qtbot):
    filled.window.resize(900, 600)
    answer = person.ask_to_the_end(filled, "How long?")
    qtbot.waitUntil(chat.list.isVisible)
    person.click(answer.chips.chips()[0])
    assert not chat.list.isVisible()
    person.click(chat.header.list_button)
    assert chat.list.isVisible()
    assert not chat.source.isVisible()
