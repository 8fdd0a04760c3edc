"""Choosing who answers and how, and editing the instruction to the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.app import Inkstone
from desktop_app.widgets.answer_settings import AnswerSettings
from desktop_app.widgets.rail import SETTINGS


@pytest.fixture
def opened(open_window, qtbot):
    """A function that opens the page of settings in front of an engine that has a model to write with."""

    def start(**settings: Any) -> AnswerSettings:
        inkstone: Inkstone = open_window(**{"language": "en", "theme": "light", **settings})
        inkstone.window.go_to(SETTINGS)
        answers = inkstone.window.settings.answers
        qtbot.waitUntil(lambda: answers.generator.findData("chatglm3-6b") >= 0 and bool(answers.instruction.defaults))
        return answers

    return start


@pytest.fixture
def card(opened) -> AnswerSettings:
    return opened(generator="chatglm3-6b")


@pytest.fixture
def changed(tmp_path: Path, qtbot):
    """A function that waits until the engine has heard of a change."""
    file = tmp_path / "home" / "changed.json"

    def wait_for(**settings: object) -> None:
        qtbot.waitUntil(lambda: file.exists() and file.read_text() == json.dumps(settings))

    return wait_for


def test_without_a_model_that_writes_there_is_nothing_to_set(opened):
    card = opened()
    assert card.generator.currentText() == "Quotes only"
    assert not card.controls["temperature"].isVisible()
    assert not card.instruction.isVisible()


def test_chosen_model_shows_what_can_be_set(opened, person, changed, qtbot):
    card = opened()
    assert [card.generator.itemText(index) for index in range(2)] == ["Quotes only", "chatglm3-6b"]
    person.choose(card.generator, "chatglm3-6b")
    changed(generator="chatglm3-6b")
    qtbot.waitUntil(card.controls["temperature"].isVisible)


def test_model_that_is_gone_can_be_chosen_away(opened, person, changed):
    card = opened(generator="old model")
    assert card.generator.currentText() == "old model"
    person.choose(card.generator, "")
    changed(generator="")


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("max_new_tokens", "512", 512),
        ("prompt_tokens", "2048", 2048),
        ("unload_after_minutes", "45", 45),
        ("temperature", "0.7", 0.7),
        ("top_p", "0.9", 0.9),
        ("repetition_penalty", "1.1", 1.1),
    ],
)
def test_typed_number_is_kept_when_it_is_complete(card, changed, qtbot, name, typed, value):
    box = card.controls[name]
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    changed(**{name: value})


def test_device_and_tick_are_kept(card, person, changed, qtbot):
    person.choose(card.device, "cpu")
    changed(device="cpu")
    qtbot.keyClick(card.controls["compute_ahead"], Qt.Key.Key_Space)
    changed(compute_ahead=False)


def test_refused_choice_goes_back_with_the_engines_sentence(card, person, qtbot):
    person.choose(card.device, "cuda")
    qtbot.waitUntil(card.trouble.isVisible)
    assert card.trouble.text() == "The setting device cannot be cuda. It may be: cpu."
    assert card.device.currentData() == ""
    person.choose(card.device, "cpu")
    qtbot.waitUntil(card.trouble.isHidden)


def test_wheel_scrolls_the_page_and_changes_nothing(card):
    box = card.controls["max_new_tokens"]
    point = QPointF(box.rect().center())
    turn = QPoint(0, -120)
    no = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase)
    QApplication.sendEvent(box, QWheelEvent(point, box.mapToGlobal(point), turn, turn, *no, False))
    assert box.value() == 256


def test_instruction_is_checked_by_the_engine_and_kept(card, changed, qtbot):
    editor = card.instruction
    assert editor.edit.toPlainText() == "Answer from the passages.\n{passages}"
    assert editor.state.text() == "This is the default."
    assert not editor.keep.isEnabled()
    editor.edit.setPlainText("Be brief.\n{passages}")
    assert editor.state.text() == "Changed, not saved yet."
    qtbot.mouseClick(editor.keep, Qt.MouseButton.LeftButton)
    changed(instruction_en="Be brief.\n{passages}")
    qtbot.waitUntil(lambda: editor.state.text() == "Saved. It holds from the next question on.")


def test_bad_instruction_is_refused_under_its_text_and_stays_to_be_mended(card, qtbot):
    editor = card.instruction
    editor.edit.setPlainText("Be brief.")
    qtbot.mouseClick(editor.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "cannot be used: {passages} stands in it 0 times" in editor.state.text())
    assert editor.edit.toPlainText() == "Be brief."
    assert not card.trouble.isVisible()


def test_default_instruction_is_restored(opened, changed, qtbot):
    editor = opened(generator="chatglm3-6b", instruction_en="Mine: {passages}").instruction
    assert editor.edit.toPlainText() == "Mine: {passages}"
    assert editor.state.text() == "Your own text is in use."
    qtbot.mouseClick(editor.restore, Qt.MouseButton.LeftButton)
    changed(instruction_en="")
    qtbot.waitUntil(lambda: editor.edit.toPlainText() == "Answer from the passages.\n{passages}")


def test_each_language_has_an_instruction_of_its_own(card, changed, person, qtbot):
    editor = card.instruction
    person.choose(editor.language, "zh")
    assert editor.edit.toPlainText() == "依据资料回答。\n{passages}"
    editor.edit.setPlainText("简短回答。{passages}")
    qtbot.mouseClick(editor.keep, Qt.MouseButton.LeftButton)
    changed(instruction_zh="简短回答。{passages}")


def test_language_keeps_an_unfinished_instruction(card, person):
    editor = card.instruction
    editor.edit.setPlainText("Unfinished")
    person.choose(editor.language, "zh")
    person.choose(editor.language, "en")
    assert editor.edit.toPlainText() == "Unfinished"


@pytest.mark.parametrize(("language", "title"), [("en", "Who answers"), ("zh", "由谁回答")])
def test_every_control_is_reached_by_tab_and_has_a_name_and_a_sentence(opened, qtbot, language, title):
    card = opened(generator="chatglm3-6b", language=language)
    wanted: set[QWidget] = {*card.controls.values(), card.instruction.edit, card.instruction.language}
    card.generator.setFocus()
    reached = set()
    for _ in range(40):
        reached.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert wanted <= reached
    assert card.generator.accessibleName() == title
    assert all(control.accessibleName() and control.accessibleDescription() for control in card.controls.values())


def test_page_scrolls_to_its_end_in_a_small_window(card, qtbot):
    window = card.window()
    window.resize(900, 600)
    QApplication.processEvents()
    bar = window.settings.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    bottom = card.instruction.keep.mapTo(window, QPoint(0, card.instruction.keep.height())).y()
    assert bottom < window.height()
    gap = card.instruction.keep.y() - card.instruction.edit.geometry().bottom()
    assert gap > 0


def test_choice_made_by_another_program_is_shown(opened, tmp_path, qtbot):
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "elsewhere.json").write_text(json.dumps({"generator": "chatglm3-6b", "temperature": 0.5}))
    card = opened()
    qtbot.waitUntil(lambda: card.generator.currentData() == "chatglm3-6b")
    assert card.controls["temperature"].value() == 0.5
