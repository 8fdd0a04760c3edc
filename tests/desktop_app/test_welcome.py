"""The first run: three steps, which can be skipped, and never come again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.pages.welcome import ASK, LOOK, READ, WelcomePage
from desktop_app.widgets.first_question import PROPOSED
from desktop_app.widgets.rail import CHAT, LIBRARY
from desktop_app.window import WELCOME


@pytest.fixture
def welcome(open_window, qtbot) -> WelcomePage:
    window = open_window(first_run=True, language="en", theme="light").window
    qtbot.waitUntil(lambda: window.state.status is not None, timeout=20_000)
    assert window.pages.currentIndex() == WELCOME
    return window.welcome


def test_language_and_theme_are_chosen_first_and_hold_at_once(welcome, person, tmp_path, qtbot):
    assert welcome.step == LOOK
    assert not welcome.window().rail.isVisible()
    person.choose(welcome.look.language, "zh")
    qtbot.waitUntil(lambda: welcome.next.text() == "下一步", timeout=20_000)
    person.choose(welcome.look.language, "en")
    person.choose(welcome.look.theme, "dark")
    changed = tmp_path / "home" / "changed.json"
    qtbot.waitUntil(lambda: changed.exists() and changed.read_text() == json.dumps({"theme": "dark"}))


def test_dropped_folder_is_read_and_asked_about(welcome, person, dragged, folder, qtbot):
    window = welcome.window()
    person.drag_over(window, dragged(folder))
    assert window.veil.isVisible()
    person.drop(window, dragged(folder))
    assert welcome.step == READ
    qtbot.waitUntil(welcome.library.added.isVisible, timeout=20_000)
    assert welcome.library.added.text().startswith(f"{folder.name}: 3 documents")
    person.click(welcome.next)
    assert welcome.step == ASK
    assert not any(button.isVisible() for button in welcome.question.proposals)
    qtbot.keyClicks(welcome.question.words, "How long?")
    assert welcome.next.text() == "Ask"
    qtbot.keyClick(welcome.question.words, Qt.Key.Key_Return)
    assert window.pages.currentIndex() == CHAT
    assert window.chat.conversation.questions[-1].text == "How long?"
    assert window.rail.isVisible()


def test_sample_library_comes_with_questions(welcome, person, qtbot):
    person.click(welcome.next)
    person.click(welcome.library.sample)
    qtbot.waitUntil(lambda: welcome.library.has_sample and not welcome._state.is_empty, timeout=20_000)
    person.click(welcome.next)
    assert [button.text() for button in welcome.question.proposals] == [*PROPOSED["en"]]
    person.click(welcome.question.proposals[0])
    assert welcome.window().chat.conversation.questions[-1].text == PROPOSED["en"][0]


def test_without_documents_there_is_nothing_to_ask(welcome, person):
    welcome.show_step(ASK)
    assert not welcome.question.words.isEnabled()
    assert welcome.next.text() == "Begin"
    person.click(welcome.back)
    assert welcome.step == READ
    welcome.show_step(ASK)
    person.click(welcome.next)
    assert welcome.window().pages.currentIndex() == CHAT


@pytest.mark.parametrize("leave", ["skip", "escape", "keys", "close"])
def test_skipped_once_it_never_comes_again(welcome, open_window, person, qtbot, leave):
    window = welcome.window()
    if leave == "skip":
        person.click(welcome.skip)
    elif leave == "escape":
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    elif leave == "keys":
        qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        assert window.pages.currentIndex() == LIBRARY
    window.close()
    later = open_window(first_run=True, language="en", theme="light").window
    assert later.pages.currentIndex() == CHAT


def test_folder_that_is_gone_is_told_of(welcome, person, dragged, tmp_path: Path, qtbot):
    person.drag_over(welcome.window(), dragged(tmp_path / "nowhere"))
    person.drop(welcome.window(), dragged(tmp_path / "nowhere"))
    qtbot.waitUntil(welcome.library.trouble.isVisible, timeout=20_000)
    assert "does not exist" in welcome.library.trouble.text()


def test_proposed_questions_are_those_that_are_tried():
    tried = (Path(__file__).parents[1] / "engine" / "test_samples.py").read_text("utf-8")
    asked = re.findall(r'^    \("(.+?)",', tried, re.MULTILINE)
    assert asked == [*PROPOSED["en"], *PROPOSED["zh"]]


def test_library_page_offers_the_sample_while_it_is_empty(inkstone, person, qtbot):
    library = inkstone.window.library
    inkstone.window.go_to(LIBRARY)
    assert library.sample.isVisible()
    person.click(library.sample)
    qtbot.waitUntil(lambda: bool(library.cards), timeout=20_000)
    assert not library.sample.isVisible()
