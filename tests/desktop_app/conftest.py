"""The real window in front of a scripted engine process. Any message from Qt fails the test that caused it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["INKSTONE_LANG"] = "en"

from PySide6.QtCore import qInstallMessageHandler

from desktop_app import language, theme
from desktop_app.app import Inkstone
from engine.config import Config, Settings

FAKE = Path(__file__).parent / "fake_engine.py"
ROOT = Path(__file__).parents[2]


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


def fake_command(home: Path, *options: str) -> list[str]:
    return [sys.executable, str(FAKE), "--home", str(home), *options]


@pytest.fixture
def open_window(qtbot, qapp, tmp_path: Path, monkeypatch):
    """A function that starts the application with settings and a command line for its engine."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    opened: list[Inkstone] = []

    def start(*options: str, **settings: str) -> Inkstone:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
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
    theme.apply(qapp, "light")
    assert language.current() == "en"


@pytest.fixture
def inkstone(open_window, qtbot) -> Inkstone:
    """A window whose engine is ready and whose library is empty."""
    made = open_window(language="en", theme="light")
    qtbot.waitUntil(lambda: made.window.state.status is not None, timeout=10_000)
    return made


@pytest.fixture
def filled(inkstone, folder: Path, qtbot) -> Inkstone:
    """A window with the folder in its library, on the page of questions."""
    inkstone.window.add([folder])
    qtbot.waitUntil(lambda: folder in inkstone.window.library.cards, timeout=10_000)
    inkstone.window.go_to(0)
    return inkstone
