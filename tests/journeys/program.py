"""The program as people start it, and beside it a witness that says what can be seen in its windows.

Run as a script with --home. A line on stdin is a request: "look" is answered by one line of JSON on stdout, every part
that is in sight with its place on the screen. The witness does nothing: what is done, comes from the X server.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from desktop_app.app import run
from desktop_app.widgets.answer_text import AnswerText
from desktop_app.widgets.page_view import PageView
from engine.config import Config

Part = dict[str, Any]  # kind, text, name, enabled, focused, rect: [x, y, width, height] on the screen
MOST_MARKS = 9


class Witness(QObject):
    """Its thread reads stdin; what is looked at, is looked at by the thread of the windows."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wanted.connect(self._tell)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for _ in sys.stdin:
            self.wanted.emit()

    def _tell(self) -> None:
        print(json.dumps([*seen()]), flush=True)


def seen() -> Iterator[Part]:
    """Everything that is in sight, of the front window first."""
    for window in sorted(QApplication.topLevelWidgets(), key=lambda window: not window.isActiveWindow()):
        if window.isVisible():
            for widget in (window, *window.findChildren(QWidget)):
                # what scrolls may be covered by its own viewport
                face = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
                if face.isVisible() and not face.visibleRegion().isEmpty():
                    yield from parts(widget)


def parts(widget: QWidget) -> Iterator[Part]:
    region = widget.visibleRegion().boundingRect()
    yield part(widget, type(widget).__name__, text_of(widget), region)
    if isinstance(widget, QMenu):
        for action in widget.actions():
            yield part(widget, "action", action.text(), widget.actionGeometry(action))
    if isinstance(widget, AnswerText):
        for number in range(1, MOST_MARKS + 1):
            if widget.mark_position(number) >= 0:
                corner = widget.cursorRect(widget.mark_cursor(number)).topLeft()
                yield part(widget.viewport(), "mark", str(number), QRect(corner, corner + QPoint(12, 14)))
    if isinstance(widget, PageView) and widget.picture is not None:
        yield part(widget.viewport(), "page", "", widget.viewport().rect())
    if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        yield part(
            widget.viewport(), "row", str(widget.currentIndex().data() or ""), widget.visualRect(widget.currentIndex())
        )


def part(widget: QWidget, kind: str, text: str, where: QRect) -> Part:
    corner = widget.mapToGlobal(where.topLeft())
    return {
        "kind": kind,
        "text": text,
        "name": widget.accessibleName(),
        "enabled": widget.isEnabled(),
        "focused": widget.hasFocus(),
        "rect": [corner.x(), corner.y(), where.width(), where.height()],
    }


def text_of(widget: QWidget) -> str:
    if widget.isWindow():
        return widget.windowTitle()
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        return widget.text()
    return widget.toPlainText() if isinstance(widget, QTextEdit | QPlainTextEdit) else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    config = Config.load(parser.parse_args().home)
    witness = Witness()
    sys.exit(run(config))
