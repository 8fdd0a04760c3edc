"""Every page for those who hear it, see little, or have no mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLabel, QLineEdit, QMessageBox, QToolButton
from window_walk import controls, faint, nameless, pixels, tab_through, text_contrast

from desktop_app.widgets.rail import CHAT, LIBRARY, SEARCH, SETTINGS
from desktop_app.window import MainWindow

PAGES = {"chat": CHAT, "search": SEARCH, "library": LIBRARY, "settings": SETTINGS}


@pytest.fixture
def used(filled, folder, person, qtbot):
    """A window where something is to be seen on each page."""
    window = filled.window
    window.resize(1280, 820)
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    qtbot.waitUntil(lambda: window.chat.source.page_view.picture is not None, timeout=20_000)
    window.search.words.setText("backup")
    window.go_to(SEARCH)
    qtbot.waitUntil(lambda: window.search.model.rowCount() > 0, timeout=20_000)
    qtbot.waitUntil(lambda: opened_found(window), timeout=20_000)
    window.go_to(LIBRARY)
    card = window.library.cards[folder]
    card.show_failures.click()
    card.show_documents.click()
    qtbot.waitUntil(lambda: card.table.documents.rowCount() == 3, timeout=20_000)
    return filled


def opened_found(window: MainWindow) -> bool:
    """What was found is chosen, again where the list has come anew meanwhile, and stands beside it."""
    if not window.search.list.currentIndex().isValid():
        window.search.list.setFocus()
        window.search.list.setCurrentIndex(window.search.model.index(1))
    return bool(window.search.source.text_view.marked_lines())


@pytest.mark.parametrize("page", PAGES)
def test_page_is_named_seen_and_walked(used, page, qtbot):
    window = used.window
    window.go_to(PAGES[page])
    QApplication.processEvents()
    assert nameless(window) == []
    stops = tab_through(window)
    passed = [stop.widget for stop in stops]
    wanted = [each for each in controls(window) if each.isEnabled() and each.focusPolicy().value & 1]
    assert [each.accessibleName() for each in wanted if each not in passed] == []
    assert [stop.widget.accessibleName() for stop in stops if stop.changed < 8] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_in_sight_stands_out(used, theme):
    window = used.window
    used.use_look("theme", theme)
    for page in PAGES.values():
        window.go_to(page)
        QApplication.processEvents()
        assert faint(window) == []


def test_a_walk_sees_what_is_wrong(qtbot):
    """The walks themselves can fail."""
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    assert nameless(field) == [field]
    text = QLabel("grey on grey")
    text.setStyleSheet("background: #ffffff; color: #999999; font-size: 30px")
    qtbot.addWidget(text)
    text.show()
    assert 1.5 < text_contrast(pixels(text)) < 3


def test_popups_and_questions_are_named(used, folder, qtbot):
    window = used.window
    window.go_to(CHAT)
    window.chat.scope.choose()
    box = window.library.confirm_removal(folder)
    dialog = window.library.ask_password(folder / "rules.pdf")
    window.command_palette.open()
    for opened in (window.chat.scope.popup, box, dialog, window.command_palette):
        assert nameless(opened) == []
        opened.close()


def test_texts_of_qt_itself_are_translated(qapp, open_window):
    shown = open_window(language="zh", theme="light")
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setNameFilters(["*.md"])
    box = QMessageBox()
    buttons = (QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Ok, QMessageBox.StandardButton.Yes)
    said = [box.addButton(each).text() for each in buttons]
    said += [each.text() for each in dialog.findChildren(QLabel) if each.text()]
    said += [each.toolTip() for each in dialog.findChildren(QToolButton) if each.toolTip()]
    said += [each.text() for each in dialog.findChild(QDialogButtonBox).buttons()]
    field = QLineEdit("x")
    said += [action.text() for action in field.createStandardContextMenu().actions() if action.text()]
    assert len(said) > 15
    assert [text for text in said if not any("\u4e00" <= char <= "\u9fff" for char in text)] == []
    assert QLocale().toString(1234567) == "1,234,567"
    shown.speaking.use("en")
