"""Everything by a few letters: Ctrl+K."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.widgets.rail import CHAT, SEARCH


@pytest.fixture
def palette(filled, person, qtbot):
    person.ask_to_the_end(filled, "How long?")
    qtbot.waitUntil(lambda: bool(filled.window.chat.conversations.listed), timeout=20_000)
    qtbot.keyClick(filled.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    opened = filled.window.command_palette
    assert opened.isVisible()
    yield opened
    opened.close()


def test_letters_find_an_action_and_enter_does_it(filled, palette, qtbot):
    qtbot.keyClicks(palette.words, "your doc")
    assert palette.texts()[0] == "Search your documents"
    qtbot.keyClick(palette.words, Qt.Key.Key_Return)
    assert filled.window.pages.currentIndex() == SEARCH
    assert not palette.isVisible()


def test_arrows_choose_among_what_is_offered(filled, palette, qtbot):
    qtbot.keyClicks(palette.words, "retained")
    assert palette.texts() == ["Ask: retained", "Search for: retained"]
    qtbot.keyClick(palette.words, Qt.Key.Key_Down)
    qtbot.keyClick(palette.words, Qt.Key.Key_Return)
    assert filled.window.search.words.text() == "retained"


def test_conversations_are_opened_by_their_titles(filled, palette, qtbot):
    filled.window.chat.begin()
    qtbot.keyClicks(palette.words, "how lo")
    assert palette.texts()[0] == "Conversation: How long?"
    qtbot.keyClick(palette.words, Qt.Key.Key_Return)
    assert filled.window.pages.currentIndex() == CHAT
    assert filled.window.chat.header.title.text() == "How long?"
