"""The cards of the settings beside those about answers: look, system, reading, data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop_app import app as application
from desktop_app import theme
from desktop_app.app import ERASING
from desktop_app.widgets.erase_dialog import EraseDialog
from desktop_app.widgets.rail import CHAT, LIBRARY, SEARCH, SETTINGS
from engine.config import Config


@pytest.fixture
def page(inkstone, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    inkstone.window.go_to(SETTINGS)
    return inkstone.window.settings


@pytest.fixture
def changed(tmp_path: Path, qtbot):
    """A function that waits until the engine has heard of a change."""
    file = tmp_path / "home" / "changed.json"

    def wait_for(**settings: object) -> None:
        qtbot.waitUntil(lambda: file.exists() and file.read_text() == json.dumps(settings))

    return wait_for


@pytest.fixture
def _plain(qapp):
    yield
    theme.apply(qapp, "light")


@pytest.mark.usefixtures("_plain")
def test_accent_and_size_of_text_hold_at_once(page, person, changed):
    before = page.look.title.fontMetrics().height()
    person.choose(page.look.accent, "green")
    changed(accent="green")
    assert theme.current() is theme.ACCENTS["green"][0]
    person.choose(page.look.size, 150)
    changed(font_percent=150)
    assert page.look.title.fontMetrics().height() > 1.4 * before
    assert page.window().chat.question.edit.fontMetrics().height() > 1.4 * QApplication.font().pixelSize() / 1.5


@pytest.mark.usefixtures("_plain")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_is_cut_at_the_largest_size(open_window, folder, qtbot, language):
    window = open_window(language=language, theme="light", font_percent=150, generator="chatglm3-6b").window
    window.resize(900, 600)
    qtbot.waitUntil(lambda: window.state.status is not None, timeout=20_000)
    window.add([folder])
    qtbot.waitUntil(lambda: folder in window.library.cards)
    for number in (CHAT, SEARCH, LIBRARY, SETTINGS):
        window.go_to(number)
        QApplication.processEvents()
        assert [text_of(part) for part in window.pages.currentWidget().findChildren(QWidget) if is_cut(part)] == []
    assert window.settings.widget().width() <= window.settings.viewport().width()


def test_system_is_off_until_chosen_and_asked_anew(page, changed, qtbot):
    system = page.system
    assert not system.login.isChecked()
    qtbot.keyClick(system.login, Qt.Key.Key_Space)
    file = Path.home() / ".config" / "autostart" / "inkstone.desktop"
    assert file.exists()
    file.unlink()
    system.refresh()
    assert not system.login.isChecked()
    file.parent.rmdir()
    file.parent.write_text("in the way")
    qtbot.keyClick(system.login, Qt.Key.Key_Space)
    assert system.trouble.isVisible()
    assert not system.login.isChecked()

    assert not system.tray.isEnabled()
    system._has_tray = lambda: True
    system.refresh()
    assert not system.tray.isChecked()
    qtbot.keyClick(system.tray, Qt.Key.Key_Space)
    changed(tray=True)
    qtbot.keyClick(system.notify, Qt.Key.Key_Space)
    changed(notify=False)


def test_reading_is_set_and_the_rules_are_saved(page, changed, qtbot):
    card = page.indexing
    qtbot.keyClick(card.controls["give_way"], Qt.Key.Key_Space)
    changed(give_way=False)
    card.controls["threads"].setValue(1)
    changed(threads=1)
    qtbot.waitUntil(lambda: any("next start" in text for text in texts_of(card.rows["threads"])))
    card.rules.edit.setPlainText("*.log  \n\ndrafts/")
    assert card.rules.state.text() == "Changed, not saved yet."
    card.rules.keep.click()
    changed(exclude="*.log\ndrafts/")
    qtbot.waitUntil(lambda: card.rules.edit.toPlainText() == "*.log\ndrafts/")
    assert not card.rules.keep.isEnabled()


def test_copy_of_the_library_is_saved_and_no_file_is_written_over(page, qtbot, tmp_path):
    page.window().resize(900, 600)
    QApplication.processEvents()
    for button, one in zip(page.jumps, page.cards, strict=True):
        button.click()
        assert 0 <= one.mapTo(page.viewport(), one.rect().topLeft()).y() < page.viewport().height()

    card = page.data
    copy = tmp_path / "copy.sqlite"
    card.save_copy(copy)
    qtbot.waitUntil(lambda: card.state.text() == f"Saved as {copy}, 4 bytes.")
    card.save_copy(copy)
    qtbot.waitUntil(lambda: "copy.sqlite" in card.state.text() and card.state.property("role") == "danger")
    assert str(tmp_path / "home") in " ".join(texts_of(card))


def test_erasing_wants_its_word_and_says_what_goes(page, inkstone, tmp_path):
    (tmp_path / "home" / "vectors").mkdir()
    codes = []
    inkstone.window.ended.connect(codes.append)
    dialog: EraseDialog = page.data.confirm()
    assert dialog.goes.text().count("•") == 3  # library, conversations, settings
    dialog.field.setText("yes")
    assert not dialog.erase.isEnabled()
    inkstone.speaking.use("zh")
    QApplication.processEvents()
    dialog.field.setText("erase")
    assert not dialog.erase.isEnabled()
    dialog.field.setText(" 清除")
    dialog.erase.click()
    assert codes == [ERASING]


def test_erased_program_starts_as_new(qapp, qtbot, tmp_path, fake_command, folder, monkeypatch):
    """The whole way through `run`: what was kept is gone, documents are not, and another window is there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(application, "engine_command", fake_command)
    monkeypatch.setattr(application.Crashes, "watch", lambda self: None)
    monkeypatch.setattr(application.Crashes, "end", lambda self: None)
    monkeypatch.setattr(application.signal, "signal", lambda *_: None)
    home = tmp_path / "home"
    config = Config.load(home).change(language="en", theme="light")
    (home / "window.ini").write_text("[General]\nwelcomed=1\n")
    windows = []
    made = application.Inkstone

    def observed(*arguments, **more):
        inkstone = made(*arguments, **more)
        windows.append(inkstone)
        ready = inkstone.window.state.changed
        if len(windows) == 1:
            ready.connect(lambda: inkstone.window.quit(ERASING))
        else:
            ready.connect(lambda: inkstone.window.quit())
        return inkstone

    monkeypatch.setattr(application, "Inkstone", observed)
    assert application.run(config) == 0
    assert len(windows) == 2
    assert not (home / "settings.toml").exists()
    assert windows[1].window.choices.settings.theme == ""
    assert len(list(folder.iterdir())) == 3


def texts_of(widget: QWidget) -> list[str]:
    return [part.text() for part in widget.findChildren(QLabel)]


def text_of(part: QWidget) -> str:
    return f"{type(part).__name__}: {part.text()}"


def is_cut(part: QWidget) -> bool:
    """Whether a button or a label has less room than its text needs; what shortens itself is left out."""
    if not part.isVisible() or not hasattr(part, "text") or not callable(part.text) or not part.text():
        return False
    if type(part) is QLabel:
        needed = part.heightForWidth(part.width()) if part.wordWrap() else part.sizeHint().height()
        return part.height() < needed or (not part.wordWrap() and part.width() < part.sizeHint().width())
    return (
        part.metaObject().inherits(QWidget.staticMetaObject)
        and hasattr(part, "click")
        and (part.width() < part.sizeHint().width() or part.height() < part.sizeHint().height())
    )
