"""The real window in front of a scripted engine process. Any message from Qt fails the test that caused it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["INKSTONE_LANG"] = "en"

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl, qInstallMessageHandler
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from desktop_app import theme
from desktop_app.app import Inkstone
from desktop_app.language import Speaking
from desktop_app.widgets.answer_text import AnswerText
from desktop_app.widgets.answer_view import AnswerView
from engine.config import Config, Setting, Settings
from tests.desktop_app.near_engine import NearBridge

FAKE = Path(__file__).parent / "fake_engine.py"
ROOT = Path(__file__).parents[2]


class Person:
    """What a person does with the window."""

    def __init__(self, qtbot) -> None:
        self._qtbot = qtbot

    def ask(self, inkstone: Inkstone, question: str) -> AnswerView:
        """Type a question and press Enter; returns where its answer grows."""
        chat = inkstone.window.chat
        self._qtbot.keyClicks(chat.question.edit, question)
        self._qtbot.keyClick(chat.question.edit, Qt.Key.Key_Return)
        return chat.conversation.answers[-1]

    def ask_to_the_end(self, inkstone: Inkstone, question: str) -> AnswerView:
        answer = self.ask(inkstone, question)
        self._qtbot.waitUntil(lambda: answer.answer is not None or answer.failure is not None, timeout=20_000)
        return answer

    def click(self, button: QWidget) -> None:
        self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def click_mark(self, answer: AnswerView, number: int) -> None:
        self.click_sign(answer.text, number)

    def click_sign(self, text: AnswerText, sign: int | str) -> None:
        QApplication.processEvents()  # let the answer take its place
        point = text.cursorRect(text.mark_cursor(sign)).center()
        point.setX(point.x() + 5)
        self._qtbot.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=point)

    def type(self, inkstone: Inkstone, text: str) -> None:
        self._qtbot.keyClicks(inkstone.window.chat.question.edit, text)

    def choose(self, box: QComboBox, value: str) -> None:
        index = box.findData(value)
        box.setCurrentIndex(index)
        box.activated.emit(index)
        QApplication.processEvents()

    def drag_over(self, window: QWidget, data: QMimeData) -> None:
        what = (window.rect().center(), Qt.DropAction.CopyAction, data)
        event = QDragEnterEvent(*what, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window, event)

    def drop(self, window: QWidget, data: QMimeData) -> None:
        what = (QPointF(window.rect().center()), Qt.DropAction.CopyAction, data)
        event = QDropEvent(*what, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window, event)


@pytest.fixture(autouse=True)
def _silent_qt() -> Iterator[None]:
    """Qt says what is wrong in messages that nobody sees: here they are failures."""
    said: list[str] = []
    before = qInstallMessageHandler(lambda kind, context, text: said.append(text))
    yield
    qInstallMessageHandler(before)
    ours = [text for text in said if "propagateSizeHints" not in text and "does not support" not in text]
    assert ours == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document of pages, one of lines, and one that cannot be read."""
    made = tmp_path / "文档 docs"
    made.mkdir()
    with pymupdf.open() as document:
        for number in range(1, 4):
            page = document.new_page(width=595, height=842)
            page.insert_text((72, 100), f"Page {number}")
            page.insert_text((72, 152), "Audit logs are retained for seven years.")
        document.save(made / "rules.pdf")
    lines = [f"Line {number}" for number in range(1, 41)]
    lines[11] = "- Every department reviews its backup"
    lines[12] = "  policy once a quarter."
    (made / "backup.md").write_text("\n".join(lines), "utf-8")
    (made / "empty.txt").touch()
    return made


@pytest.fixture
def person(qtbot) -> Person:
    return Person(qtbot)


@pytest.fixture
def dragged() -> Callable[..., QMimeData]:
    """A function that takes files and folders between the fingers."""

    def take(*paths: Path) -> QMimeData:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        return data

    return take


@pytest.fixture
def fake_command(monkeypatch) -> Callable[..., list[str]]:
    """A function that gives the command of a scripted engine, by its home and options."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return lambda home, *options: [sys.executable, str(FAKE), "--home", str(home), *options]


def welcome_is_over(home: Path) -> None:
    """The first run of this home's window was before."""
    if not (home / "window.ini").exists():
        (home / "window.ini").write_text("[General]\nwelcomed=1\n", "utf-8")


@pytest.fixture
def near(qapp, tmp_path: Path) -> Iterator[NearBridge]:
    """An engine for a page alone, which is dressed and speaks English."""
    home = tmp_path / "home"
    home.mkdir()
    theme.apply(qapp, "light")
    speaking = Speaking(qapp)
    speaking.use("en")
    bridge = NearBridge(home)
    yield bridge
    bridge.engine.stopped.update(range(100))  # ends its threads
    bridge.engine.kept.close()


@pytest.fixture
def open_window(qtbot, qapp, tmp_path: Path, fake_command):
    """A function that starts the application with settings and options for its engine."""
    opened: list[Inkstone] = []

    def start(*options: str, first_run: bool = False, **settings: Setting) -> Inkstone:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        if not first_run:
            welcome_is_over(home)
        inkstone = Inkstone(qapp, Config(home, Settings(**settings)), fake_command(home, *options))
        opened.append(inkstone)
        qtbot.addWidget(inkstone.window)
        inkstone.start()
        return inkstone

    yield start
    for inkstone in opened:
        inkstone.window.close()
        inkstone.speaking.use("en")
        qapp.styleHints().colorSchemeChanged.disconnect(inkstone._on_system_scheme)
    if theme.current() is not theme.LIGHT:
        theme.apply(qapp, "light")


@pytest.fixture
def inkstone(open_window, qtbot) -> Inkstone:
    """A window whose engine is ready and whose library is empty."""
    made = open_window(language="en", theme="light")
    qtbot.waitUntil(lambda: made.window.state.status is not None, timeout=20_000)
    return made


@pytest.fixture
def filled(inkstone, folder: Path, qtbot) -> Inkstone:
    """A window with the folder in its library, on the page of questions."""
    inkstone.window.add([folder])
    qtbot.waitUntil(lambda: folder in inkstone.window.library.cards, timeout=20_000)
    inkstone.window.go_to(0)
    return inkstone
