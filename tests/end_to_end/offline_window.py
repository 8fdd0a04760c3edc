"""A person at the window, for `offline`: waits for the library, asks, reads, closes.

    python -m tests.end_to_end.offline_window HOME QUESTION

Exits with 1 when no cited answer comes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.app import Inkstone
from engine.config import Config
from engine.types import Answer

LIMIT_MS = 900_000


def main(home: Path, question: str) -> int:
    app = QApplication([])
    inkstone = Inkstone(app, Config.load(home))
    inkstone.start()
    cited: list[bool] = []

    def ask() -> None:
        reply = inkstone.bridge.request("ask", question=question)
        reply.done.connect(finish)
        reply.failed.connect(lambda _: app.exit(1))

    def finish(answer: Answer) -> None:
        cited.append(bool(answer.citations))
        inkstone.window.go_to(1)  # the library, then the settings, as long as it takes to paint them
        QTimer.singleShot(500, lambda: inkstone.window.go_to(2))
        QTimer.singleShot(1000, inkstone.window.close)
        QTimer.singleShot(1500, app.quit)

    inkstone.bridge.ready.connect(ask)
    QTimer.singleShot(LIMIT_MS, lambda: app.exit(1))
    code = app.exec()
    inkstone.window.close()
    return code or int(cited != [True])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
