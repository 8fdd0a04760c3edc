"""The first run: three steps, which can be skipped, and never come again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.choices import Choices
from desktop_app.library_state import LibraryState
from desktop_app.pages.welcome import ASK, LOOK, READ, WelcomePage
from desktop_app.widgets.first_question import PROPOSED
from desktop_app.widgets.rail import CHAT, LIBRARY
from desktop_app.window import WELCOME
from engine.config import Config


@pytest.fixture
def welcome(near, tmp_path, qtbot) -> WelcomePage:
    state = LibraryState(near)
    made = WelcomePage(near, state, Choices(Config(tmp_path / "home"), near, state))
    state.setParent(made)
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    state.refresh()
    qtbot.waitUntil(lambda: state.status is not None)
    return made


def test_language_and_theme_come_first(welcome, person, qtbot):
    assert welcome.step == LOOK
    with qtbot.waitSignal(welcome.chosen) as chosen:
        person.choose(welcome.look.language, "zh")
    assert chosen.args == ["language", "zh"]
    with qtbot.waitSignal(welcome.chosen) as chosen:
        person.choose(welcome.look.theme, "dark")
    assert chosen.args == ["theme", "dark"]


def test_added_folder_is_read_and_asked_about(welcome, person, folder, qtbot):
    welcome.add([folder])
    assert welcome.step == READ
    qtbot.waitUntil(welcome.library.added.isVisible)
    assert welcome.library.added.text().startswith(f"{folder.name}: 3 documents")
    person.click(welcome.next)
    assert welcome.step == ASK
    assert not any(button.isVisible() for button in welcome.question.proposals)
    assert "stands in your documents" in welcome.question._hint.text()
    qtbot.keyClicks(welcome.question.words, "How long?")
    assert welcome.next.text() == "Ask"
    with qtbot.waitSignal(welcome.asked) as asked:
        qtbot.keyClick(welcome.question.words, Qt.Key.Key_Return)
    assert asked.args == ["How long?"]


def test_sample_library_comes_with_questions(welcome, person, qtbot):
    person.click(welcome.next)
    person.click(welcome.library.sample)
    qtbot.waitUntil(lambda: welcome.library.has_sample and not welcome._state.is_empty)
    person.click(welcome.next)
    assert [button.text() for button in welcome.question.proposals] == [*PROPOSED["en"]]
    with qtbot.waitSignal(welcome.asked) as asked:
        person.click(welcome.question.proposals[0])
    assert asked.args == [PROPOSED["en"][0]]


def test_without_documents_there_is_nothing_to_ask(welcome, person, qtbot):
    welcome.show_step(ASK)
    assert not welcome.question.words.isVisible()
    assert welcome.next.text() == "Begin"
    person.click(welcome.back)
    assert welcome.step == READ
    welcome.show_step(ASK)
    with qtbot.waitSignal(welcome.ended):
        person.click(welcome.next)


def test_folder_that_is_gone_is_told_of(welcome, tmp_path: Path, qtbot):
    welcome.add([tmp_path / "nowhere"])
    qtbot.waitUntil(welcome.library.trouble.isVisible)
    assert "does not exist" in welcome.library.trouble.text()


def test_first_run_takes_a_dropped_folder_and_is_in_the_language_at_once(
    open_window, person, dragged, folder, tmp_path, qtbot
):
    inkstone = open_window(first_run=True, language="en", theme="light")
    window = inkstone.window
    assert window.pages.currentIndex() == WELCOME
    assert not window.rail.isVisible()
    person.drag_over(window, dragged(folder))
    assert window.veil.isVisible()
    person.drop(window, dragged(folder))
    assert window.pages.currentIndex() == WELCOME
    qtbot.waitUntil(window.welcome.library.added.isVisible, timeout=20_000)
    person.choose(window.welcome.look.language, "zh")
    qtbot.waitUntil(lambda: window.welcome.next.text() == "下一步", timeout=20_000)
    changed = tmp_path / "home" / "changed.json"
    qtbot.waitUntil(lambda: changed.exists() and changed.read_text() == json.dumps({"language": "zh"}), timeout=20_000)
    window.welcome.show_step(ASK)
    qtbot.keyClicks(window.welcome.question.words, "How long?")
    qtbot.keyClick(window.welcome.question.words, Qt.Key.Key_Return)
    assert window.pages.currentIndex() == CHAT
    assert window.chat.conversation.questions[-1].text == "How long?"
    assert window.rail.isVisible()


@pytest.mark.parametrize("leave", ["escape", "close"])
def test_skipped_once_it_never_comes_again(open_window, qtbot, leave):
    window = open_window(first_run=True, language="en", theme="light").window
    assert window.pages.currentIndex() == WELCOME
    if leave == "escape":
        qtbot.waitUntil(window.isActiveWindow, timeout=20_000)  # before that no key is a shortcut
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert window.pages.currentIndex() == CHAT
    window.close()
    later = open_window(first_run=True, language="en", theme="light").window
    assert later.pages.currentIndex() == CHAT


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
