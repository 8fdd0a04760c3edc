"""An answer that a language model writes: quotes first, then its words; stopped, followed up, typed ahead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop_app.app import Inkstone
from desktop_app.widgets.answer_view import AnswerView
from engine.types import Stop


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def said(home: Path) -> Callable[[str], list[dict[str, Any]]]:
    """A function that gives what the engine heard of a kind, "ask" or "draft", oldest first."""

    def heard(do: str) -> list[dict[str, Any]]:
        file = home / "asked.jsonl"
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        return [message for message in map(json.loads, lines) if message["do"] == do]

    return heard


@pytest.fixture
def waiting(filled: Inkstone, person, qtbot) -> AnswerView:
    """An answer whose quotes are there, and whose model has not begun."""
    answer = person.ask(filled, "write and hold")
    qtbot.waitUntil(lambda: "Loading" in answer.state.text.text())
    return answer


def test_quotes_are_there_while_the_model_is_waited_for(waiting, filled):
    assert waiting.quotes.isVisible()
    assert waiting.quotes.fold.text() == "Word for word from your documents"
    assert "seven years" in waiting.quotes.text.toPlainText()
    assert waiting.state.isVisible()
    assert re.fullmatch(r"Loading the model, about \d\d s", waiting.state.text.text())
    assert not waiting.text.isVisible()
    assert filled.window.chat.is_answering


def test_mark_of_a_quote_opens_its_page(waiting, filled, person, qtbot):
    person.click_sign(waiting.quotes.text, 1)
    source = filled.window.chat.source
    qtbot.waitUntil(lambda: source.page_view.picture is not None, timeout=20_000)
    assert source.place.text() == "page 2 of 3 · 1 citation"


def test_quotes_fold_when_the_words_come_and_open_again(filled, person, qtbot):
    answer = person.ask_to_the_end(filled, "write")
    assert answer.answer.mode == "generated"
    assert answer.quotes.fold.text() == "Word for word (2)"
    assert not answer.quotes.text.isVisible()
    assert not answer.state.isVisible()
    person.click(answer.quotes.fold)
    person.click_sign(answer.quotes.text, 2)
    source = filled.window.chat.source
    qtbot.waitUntil(lambda: source.text_view.marked_lines() == [12, 13])


def test_quotes_stay_open_for_who_is_at_them(waiting, home, qtbot):
    waiting.quotes.text.setFocus()
    (home / "go").touch()
    qtbot.waitUntil(lambda: waiting.answer is not None)
    assert waiting.quotes.text.isVisible()


def test_final_text_replaces_what_was_streamed(filled, home, person, qtbot):
    answer = person.ask(filled, "write and pause")
    qtbot.waitUntil(lambda: "seven years" in answer.text.toPlainText())
    assert "In the end" not in answer.text.toPlainText()
    (home / "go").touch()
    qtbot.waitUntil(lambda: answer.answer is not None)
    assert answer.text.toPlainText().endswith("In the end.")
    assert answer.actions.note.text() == "Written by the language model from the passages"


def test_answer_that_no_passage_supports_ends_with_the_quotes_alone(filled, person):
    answer = person.ask_to_the_end(filled, "write unheard")
    assert "Audit logs are retained" in answer.text.toPlainText()
    assert "Nobody" not in answer.text.toPlainText()
    assert not answer.quotes.isVisible()
    assert answer.actions.note.text() == "Word for word from your documents"


def test_writer_is_named(open_window, folder, person, qtbot):
    inkstone = open_window(language="en", theme="light", generator="chatglm3-6b")
    inkstone.window.add([folder])
    qtbot.waitUntil(lambda: folder in inkstone.window.library.cards, timeout=20_000)
    inkstone.window.go_to(0)
    answer = person.ask_to_the_end(inkstone, "write")
    assert answer.actions.note.text() == "Written by chatglm3-6b from the passages"


def test_unsupported_sentence_has_a_sign_that_explains_itself(filled, person, qtbot):
    answer = person.ask_to_the_end(filled, "write")
    assert "[?]" not in answer.text.toPlainText()
    assert answer.text.mark_position("?") > 0
    assert answer.legend.isVisible()
    assert "no passage in your documents supports" in answer.text.accessibleDescription()
    with qtbot.assertNotEmitted(answer.cited):
        person.click_sign(answer.text, "?")
    assert QToolTip.text() == "No passage in your documents supports this sentence."


def test_sign_is_reached_by_keyboard(filled, person, qtbot):
    answer = person.ask_to_the_end(filled, "write")
    answer.text.setFocus()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Return):
        qtbot.keyClick(answer.text, key)
    assert QToolTip.text() == "No passage in your documents supports this sentence."


def test_question_mark_in_a_quote_is_no_sign(filled, person):
    answer = person.ask_to_the_end(filled, "How long?")
    answer.text.show_text("> What is [?]", {}, finished=True)
    assert answer.text.toPlainText() == "What is [?]"


def test_notice_is_shown_and_an_unknown_one_is_not(filled, person, caplog):
    answer = person.ask_to_the_end(filled, "write")
    assert answer.notice.isVisible()
    assert answer.notice.text() == "The setting device cannot be cuda. It may be: cpu."
    strange = person.ask_to_the_end(filled, "write strange")
    assert not strange.notice.isVisible()
    assert "no such sentence" in caplog.text


def test_stop_while_waiting_frees_the_box_at_once_and_keeps_the_quotes(waiting, filled, person):
    person.click(filled.window.chat.question.button)
    assert not filled.window.chat.is_answering
    assert waiting.answer.stop == Stop.STOPPED
    assert "seven years" in waiting.text.toPlainText()
    assert not waiting.state.isVisible()
    assert waiting.actions.note.text() == "Word for word from your documents · You stopped this answer."
    assert waiting.chips.isVisible()


def test_second_question_is_answered_while_the_engine_ends_the_first(waiting, filled, person, qtbot):
    qtbot.keyClick(filled.window, Qt.Key.Key_Escape)
    second = person.ask_to_the_end(filled, "write")
    assert second.answer.stop == Stop.COMPLETE
    assert waiting.answer.stop == Stop.STOPPED


def test_what_comes_after_a_stop_is_not_shown(filled, home, person, qtbot):
    answer = person.ask(filled, "write late")
    qtbot.waitUntil(lambda: "Loading" in answer.state.text.text())
    qtbot.keyClick(filled.window, Qt.Key.Key_Escape)
    kept = answer.answer
    qtbot.waitUntil((home / "written").exists)
    with qtbot.waitSignal(filled.bridge.request("status").done):  # by now the window has heard all of it
        pass
    assert answer.answer is kept
    assert "Nobody" not in answer.text.toPlainText()


def test_stop_before_anything_came_offers_to_ask_again(filled, person):
    answer = person.ask(filled, "slow please")
    filled.window.chat.stop()
    assert answer.actions.note.text() == "You stopped this answer."
    assert answer.again.isVisible()
    assert not answer.actions.copy.isVisible()


def test_written_answer_is_copied_with_its_sources(filled, person):
    answer = person.ask_to_the_end(filled, "write")
    person.click(answer.actions.copy)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Logs are kept for seven years [1]. Nobody reads them [?].")
    assert copied.endswith("[1] rules.pdf · p. 2\n[2] backup.md · line 12")


def test_conversation_goes_along_but_what_failed_does_not(filled, person, said):
    person.ask_to_the_end(filled, "write")
    person.ask_to_the_end(filled, "refuse")
    person.ask_to_the_end(filled, "and backups?")
    first, _, third = said("ask")
    assert first["history"] == []
    (turn,) = third["history"]
    assert turn["question"] == "write"
    assert turn["answer"].startswith("Logs are kept for seven years [1].")


def test_only_the_latest_turns_go_along(filled, person, said, monkeypatch):
    monkeypatch.setattr("desktop_app.session.TURNS", 6)
    for number in range(8):
        person.ask_to_the_end(filled, f"Question {number}")
    assert [turn["question"] for turn in said("ask")[-1]["history"]] == [f"Question {number}" for number in range(1, 7)]


def test_drafts_are_sent_while_typing_but_not_with_each_key(filled, person, said, qtbot):
    person.ask_to_the_end(filled, "How long?")
    person.type(filled, "How often are backups reviewed?")
    qtbot.waitUntil(lambda: "How often are backups reviewed?" in [draft["question"] for draft in said("draft")])
    assert len(said("draft")) < 10
    assert said("draft")[-1]["history"][0]["question"] == "How long?"


def test_the_settled_question_is_drafted_once_more(filled, person, said, qtbot):
    person.type(filled, "How often?")
    qtbot.waitUntil(lambda: [draft["question"] for draft in said("draft")][-2:] == ["How often?"] * 2)


def test_short_texts_and_compositions_are_not_drafted(filled, person, said, qtbot):
    edit = filled.window.chat.question.edit
    person.type(filled, "Ho")
    QApplication.sendEvent(edit, QInputMethodEvent("shen ji ri zhi", []))
    with qtbot.waitSignals([filled.window.chat.drafting.considered] * 2):
        pass
    assert said("draft") == []
    chosen = QInputMethodEvent()
    chosen.setCommitString("审计日志")
    QApplication.sendEvent(edit, chosen)
    qtbot.waitUntil(lambda: bool(said("draft")))
    assert said("draft")[0]["question"] == "Ho审计日志"


def test_nothing_is_drafted_while_an_answer_is_made(waiting, filled, home, person, said, qtbot):
    person.type(filled, "and the backups?")
    with qtbot.waitSignals([filled.window.chat.drafting.considered] * 2):
        pass
    assert said("draft") == []
    (home / "go").touch()
    qtbot.waitUntil(lambda: bool(said("draft")))
    assert said("draft")[0]["question"] == "and the backups?"


def test_a_written_answer_speaks_chinese(open_window, folder, person, qtbot):
    inkstone = open_window(language="zh", theme="dark")
    inkstone.window.add([folder])
    qtbot.waitUntil(lambda: folder in inkstone.window.library.cards, timeout=20_000)
    inkstone.window.go_to(0)
    answer = person.ask(inkstone, "write and hold")
    qtbot.waitUntil(lambda: answer.state.text.text().startswith("正在载入模型，约 "))
    assert answer.quotes.fold.text() == "文档原文摘录"
    (folder.parent / "home" / "go").touch()
    qtbot.waitUntil(lambda: answer.answer is not None)
    assert answer.quotes.fold.text() == "原文摘录（2）"
    assert answer.legend.text() == "标有“?”的句子在您的文档中没有依据。"
    assert answer.actions.note.text() == "由语言模型依据段落撰写"
    person.click_sign(answer.text, "?")
    assert QToolTip.text() == "您的文档中没有支持这句话的段落。"
