"""The document beside the conversation: searched, opened elsewhere, and told when it has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app import desktop


@pytest.fixture
def source(filled, person, qtbot):
    """The panel with a PDF in it."""
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    panel = filled.window.chat.source
    qtbot.waitUntil(lambda: panel.page_view.picture is not None, timeout=20_000)
    return panel


def test_words_are_found_from_page_to_page(filled, source, qtbot):
    qtbot.keyClick(filled.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(source.find.words, "seven years")
    qtbot.waitUntil(lambda: source.find.count.text() == "1 of 3", timeout=20_000)
    qtbot.waitUntil(lambda: source.place.text().startswith("page 1 of 3"), timeout=20_000)
    qtbot.keyClick(source.find.words, Qt.Key.Key_Return)
    qtbot.keyClick(source.find.words, Qt.Key.Key_Return)
    assert source.find.count.text() == "3 of 3"
    qtbot.waitUntil(lambda: source.place.text().startswith("page 3 of 3"), timeout=20_000)
    qtbot.keyClick(source.find.words, Qt.Key.Key_Return)
    assert source.find.count.text() == "1 of 3"


def test_words_that_are_nowhere_are_told_and_escape_ends_the_search(source, qtbot):
    source.find.open()
    qtbot.keyClicks(source.find.words, "elephants")
    qtbot.waitUntil(lambda: source.find.count.text() == "not found", timeout=20_000)
    qtbot.keyClick(source.find.words, Qt.Key.Key_Escape)
    assert not source.find.isVisible()
    assert source.isVisible()


def test_lines_are_searched_like_pages(filled, source, person, qtbot):
    person.click(filled.window.chat.conversation.answers[0].chips.chips()[1])
    qtbot.waitUntil(lambda: source.text_view.marked_lines() == [12, 13], timeout=20_000)
    source.find.open()
    qtbot.keyClicks(source.find.words, "line 3")
    qtbot.waitUntil(lambda: 3 in source.text_view.marked_lines(), timeout=20_000)
    person.click(source.find.close_button)
    qtbot.waitUntil(lambda: source.text_view.marked_lines() == [12, 13], timeout=20_000)


def test_changed_document_is_told_in_the_panel_and_at_its_mark(filled, folder: Path, person, qtbot):
    answer = person.ask_to_the_end(filled, "How long?")
    with (folder / "rules.pdf").open("ab") as file:
        file.write(b"\n% changed")
    filled.window.chat.sessions.recheck(folder / "rules.pdf")
    qtbot.waitUntil(lambda: answer.stale == {1: "changed"}, timeout=20_000)
    assert "was changed after it was cited" in answer.chips.chips()[0].accessibleName()
    assert "was changed after it was cited" not in answer.chips.chips()[1].accessibleName()
    person.click(answer.chips.chips()[0])
    stale = filled.window.chat.source.stale
    qtbot.waitUntil(stale.isVisible, timeout=20_000)
    assert "no longer in it" in stale.text()


def test_viewer_that_can_is_opened_at_the_page(monkeypatch):
    monkeypatch.setattr(desktop.shutil, "which", lambda name: f"/usr/bin/{name}")
    path = Path("/文档/a b.pdf")
    assert desktop.viewer_command("org.gnome.evince.desktop", path, 7) == [
        "/usr/bin/evince",
        "--page-label=7",
        str(path),
    ]
    assert desktop.viewer_command("firefox.desktop", path, 7)[1].endswith("a%20b.pdf#page=7")
    assert desktop.viewer_command("unheard-of.desktop", path, 7) == []
    monkeypatch.setattr(desktop.shutil, "which", lambda name: None)
    assert desktop.viewer_command("org.gnome.evince.desktop", path, 7) == []
