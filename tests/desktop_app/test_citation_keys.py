"""Citations without the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def answered(filled, person):
    person.ask_to_the_end(filled, "How long?")
    return filled.window


def test_a_citation_is_opened_by_its_number(answered, qtbot, folder):
    qtbot.keyClick(answered, Qt.Key.Key_2, ALT)
    assert answered.chat.source.path == folder / "backup.md"
    qtbot.keyClick(answered, Qt.Key.Key_7, ALT)  # there is none
    assert answered.chat.source.path == folder / "backup.md"


def test_citations_are_stepped_through_across_documents(answered, qtbot, folder):
    qtbot.keyClick(answered, Qt.Key.Key_1, ALT)
    for key, name in (
        (Qt.Key.Key_PageDown, "backup.md"),
        (Qt.Key.Key_PageDown, "backup.md"),  # the last one
        (Qt.Key.Key_PageUp, "rules.pdf"),
    ):
        qtbot.keyClick(answered, key, CTRL)
        assert answered.chat.source.path == folder / name


def test_without_an_open_document_the_same_keys_go_to_the_next_conversation(answered, qtbot, person, inkstone):
    answered.chat.begin()
    second = person.ask_to_the_end(inkstone, "How long again?")
    listed = answered.chat.conversations
    qtbot.waitUntil(lambda: len(listed.listed) == 2, timeout=20_000)
    qtbot.keyClick(answered, Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: second not in answered.chat.conversation.answers)
