"""How long it takes from a key in the search to the hits on the screen.

    python -m tests.benchmarks.search_typing HOME [--keys 400] [--json FILE]

HOME holds a library, such as `tests.benchmarks.scale --home` leaves behind; it is only read. Words of its own passages
are typed a letter at a time into the real window with the real engine; each key is followed until its hits are painted
(Qt's offscreen platform, unless QT_QPA_PLATFORM says otherwise), and only then comes the next.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.app import Inkstone
from desktop_app.widgets.rail import SEARCH
from engine.config import Config, Settings
from engine.library.keywords import content_terms
from engine.library.store import Store
from engine.types import Scope

WORDS = 2  # are typed one after the other, then all is deleted
PATIENCE_S = 60


def phrases(library: Path, seed: int) -> Iterator[str]:
    """Neighbouring words of passages, drawn by chance; without end."""
    chance = random.Random(seed)
    store = Store(library)
    ids = store.passage_ids(Scope())
    while True:
        id = int(ids[chance.randrange(len(ids))])
        found = store.passages([id])
        words = content_terms(found[id][0].text)[:40] if found else []
        if len(words) > WORDS:
            start = chance.randrange(len(words) - WORDS)
            yield " ".join(words[start : start + WORDS])


def wait(app: QApplication, ready: object) -> None:
    ends = time.perf_counter() + PATIENCE_S
    while not ready():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # at least those of the heartbeat
        if time.perf_counter() > ends:
            raise TimeoutError("the window did not get there")


def put(field: QWidget, letter: str) -> None:
    """As a key, or as an input method gives it, which is how Chinese comes."""
    if letter.isascii():
        QTest.keyClicks(field, letter)
        return
    event = QInputMethodEvent()
    event.setCommitString(letter)
    QApplication.sendEvent(field, event)


def type_and_time(app: QApplication, inkstone: Inkstone, home: Path, keys: int, seed: int) -> list[float]:
    """Milliseconds from each key to its painted hits."""
    page = inkstone.window.search
    shown: list[int] = []
    page.shown.connect(lambda: shown.append(1))
    took_ms: list[float] = []
    for phrase in phrases(home / "library.sqlite", seed):
        page.words.clear()
        wait(app, lambda: not page.model.rowCount())
        for letter in phrase:
            shown.clear()
            began = time.perf_counter()
            put(page.words, letter)
            wait(app, lambda: shown and page._reply is None)
            page.list.viewport().repaint()
            took_ms.append((time.perf_counter() - began) * 1000)
            if len(took_ms) >= keys:
                return took_ms
    return took_ms


def cpu_s(pid: int) -> float:
    """What a process has had of the processor, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--keys", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    app = QApplication([])
    heartbeat = QTimer(interval=20)
    heartbeat.start()
    inkstone = Inkstone(app, Config(options.home, Settings(paused=True, language="en", theme="light")))
    inkstone.window.resize(1280, 820)
    inkstone.start()
    inkstone.window.go_to(SEARCH)
    inkstone.window.search.words.setFocus(Qt.FocusReason.OtherFocusReason)
    wait(app, lambda: inkstone.window.state.status is not None)
    engine = inkstone.bridge.process_id
    before_s = cpu_s(engine) + time.process_time()
    took_ms = sorted(type_and_time(app, inkstone, options.home, options.keys, options.seed))
    spent_ms = (cpu_s(engine) + time.process_time() - before_s) * 1000
    at = {
        name: took_ms[min(len(took_ms) - 1, int(share * len(took_ms)))] for name, share in (("p50", 0.5), ("p99", 0.99))
    }
    result = {name: round(value, 1) for name, value in {**at, "max": took_ms[-1]}.items()}
    result |= {
        "cpu_ms_a_key": round(spent_ms / len(took_ms), 1),
        "keys": len(took_ms),
        "passages": inkstone.window.state.status.passages,
    }
    print(json.dumps(result))
    if options.json:
        options.json.write_text(json.dumps(result), "utf-8")
    inkstone.window.close()


if __name__ == "__main__":
    main()
