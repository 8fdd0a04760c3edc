"""The tray, closing into it, and what the desktop is told of while nobody looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app import notifying
from engine.types import Stage, Working

WORKING = Working(Stage.READING, 1, 2, path=Path("secret.pdf"), folder=Path("secret"), seconds_left=240.0)


@pytest.fixture
def presence(inkstone, monkeypatch):
    """On a desktop that has a tray, for a person who wants it; what the desktop is told is `heard`."""
    made = inkstone.presence
    made.heard = []
    monkeypatch.setattr(made.notifier, "tell", lambda title, text: made.heard.append((title, text)))
    made._has_tray = lambda: True
    inkstone.window.choices.settings = replace(inkstone.window.choices.settings, tray=True)
    yield made
    made._has_tray = lambda: False


def test_closed_window_goes_on_and_says_so_once(presence, inkstone, qtbot):
    window = inkstone.window
    ended = []
    window.ended.connect(ended.append)
    window.close()
    assert not window.isVisible()
    assert ended == []
    with qtbot.waitSignal(inkstone.bridge.request("status").done):  # the engine is there
        pass
    presence.tray._open.trigger()
    presence.open_wanted.emit()
    window.show()
    window.close()
    assert [title for title, _ in presence.heard] == ["Inkstone goes on"]
    presence.tray._quit.trigger()
    assert ended == [0]


def test_window_without_a_tray_ends_when_it_is_closed(inkstone):
    ended = []
    inkstone.window.ended.connect(ended.append)
    inkstone.window.choices.settings = replace(inkstone.window.choices.settings, tray=True)
    inkstone.window.close()
    assert ended == [0]


def test_session_that_ends_is_not_held_up(presence, inkstone):
    ended = []
    inkstone.window.ended.connect(ended.append)
    inkstone.window.leave_with_session()
    inkstone.window.close()
    assert ended == [0]


def test_hidden_start_shows_no_window(presence, inkstone, monkeypatch):
    monkeypatch.setattr(presence.tray.icon, "setVisible", lambda _: None)  # offscreen Qt complains
    inkstone.window.hide()
    presence.begin(hidden=True)
    assert not inkstone.window.isVisible()


def test_tool_tip_says_how_the_library_stands_and_names_nothing(presence, inkstone):
    tray, state = presence.tray, inkstone.window.state
    assert tray.icon.toolTip() == "Inkstone\nUp to date: 0 documents"
    state.working = WORKING
    state.progressed.emit()
    assert tray.icon.toolTip() == "Inkstone\nIndexing, about 4 minutes left"
    state.working, state.paused = None, True
    state.progressed.emit()
    assert tray.icon.toolTip() == "Inkstone\nIndexing is paused"
    assert tray.pause.text() == "Go on with indexing"
    inkstone.speaking.use("zh")
    tray.retranslate()
    assert tray.icon.toolTip() == "Inkstone\n索引已暂停"


def test_long_indexing_is_told_when_it_has_ended(presence, inkstone, monkeypatch):
    window, state = inkstone.window, inkstone.window.state
    window.hide()

    def work() -> None:
        state.working = WORKING
        state.progressed.emit()
        state.working = None
        state.progressed.emit()
        state.changed.emit()

    work()
    assert presence.heard == []  # it took no time
    monkeypatch.setattr(notifying, "LONG_MS", 0)
    work()
    assert presence.heard == [("Indexing is done", "0 documents can be searched.")]


def test_answer_is_told_without_its_words(presence, filled, person, qtbot):
    window = filled.window
    answer = person.ask(filled, "How long?")
    window.hide()
    qtbot.waitUntil(lambda: answer.answer is not None)
    assert presence.heard == [("Your question is answered", "The answer is in Inkstone's window.")]
    window.choices.settings = replace(window.choices.settings, notify=False)
    window.chat.ask("How long?")
    qtbot.waitUntil(lambda: not window.chat.is_answering)
    assert len(presence.heard) == 1


@pytest.mark.parametrize(("there", "first"), [("notify-send", "notify-send"), ("gdbus", "gdbus"), ("nothing", None)])
def test_linux_is_told_by_what_it_has(monkeypatch, there, first):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: name if name == there else None)
    said = notifying.command("Title", "Text")
    assert (said[0] if said else None) == first
    assert not said or {"Title", "Text"} <= set(said)
