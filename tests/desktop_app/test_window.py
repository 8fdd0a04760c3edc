"""The window as a whole: languages, themes, keys, names for those who do not see it."""

from __future__ import annotations

import itertools
import json
import re
import sys
from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from desktop_app import theme
from desktop_app.app import fill_small_screen
from desktop_app.widgets.rail import CHAT, LIBRARY, SEARCH, SETTINGS

TEXTS_ON_GROUNDS = [
    *itertools.product(["text", "muted"], ["bg", "surface", "raised", "hover", "rail", "accent_soft"]),
    *itertools.product(["text"], ["user", "notice", "code", "danger_soft", "mark", "mark_strong"]),
    *itertools.product(["danger"], ["bg", "surface", "danger_soft"]),
    *itertools.product(["accent_text"], ["accent", "accent_hover"]),
    *itertools.product(["accent"], ["accent_soft", "surface", "bg"]),
    ("bg", "danger"),
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("accent", theme.ACCENTS)
def test_text_stands_out_from_its_ground(accent, dark):
    tokens = theme.tokens_of(accent, dark)
    contrasts = {pair: theme.contrast(*(getattr(tokens, name) for name in pair)) for pair in TEXTS_ON_GROUNDS}
    assert {pair: contrast for pair, contrast in contrasts.items() if contrast < 4.5} == {}


def test_style_sheet_uses_only_known_colours(qapp):
    names = {field.name for field in fields(theme.Tokens)}
    assert set(re.findall(r"@(\w+)", theme.STYLE.read_text("utf-8"))) <= names
    assert "@" not in theme.style_sheet(theme.DARK)


def test_theme_switches_live(filled, person):
    window = filled.window
    window.go_to(SETTINGS)
    before = window.grab().toImage().pixelColor(400, window.height() - 40)
    person.choose(window.settings.theme, "dark")
    after = window.grab().toImage().pixelColor(400, window.height() - 40)
    assert before.lightness() > 200
    assert after.lightness() < 60
    assert theme.current() is theme.DARK


def test_language_switches_live_and_leaves_nothing_untranslated(filled, qtbot, person):
    window = filled.window
    answer = person.ask_to_the_end(filled, "nothing")
    person.click(answer.chips.chips()[0])
    qtbot.waitUntil(lambda: window.chat.source.page_view.picture is not None, timeout=20_000)
    window.go_to(SETTINGS)
    person.choose(window.settings.language, "zh")
    assert window.rail.buttons[LIBRARY].accessibleName() == "资料库"
    assert "1 个文件夹 · 3 个文档" in window.library.counts.text()
    shown = [text for widget in window.findChildren(QWidget) for text in texts_of(widget)]
    assert len(shown) > 40
    assert [text for text in shown if is_english(text)] == []
    person.choose(window.settings.language, "en")
    assert "1 folder · 3 documents" in window.library.counts.text()


def test_choices_are_kept_by_the_engine(filled, qtbot, tmp_path, person):
    person.choose(filled.window.settings.theme, "dark")
    kept = tmp_path / "home" / "changed.json"
    qtbot.waitUntil(lambda: kept.exists() and kept.read_text() != "", timeout=20_000)
    assert json.loads(kept.read_text()) == {"theme": "dark"}


def test_every_control_has_a_name(filled, person):
    window = filled.window
    answer = person.ask_to_the_end(filled, "How long?")
    person.click(answer.chips.chips()[0])
    person.click(window.library.cards[next(iter(window.library.cards))].show_documents)
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if is_control(widget) and not is_part(widget) and not widget.accessibleName()
    ]
    assert nameless == []


