"""The guide says the same in both languages, names keys that exist, and is searched."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt

from desktop_app import theme
from desktop_app.language import Speaking
from desktop_app.pages.guide import TEXTS, GuidePage
from desktop_app.shortcuts import ACTIONS, CITATIONS
from desktop_app.widgets.rail import GUIDE

KEYS = re.compile(r"`((?:Ctrl|Shift|Alt)\+[^`]+|F\d+|Enter|Esc)`")
OF_TYPING = {"Enter", "Shift+Enter"}


def text(language: str) -> str:
    return (TEXTS / f"{language}.md").read_text("utf-8")


def test_both_languages_have_the_same_parts():
    levels = [re.findall(r"^(#+) ", text(language), re.MULTILINE) for language in ("en", "zh")]
    points = [re.findall(r"^(- )", text(language), re.MULTILINE) for language in ("en", "zh")]
    assert levels[0] == levels[1]
    assert len(levels[0]) >= 9
    assert points[0] == points[1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_key_that_is_named_exists(language):
    named = set(KEYS.findall(text(language)))
    assert len(named) > 10
    assert named <= {action.keys for action in ACTIONS} | set(CITATIONS) | OF_TYPING


def test_both_languages_name_the_same_keys():
    assert KEYS.findall(text("en")) == KEYS.findall(text("zh"))


@pytest.fixture
def speaking(qapp):
    theme.apply(qapp, "light")
    made = Speaking(qapp)
    made.use("en")
    yield made
    made.use("en")


@pytest.fixture
def guide(speaking, qtbot) -> GuidePage:
    made = GuidePage()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def test_contents_lead_to_their_parts(guide, qtbot):
    bar = guide.scroll.verticalScrollBar()
    names = [guide.contents.item(row).text().strip() for row in range(guide.contents.count())]
    assert names == [heading.split(":")[0] for heading in guide.headings()]
    guide.show_part_about("ChatGLM3")
    qtbot.waitUntil(lambda: bar.value() > 0, timeout=20_000)
    assert guide.contents.currentItem().text().strip().startswith("ChatGLM3")


def test_words_are_found_one_after_the_other(guide, qtbot):
    qtbot.keyClicks(guide.words, "bge")
    count = len(guide.text.extraSelections())
    assert guide.count.text() == f"1 of {count}"
    qtbot.keyClick(guide.words, Qt.Key.Key_Return)
    assert guide.count.text() == f"2 of {count}"
    qtbot.keyClick(guide.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert guide.count.text() == f"1 of {count}"
    guide.words.setText("strawberries")
    assert guide.count.text() == "The guide does not say this."


def test_guide_follows_the_language(guide, speaking, qtbot):
    speaking.use("zh")
    qtbot.waitUntil(lambda: guide.headings()[0] == "添加文档", timeout=20_000)


def test_guide_opens_by_its_key(inkstone, qtbot):
    qtbot.keyClick(inkstone.window, Qt.Key.Key_F1)
    assert inkstone.window.pages.currentIndex() == GUIDE
    assert inkstone.window.guide.words.hasFocus()
