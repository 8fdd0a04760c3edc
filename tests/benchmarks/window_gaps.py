"""How long the window's event loop stands still while the real engine indexes a folder and answers questions.

    python -m tests.benchmarks.window_gaps FOLDER [--seconds 120] [--json FILE]

A timer of 5 ms notes when it fires; what it is late is a gap, in which no key or wheel was answered. Meanwhile the
engine indexes FOLDER, a question is asked every few seconds, the answers' sources are opened, and the pages are
scrolled. Pictures are drawn by Qt's offscreen platform unless QT_QPA_PLATFORM says otherwise (xvfb-run -a works too).
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from itertools import cycle
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.app import Inkstone
from desktop_app.widgets.rail import CHAT, LIBRARY
from engine.config import Config, Settings

TICK_MS = 5
ASK_MS = 4000
SCROLL_MS = 30
QUESTIONS = (
    "How is memory allocated?",
    "什么是概率？",
    "Which register holds the interrupt mask?",
    "审计日志要保留多久？",
    "What is the operating temperature?",
)


class Gaps(QObject):
    """Milliseconds by which the timer was late, by what the engine did then."""

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def _note(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now

    def summary(self) -> dict[str, float]:
        late = sorted(self.late_ms)
        at = {name: late[min(len(late) - 1, int(share * len(late)))] for name, share in (("p50", 0.5), ("p99", 0.99))}
        return {name: round(value, 1) for name, value in {**at, "max": late[-1]}.items()} | {"ticks": len(late)}


class Person(QObject):
    """Asks, opens what is cited, scrolls, and goes to and fro between the pages."""

    def __init__(self, inkstone: Inkstone) -> None:
        super().__init__()
        self._window = inkstone.window
        self._questions = cycle(QUESTIONS)
        self.asked = self.answered = self._step = 0
        for interval, act in ((ASK_MS, self._ask), (SCROLL_MS, self._scroll)):
            timer = QTimer(self, interval=interval)
            timer.timeout.connect(act)
            timer.start()

    def _ask(self) -> None:
        chat = self._window.chat
        if self._window.state.status is None or chat.is_answering:
            return
        answers = chat.conversation.answers
        if answers and answers[-1].answer:
            self.answered += 1
            citations = answers[-1].answer.citations
            if citations:
                chat.open_citation(citations[0], citations)
        self._window.go_to(LIBRARY if self.asked % 5 == 4 else CHAT)
        chat.ask(next(self._questions))
        self.asked += 1

    def _scroll(self) -> None:
        self._step += 1
        page = self._window.library if self._window.pages.currentIndex() == LIBRARY else self._window.chat.conversation
        bar = page.verticalScrollBar()
        bar.setValue(bar.value() + (60 if self._step % 80 < 40 else -60))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seconds", type=int, default=120)
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()
    load = os.getloadavg()[0]
    app = QApplication([])
    with tempfile.TemporaryDirectory() as home:
        inkstone = Inkstone(app, Config(Path(home), Settings(language="en", theme="light")))
        inkstone.window.resize(1280, 820)
        inkstone.start()
        person, gaps = Person(inkstone), Gaps()
        inkstone.window.add([chosen.folder.absolute()])
        QTimer.singleShot(chosen.seconds * 1000, app.quit)
        app.exec()
        status = inkstone.window.state.status
        result = {
            "late_ms": gaps.summary(),
            "asked": person.asked,
            "answered": person.answered,
            "documents": [status.indexed, status.waiting, status.failed] if status else None,
            "still_indexing": inkstone.window.state.working is not None,
            "platform": os.environ["QT_QPA_PLATFORM"],
            "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        }
        inkstone.window.close()
    text = json.dumps(result, indent=2)
    print(text)
    if chosen.json:
        chosen.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
