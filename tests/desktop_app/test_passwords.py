"""An encrypted document asks for its password: where it could not be read, and where its page cannot be shown."""

from __future__ import annotations

import pytest

from desktop_app.pages.library import LibraryPage
from desktop_app.widgets.password_dialog import PasswordDialog
from desktop_app.window import LIBRARY


@pytest.fixture
def locked(folder):
    (folder / "rules.pdf.locked").write_text("green tea", "utf-8")
    return folder / "rules.pdf"


def opened_dialog(window) -> PasswordDialog:
    (dialog,) = window.findChildren(PasswordDialog)
    return dialog


def password_row(library: LibraryPage, folder):
    return next(row for row in library.cards[folder].failures.rows() if row.password.isVisibleTo(row))


def test_encrypted_document_in_the_list_is_opened_with_its_password(locked, filled, folder, qtbot, person):
    library = filled.window.library
    filled.window.go_to(LIBRARY)
    person.click(library.cards[folder].show_failures)
    qtbot.waitUntil(lambda: len(library.cards[folder].failures.rows()) == 2)
    row = password_row(library, folder)
    assert row.document.path == locked
    assert row.password.accessibleName() == "Enter the password of rules.pdf"
    person.click(row.password)
    dialog = opened_dialog(filled.window)
    assert not dialog.open_document.isEnabled()
    qtbot.keyClicks(dialog.field, "coffee")
    assert "coffee" not in dialog.field.displayText()
    person.click(dialog.open_document)
    qtbot.waitUntil(lambda: "does not open it" in dialog.trouble.text() and dialog.trouble.isVisible())
    assert dialog.isVisible()
    dialog.field.clear()
    qtbot.keyClicks(dialog.field, "green tea")
    assert not dialog.trouble.isVisible()
    with qtbot.waitSignal(dialog.finished):
        person.click(dialog.open_document)
    qtbot.waitUntil(lambda: [row.document.path.name for row in library.cards[folder].failures.rows()] == ["empty.txt"])


def test_only_an_encrypted_document_asks(filled, folder, qtbot):
    library = filled.window.library
    qtbot.waitUntil(lambda: len(library.cards[folder].failures.rows()) == 1)
    (row,) = library.cards[folder].failures.rows()
    assert not row.password.isVisibleTo(row)


def test_page_whose_password_is_gone_asks_for_it(locked, filled, qtbot, person):
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    source = filled.window.chat.source
    qtbot.waitUntil(source.enter_password.isVisible)
    assert "password" in source.trouble.text()
    person.click(source.enter_password)
    dialog = opened_dialog(filled.window)
    qtbot.keyClicks(dialog.field, "green tea")
    person.click(dialog.open_document)
    qtbot.waitUntil(lambda: source.page_view.picture is not None)
    assert source.page_view.isVisible()


def test_other_trouble_does_not_ask(filled, folder, qtbot, person):
    answer = person.ask_to_the_end(filled, "How long?")
    (folder / "rules.pdf").unlink()
    person.click(answer.chips.chips()[0])
    source = filled.window.chat.source
    qtbot.waitUntil(source.trouble.isVisible)
    assert not source.enter_password.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_dialog_speaks_chinese_and_forgets_what_was_typed(open_window, folder, qtbot, theme):
    window = open_window(language="zh", theme=theme).window
    dialog = window.library.ask_password(folder / "rules.pdf")
    assert dialog.windowTitle() == "密码"
    assert dialog.field.accessibleName() == "rules.pdf 的密码"
    assert dialog.palette().window().color() == window.palette().window().color()
    qtbot.keyClicks(dialog.field, "typed")
    dialog.reject()
    assert dialog.field.text() == ""