def test_keys_move_between_pages_and_to_the_question(filled, qtbot):
    window = filled.window
    for key, page in (
        (Qt.Key.Key_2, SEARCH),
        (Qt.Key.Key_3, LIBRARY),
        (Qt.Key.Key_1, CHAT),
        (Qt.Key.Key_Comma, SETTINGS),
    ):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.pages.currentIndex() == page
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.currentIndex() == CHAT
    assert window.focusWidget() is window.chat.question.edit


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_cut_off_in_a_small_window(open_window, folder, qtbot, language):
    window = open_window(language=language, theme="light").window
    window.resize(900, 600)
    qtbot.waitUntil(lambda: window.state.status is not None, timeout=20_000)
    window.add([folder])
    qtbot.waitUntil(lambda: folder in window.library.cards, timeout=20_000)
    for page in (CHAT, SEARCH, LIBRARY, SETTINGS):
        window.go_to(page)
        QApplication.processEvents()
        cut = [button.text() for button in window.findChildren(QAbstractButton) if is_cut(button)]
        assert cut == []
    assert (window.width(), window.height()) == (900, 600)


def test_window_that_the_screen_cannot_hold_fills_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    window.resize(room)
    fill_small_screen(window)
    assert not window.isMaximized()
    window.resize(room.width(), room.height() + 20)
    fill_small_screen(window)
    assert window.isMaximized()


def test_window_comes_back_as_it_was_left(open_window):
    first = open_window(language="en", theme="light").window
    first.resize(840, 610)  # within the screen of Qt's offscreen platform
    first.close()
    assert open_window(language="en", theme="light").window.height() == 610


def test_engine_that_keeps_dying_is_said_with_a_way_out(open_window, qtbot):
    window = open_window("--die", language="en", theme="light").window
    qtbot.waitUntil(lambda: "keeps stopping" in window.notice.text.text(), timeout=20_000)
    assert window.notice.action.isVisible()
    assert window.notice.action.text() == "Start again"


def test_library_that_cannot_be_opened_is_said(open_window, qtbot):
    window = open_window("--refuse", language="en", theme="light").window
    qtbot.waitUntil(lambda: "newer Inkstone" in window.notice.text.text(), timeout=20_000)


def test_missing_chinese_font_is_said(open_window, monkeypatch):
    monkeypatch.setattr("desktop_app.language.can_show_chinese", lambda: False)
    assert "Noto Sans CJK" in open_window(language="en", theme="light").window.notice.text.text()


def test_qt_keeps_its_references_to_none(qtbot):
    """PySide6 6.12.0 on Python 3.11 loses one with each call, and aborts after some thousands."""
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(2000):
        label.setText(str(number))
    assert sys.getrefcount(None) - before > -100


def texts_of(widget: QWidget) -> list[str]:
    found = [widget.accessibleName(), widget.toolTip()]
    if isinstance(widget, QLabel | QAbstractButton):
        found.append(widget.text())
    if isinstance(widget, QComboBox):
        found += [widget.itemText(index) for index in range(widget.count())]
    return [text for text in found if text]


def is_english(text: str) -> bool:
    """Whether there are words of ours in it: no Chinese, and more than names, paths, keys and numbers."""
    if re.search(r"[\u4e00-\u9fff]", text) or "/" in text:
        return False
    if re.fullmatch(r"(bfloat|float|int)\d+(_b?float16)?", text):
        return False
    if re.fullmatch(r"(\d+ %|Alt\+1 … Alt\+9)", text):
        return False
    return text not in ("English", "nothing", "rules.pdf", "backup.md", "empty.txt", "chatglm3-6b", "")


def is_control(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):  # its text is its name
        return False
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not widget.isHidden()


def is_part(widget: QWidget) -> bool:
    """An inner part of a control that is named as a whole, or one that is not shown on its page."""
    parent = widget.parentWidget()
    inside = isinstance(parent, QComboBox) or widget.objectName().startswith("qt_")
    return inside or type(widget).__name__ in ("QComboBoxListView", "QComboBoxPrivateContainer", "QListView")


def is_cut(button: QAbstractButton) -> bool:
    if not button.isVisible() or not button.text():
        return False
    return button.width() < button.sizeHint().width() or button.height() < button.sizeHint().height()
