"""How long the window's event loop stands still while a long written answer streams in.

    python -m tests.benchmarks.long_answer [--tokens 5000] [--a-second 60] [--json FILE]

The pieces of an answer (paragraphs, lists, a table, code, citation marks, Chinese and English) come as from the
engine, at a steady rate; the view follows, and a wheel turns now and then. A timer of 5 ms notes what it is late, in
time on the clock and in the processor's own. Qt's offscreen platform paints, unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app import theme
from desktop_app.app import use_fonts
from desktop_app.widgets.answer_view import AnswerView
from desktop_app.widgets.conversation import Conversation
from engine.types import Answer, Citation, Piece, Quoted, Stop, Timings, Unit

TICK_MS = 5
PARTS = (
    "The retention period for audit logs is seven years, counted from the end of the year in which they were written.",
    "审计日志自写入当年年底起保留七年，由信息安全部门每季度检查一次，检查结果写入报告。",
    "- first the department reviews its policy\n- then the officer signs it\n- at last it is archived",
    "| Year | Revenue | Staff |\n| --- | --- | --- |\n| 2019 | 3.1 | 120 |\n| 2020 | 3.4 | 131 |",
    "```python\ndef keep(log):\n    return log.age < 7\n```",
    "Every sentence of such an answer is held against the passages, and carries the number of its passage.",
)


class Late(QObject):
    """Milliseconds by which a timer was late, on the clock and of the processor."""

    def __init__(self) -> None:
        super().__init__()
        self.clock_ms: list[float] = []
        self.cpu_ms: list[float] = []
        self._last = (time.perf_counter(), time.process_time())
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def _note(self) -> None:
        now = (time.perf_counter(), time.process_time())
        self.clock_ms.append(max(0.0, (now[0] - self._last[0]) * 1000 - TICK_MS))
        self.cpu_ms.append((now[1] - self._last[1]) * 1000)
        self._last = now


def tokens(most: int) -> Iterator[Piece]:
    """Words, and after each part its mark, with the citation."""
    given = 0
    for number in count(1):
        part = PARTS[number % len(PARTS)]
        words = [f"{word} " for word in part.split(" ")] if " " in part else list(part)
        for word in words:
            yield Piece(word)
            given += 1
            if given >= most:
                return
        prose = not part.startswith(("-", "|", "`"))
        if prose:
            mark = number % 20 + 1
            yield Piece(f" [{mark}]", citation(mark))
            given += 1
        if not prose or number % 3 == 0:
            yield Piece("\n\n")
            given += 1


def citation(number: int) -> Citation:
    quote = "Audit logs are retained for seven years. " * 6
    return Citation(number, Path(f"/documents/rules {number}.pdf"), "Rules", Unit.PAGE, number, quote, (), 0.9)


def percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = {
        name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for name, share in (("p50", 0.5), ("p99", 0.99))
    }
    return {name: round(value, 1) for name, value in {**at, "max": ordered[-1]}.items()}


def stream(app: QApplication, conversation: Conversation, most: int, a_second: float) -> tuple[AnswerView, Late]:
    answer = conversation.add("How long are logs kept?", "chatglm3-6b")
    answer.take(Quoted("> Audit logs are retained for seven years. [1]", (citation(1),)))
    source, late = tokens(most), Late()
    began = time.perf_counter()
    given = 0

    def give() -> None:
        nonlocal given
        due = int((time.perf_counter() - began) * a_second)
        for _ in range(due - given):
            piece = next(source, None)
            if piece is None:
                giving.stop()
                QTimer.singleShot(500, app.quit)
                return
            answer.take(piece)
            given += 1

    giving = QTimer(interval=10)
    giving.timeout.connect(give)
    giving.start()
    turning = QTimer(interval=30)
    bar = conversation.verticalScrollBar()
    turning.timeout.connect(lambda: bar.setValue(bar.value() + (40 if bar.value() < bar.maximum() else -400)))
    turning.start()
    app.exec()
    return answer, late


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=5000)
    parser.add_argument("--a-second", type=float, default=60.0, help="60 is several times what a 6B model writes here")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    app = QApplication([])
    app.setStyle("Fusion")
    use_fonts(app)
    theme.apply(app, "light")
    conversation = Conversation()
    conversation.resize(900, 700)
    conversation.show()
    answer, late = stream(app, conversation, options.tokens, options.a_second)
    began, own = time.perf_counter(), time.process_time()
    text = answer._text
    answer.finish(Answer("", text, "generated", Stop.COMPLETE, tuple(answer.citations.values()), Timings(1, 1, 1)))
    app.processEvents()
    end = {"clock": round((time.perf_counter() - began) * 1000, 1), "cpu": round((time.process_time() - own) * 1000, 1)}
    result = {
        "late_ms": percentiles(late.clock_ms),
        "cpu_between_ticks_ms": percentiles(late.cpu_ms),
        "over_50_ms": {"clock": sum(v > 50 for v in late.clock_ms), "cpu": sum(v > 50 for v in late.cpu_ms)},
        "finish_ms": end,
        "characters": len(text),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(result))
    if options.json:
        options.json.write_text(json.dumps(result) + "\n", "utf-8")


if __name__ == "__main__":
    main()
