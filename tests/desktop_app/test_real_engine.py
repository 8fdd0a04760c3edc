"""The whole way with the engine that people get: a folder dropped, a question, the marked words, a killed engine."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from desktop_app.app import Inkstone
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


def test_a_dropped_folder_answers_and_outlives_a_killed_engine(real: Inkstone, folder, person, dragged, qtbot):
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
    assert yellow_share(window) > 0.0005

    os.kill(real.bridge.process_id, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    qtbot.waitUntil(window.notice.isVisible, timeout=LONG_MS)
    assert "started again" in window.notice.text.text()
    again = ask(real, person, qtbot)
    assert again.answer.citations == answer.answer.citations


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
