"""Words are looked up as they are typed, shown beside the list, and become a question."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.models.found import ROW
from desktop_app.widgets.rail import CHAT, SEARCH
from engine.types import Scope


@pytest.fixture
def search(filled, qtbot):
    filled.window.go_to(SEARCH)
    return filled.window.search


def names(search) -> list[str]:
    rows = [search.model.index(row).data(ROW) for row in range(search.model.rowCount())]
    return [row.found.path.name for row in rows if row.match is None]


def test_documents_come_while_the_words_are_typed(search, qtbot):
    qtbot.keyClicks(search.words, "seven ye")
    qtbot.waitUntil(lambda: names(search) == ["rules.pdf"], timeout=20_000)
    assert search.told.text() == "1 passage in 1 document"
    qtbot.keyClicks(search.words, "llow")
    qtbot.waitUntil(lambda: names(search) == [], timeout=20_000)
    assert "Enter asks them as a question" in search.told.text()
    search.words.clear()
    assert "looked up as you type" in search.told.text()


def test_arrow_goes_into_the_list_and_opens_what_stands_there(search, qtbot):
    qtbot.keyClicks(search.words, "seven")
    qtbot.waitUntil(lambda: names(search) == ["rules.pdf"], timeout=20_000)
    qtbot.keyClick(search.words, Qt.Key.Key_Down)
    assert search.window().focusWidget() is search.list
    qtbot.waitUntil(lambda: search.source.page_view.picture is not None, timeout=20_000)
    assert search.source.place.text() == "page 2 of 3 · 1 citation"
    qtbot.keyClick(search.window(), Qt.Key.Key_Escape)
    assert not search.source.isVisible()
    assert search.window().focusWidget() is search.words


def test_filters_limit_what_is_found(search, qtbot):
    qtbot.keyClicks(search.words, "e")
    qtbot.waitUntil(lambda: len(names(search)) == 2, timeout=20_000)
    search.filters.kind.setCurrentIndex(search.filters.kind.findData("text"))
    qtbot.waitUntil(lambda: names(search) == ["backup.md"], timeout=20_000)
    search.filters.age.setCurrentIndex(1)
    search.filters.language.setCurrentIndex(2)
    scope = search.filters.scope
    assert (".md" in scope.endings, scope.since_ns > 0, scope.language) == (True, True, "zh")
    search.filters.clear()
    assert search.filters.scope == Scope()


def test_enter_makes_a_question_of_the_words(filled, search, qtbot):
    qtbot.keyClicks(search.words, "How long?")
    qtbot.keyClick(search.words, Qt.Key.Key_Return)
    chat = filled.window.chat
    assert filled.window.pages.currentIndex() == CHAT
    assert [answer.question for answer in chat.conversation.answers] == ["How long?"]
    qtbot.waitUntil(lambda: chat.conversation.answers[0].answer is not None, timeout=20_000)
