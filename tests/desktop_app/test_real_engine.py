"""The whole way with the engine that people get: a folder dropped, a question, the marked words, a killed engine.

And with a language model: a real one of random weights, whose rubbish no passage supports.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from chatglm_folders import Tiny, make_folder
from PySide6.QtGui import QColor

from desktop_app.app import Inkstone
from desktop_app.widgets.rail import SETTINGS
from engine.assistant import Assistant
from engine.config import Config, Settings
from engine.types import Stop

LONG_MS = 120_000  # a model loads and documents are read on a machine that may be busy


@pytest.fixture
def real(qtbot, qapp, tmp_path: Path) -> Iterator[Inkstone]:
    home = tmp_path / "家 home"
    home.mkdir()
    inkstone = Inkstone(qapp, Config(home, Settings(language="en", theme="light")))
    qtbot.addWidget(inkstone.window)
    inkstone.start()
    qtbot.waitUntil(lambda: inkstone.window.state.status is not None, timeout=LONG_MS)
    yield inkstone
    inkstone.window.close()
    qapp.styleHints().colorSchemeChanged.disconnect(inkstone._on_system_scheme)


def test_a_dropped_folder_answers_and_outlives_a_killed_engine(real: Inkstone, folder, person, dragged, qtbot, qapp):
    window = real.window
    data = dragged(folder)
    person.drag_over(window, data)
    person.drop(window, data)
    qtbot.waitUntil(lambda: is_indexed(real), timeout=LONG_MS)
    assert [failed.path.name for failed in window.state.status.failures] == ["empty.txt"]

    window.go_to(0)
    answer = ask(real, person, qtbot)
    assert answer.answer.stop is Stop.COMPLETE
    assert yellow_share(window) == 0
    person.click_mark(answer, 1)
    page = window.chat.source.page_view
    qtbot.waitUntil(lambda: page.picture is not None, timeout=LONG_MS)
    assert yellow_share(window) > 0.0003

    os.kill(real.bridge.process_id, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    qtbot.waitUntil(window.notice.isVisible, timeout=LONG_MS)
    assert "started again" in window.notice.text.text()
    again = ask(real, person, qtbot)
    assert again.answer.citations == answer.answer.citations

    window.close()
    later = Inkstone(qapp, window._config)
    qtbot.addWidget(later.window)
    later.start()
    kept = later.window.chat.conversation.answers
    qtbot.waitUntil(lambda: len(kept) == 2 and kept[1].answer is not None, timeout=LONG_MS)
    assert [each.answer.citations for each in kept] == 2 * [answer.answer.citations]
    later.window.close()
    qapp.styleHints().colorSchemeChanged.disconnect(later._on_system_scheme)


@pytest.fixture
def with_model(tmp_path: Path, folder: Path, qtbot, qapp) -> Iterator[Inkstone]:
    """A window whose library is indexed and whose answers are to be written."""
    home = tmp_path / "home"
    home.mkdir()
    config = Config(home, Settings())
    assistant = Assistant.open(config)
    assistant.add([folder])
    list(assistant.index())
    name = assistant.models.add(make_folder(tmp_path / "tiny", Tiny(seq_length=8192))).name
    assistant.change(generator=name, language="en", theme="light", max_new_tokens=4096)
    config = assistant.config
    assistant.close()
    (home / "window.ini").write_text("[General]\nwelcomed=1\n", "utf-8")
    inkstone = Inkstone(qapp, config)
    qtbot.addWidget(inkstone.window)
    inkstone.start()
    qtbot.waitUntil(lambda: inkstone.window.state.status is not None, timeout=LONG_MS)
    yield inkstone
    inkstone.window.close()
    qapp.styleHints().colorSchemeChanged.disconnect(inkstone._on_system_scheme)


def test_a_model_writes_is_stopped_at_once_and_is_shortened(with_model: Inkstone, person, qtbot):
    window = with_model.window
    first = person.ask(with_model, "How long are audit logs retained?")
    qtbot.waitUntil(lambda: bool(first.text.toPlainText()), timeout=LONG_MS)
    assert "seven years" in first.quotes.text.toPlainText()
    person.click(window.chat.question.button)
    assert first.answer.stop is Stop.STOPPED, first.notice.text()
    window.choices.change("max_new_tokens", 16)
    second = ask(with_model, person, qtbot)
    assert second.notice.isVisible() == (second.answer.mode == "extractive")
    assert second.notice.isVisible() or second.text.has_unsupported()
    window.go_to(SETTINGS)
    models = window.settings.answers
    qtbot.waitUntil(lambda: models.generator.count() == 2 and bool(models.instruction.defaults), timeout=LONG_MS)
    assert models.generator.currentData() == "tiny"


def ask(real: Inkstone, person, qtbot):
    answer = person.ask(real, "How long are audit logs retained?")
    qtbot.waitUntil(lambda: answer.answer is not None or answer.failure is not None, timeout=LONG_MS)
    assert answer.failure is None
    return answer


def is_indexed(real: Inkstone) -> bool:
    status = real.window.state.status
    return (status.indexed, status.waiting, status.failed) == (2, 0, 1)


def yellow_share(window) -> float:
    """The share of the window's points in the colour of a marked passage."""
    picture = window.grab().toImage()
    points = [(x, y) for x in range(0, picture.width(), 2) for y in range(0, picture.height(), 2)]
    return sum(is_yellow(picture.pixelColor(x, y)) for x, y in points) / len(points)


def is_yellow(colour: QColor) -> bool:
    return colour.red() > 230 and colour.green() > 180 and colour.blue() < 140
