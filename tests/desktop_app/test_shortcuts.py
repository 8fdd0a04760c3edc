"""One table of keys: what holds, what is refused, and where a change is seen."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt

from desktop_app import shortcuts
from desktop_app.widgets.rail import LIBRARY, SEARCH, SETTINGS


@pytest.fixture(autouse=True)
def _own_keys(qapp):
    yield
    shortcuts.use("")


def test_every_action_has_a_text_and_its_own_usable_keys(qapp):
    assert set(shortcuts.texts()) == set(shortcuts.BY_NAME)
    keys = [action.keys for action in shortcuts.ACTIONS]
    assert len({*keys, *shortcuts.CITATIONS}) == len(keys) + len(shortcuts.CITATIONS)
    assert all(shortcuts.is_usable(action.keys) for action in shortcuts.ACTIONS if not action.is_fixed)


def test_only_what_differs_is_kept(qapp):
    setting = shortcuts.changed("", "new", "Ctrl+J")
    assert setting == "new=Ctrl+J"
    setting = shortcuts.changed(setting, "find", "")
    assert shortcuts.parsed(setting) == {"new": "Ctrl+J", "find": ""}
    assert shortcuts.changed(setting, "new", "Ctrl+N") == "find="


def test_lines_that_nobody_understands_are_passed_over(qapp):
    assert shortcuts.parsed("dance=Ctrl+J\nstop=Ctrl+S\n???\nnew = ctrl+j") == {"new": "Ctrl+J"}


@pytest.mark.parametrize("keys", ["A", "Shift+A", "Return", "Ctrl+V", "Space", "Alt+3", "Shift+Backtab"])
def test_keys_of_typing_are_not_usable(qapp, keys):
    assert not shortcuts.is_usable(keys)


def test_tool_tip_without_keys_has_no_brackets(qapp):
    assert shortcuts.named("New", "new") == "New (Ctrl+N)"
    shortcuts.use("new=")
    assert shortcuts.named("New", "new") == "New"


def test_changed_keys_hold_at_once_everywhere(inkstone, qtbot, tmp_path):
    window = inkstone.window
    window.go_to(SETTINGS)
    field = window.settings.shortcuts.rows["library"].edit
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shortcuts.keys_of("library") == "Ctrl+J")
    assert json.loads((tmp_path / "home" / "changed.json").read_text()) == {"shortcuts": "library=Ctrl+J"}
    assert window.rail.buttons[LIBRARY].toolTip() == "Library (Ctrl+J)"
    assert "Ctrl+J" in [command.keys for command in window.commands.offered("")]
    window.go_to(SEARCH)
    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.currentIndex() == LIBRARY
    window.go_to(SETTINGS)
    window.settings.shortcuts.rows["library"].reset.click()
    qtbot.waitUntil(lambda: shortcuts.keys_of("library") == "Ctrl+3")

    # keys that are taken, or needed for typing, are refused by name
    card = window.settings.shortcuts
    qtbot.keyClick(field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert card.trouble.text() == "Ctrl+N is in use already: New conversation. Change that first."
    assert field.keySequence().toString() == "Ctrl+3"
    qtbot.keyClick(field, Qt.Key.Key_X)
    assert "needed for typing" in card.trouble.text()

    # Tab and Shift+Tab leave the field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is not field
    assert shortcuts.keys_of("library") == "Ctrl+3"
