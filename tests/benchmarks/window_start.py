"""How long a start takes until the window can be used, and what window and engine then keep in memory.

    python -m tests.benchmarks.window_start HOME [--times 5] [--idle 20] [--json FILE]

HOME holds a library, such as `tests.benchmarks.scale --home DIR --passages 20000` leaves behind; it should not be
indexing (this sets `paused`, since made vectors are of no installed model). Each start is a process of its own: from
its creation to the first painted window that takes keys (`window`), and to the first status of the library
(`library`). The processor's own seconds count the window alone. Memory is what is the process's own (Pss of Linux),
of the engine before any model is loaded (`before`), and, `idle` seconds after a search by words and meaning, of the
window, of the engine with its model, and of all its children. For that the library's vectors must be of the shipped
embedder (`--vectors-are-ours` says so of made ones). The first start is not counted: it warms the disk's cache.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from engine.config import SHIPPED_MODELS, Config
from engine.library.store import Store
from engine.models.manifest import Manifest

CHILD = "--child"


def child(home: Path, began: float, idle_s: float) -> None:
    """In a process of its own: start as `inkstone` does, tell when, wait, tell the memory, end."""
    from PySide6.QtCore import QTimer  # these imports are part of what is measured
    from PySide6.QtWidgets import QApplication

    from desktop_app.app import Inkstone

    app = QApplication([])
    inkstone = Inkstone(app, Config.load(home))
    told: dict[str, float] = {}

    def painted() -> None:
        app.processEvents()
        inkstone.window.chat.question.edit.insertPlainText("k")
        inkstone.window.grab()
        told["window_s"], told["window_cpu_s"] = time.time() - began, time.process_time()

    def library() -> None:
        if "library_s" not in told:
            told["library_s"], told["library_cpu_s"] = time.time() - began, time.process_time()
            told["before_mb"] = pss_mb(inkstone.bridge.process_id)
            searched = inkstone.bridge.request("search", query="How long are logs kept?", k=5) if idle_s else None
            if searched is None:
                weigh()
                return
            searched.done.connect(lambda _: QTimer.singleShot(round(idle_s * 1000), weigh))
            searched.failed.connect(lambda failure: (print(failure, flush=True), app.exit(1)))

    def weigh() -> None:
        told["window_mb"] = pss_mb(os.getpid())
        told["engine_mb"] = pss_mb(inkstone.bridge.process_id)
        told["children_mb"] = sum(pss_mb(pid) for pid in children(inkstone.bridge.process_id))
        print(json.dumps(told), flush=True)
        inkstone.window.chat.question.edit.clear()
        getattr(inkstone.window, "quit", inkstone.window.close)()
        app.quit()

    inkstone.window.state.changed.connect(library)
    QTimer.singleShot(0, painted)
    inkstone.start()
    app.exec()


def pss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024, 1)


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for each in (task / "children").read_text().split():
            found += [int(each), *children(int(each))]
    return found


def start(home: Path, idle_s: float) -> dict[str, float]:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    words = [str(home), CHILD, repr(time.time()), "--idle", str(idle_s)]
    command = [sys.executable, "-m", "tests.benchmarks.window_start", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--idle", type=float, default=20.0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--vectors-are-ours", action="store_true")
    parser.add_argument(CHILD, type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.home, options.child, options.idle)
        return
    config = Config.load(options.home)
    if options.vectors_are_ours:
        store = Store(config.library)
        with store.database.writing():  # choosing the embedder would embed everything anew
            store._set_meta("embedder", Manifest.load(SHIPPED_MODELS / config.settings.embedder).id)
        store.close()
    if not config.settings.paused:
        config.change(paused=True)
    start(options.home, 0)
    taken = [start(options.home, 0) for _ in range(options.times)]
    result: dict[str, object] = {name: round(statistics.median(one[name] for one in taken), 3) for name in TIMES}
    idle = start(options.home, options.idle)
    result |= {name: idle[name] for name in ("before_mb", "window_mb", "engine_mb", "children_mb")}
    result |= {"times": options.times, "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(result))
    if options.json:
        options.json.write_text(json.dumps(result) + "\n", "utf-8")


TIMES = ("window_s", "window_cpu_s", "library_s", "library_cpu_s")

if __name__ == "__main__":
    main()
