"""Pictures of the real window, with the real engine, on the demo documents; to look at, and for the README.

    python tests/desktop_app/screenshots.py --out docs/images            chat and library, both themes and languages
    python tests/desktop_app/screenshots.py --out /tmp/look --all        also small windows, other pages, 2x

It is a script and no test: what it makes is judged by eye. Qt's offscreen platform draws as a screen would.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["PYTHONPATH"] = sys.path[0]
os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.app import Inkstone
from desktop_app.widgets.rail import CHAT, LIBRARY, SETTINGS
from desktop_app.window import MainWindow
from engine.config import Config, Settings
from engine.types import Stop

DEMO = Path(__file__).parents[2] / "packaging" / "demo" / "documents"
README_SIZE = (1280, 820)
SMALL_SIZE = (900, 600)
QUESTIONS = {"zh": "审计日志要保留多久？", "en": "How long are door and badge records kept?"}
UNANSWERABLE = {"zh": "火星上能种草莓吗？", "en": "Do strawberries grow on Mars?"}


@dataclass(frozen=True, slots=True)
class Studio:
    """One run of the window, whose pictures go to `out` with `suffix` in their names."""

    app: QApplication
    window: MainWindow
    out: Path
    suffix: str

    def wait(self, ready: Callable[[], object], timeout_s: float = 180) -> None:
        for _ in range(int(timeout_s * 50)):
            if ready():
                return
            QTest.qWait(20)
        raise TimeoutError("the window did not get there")

    def shoot(self, name: str) -> None:
        QTest.qWait(400)  # late pictures at the right scale, scroll bars that settle
        path = self.out / f"{name}-{self.suffix}.png"
        self.window.grab().save(str(path))
        print(path)

    def fill(self, folders: list[Path]) -> None:
        self.wait(lambda: self.window.state.status is not None)
        self.window.add(folders)
        self.wait(lambda: set(folders) <= set(self.window.library.cards))
        self.wait(lambda: self.window.state.working is None and self._all_indexed())

    def ask(self, question: str) -> Stop:
        self.window.go_to(CHAT)
        self.window.chat.ask(question)
        self.wait(lambda: not self.window.chat.is_answering)
        answer = self.window.chat.conversation.answers[-1]
        best = max(answer.answer.citations, key=lambda citation: citation.score)
        self.window.chat.open_citation(best, answer.answer.citations)
        source = self.window.chat.source
        self.wait(lambda: source.page_view.picture is not None or source.text_view.marked_lines())
        return answer.answer.stop

    def _all_indexed(self) -> bool:
        status = self.window.state.status
        return status.waiting == 0 and status.indexed >= 4


def shoot_all(home: Path, folders: list[Path], language: str, theme: str, out: Path, everything: bool) -> None:
    app = QApplication.instance() or QApplication([])
    inkstone = Inkstone(app, Config(home, Settings(language=language, theme=theme)))
    ratio = round(app.devicePixelRatio())
    suffix = f"{theme}-{language}" + (f"@{ratio}x" if ratio > 1 else "")
    studio = Studio(app, inkstone.window, out, suffix)
    inkstone.window.resize(*README_SIZE)
    inkstone.start()
    if everything:
        studio.wait(lambda: inkstone.window.state.status is not None)
        studio.shoot("start")
    studio.fill(folders)
    studio.shoot("library")
    ended = studio.ask(QUESTIONS[language])
    studio.shoot("chat")
    if ended != Stop.COMPLETE:
        print(f"The demo question was not answered: {QUESTIONS[language]}", file=sys.stderr)
    if everything:
        studio.ask(UNANSWERABLE[language])
        studio.shoot("nothing")
        card = inkstone.window.library.cards[folders[0]]
        card.show_documents.setChecked(True)
        for page, name in ((CHAT, "chat"), (LIBRARY, "library"), (SETTINGS, "settings")):
            inkstone.window.resize(*SMALL_SIZE)
            inkstone.window.go_to(page)
            studio.shoot(f"small-{name}")
    inkstone.window.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--all", action="store_true", help="also small windows, other pages, and 2x")
    parser.add_argument("--one", nargs=2, metavar=("LANGUAGE", "THEME"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.one:
        with tempfile.TemporaryDirectory() as home:
            os.environ["HOME"] = home  # paths below it are shown as ~
            folders = demo_folders(Path(home))
            shoot_all(Path(home) / "home", folders, *options.one, options.out, options.all)
        return
    for language in ("en", "zh"):
        for theme in ("light", "dark"):
            shoot_apart(options.out, options.all, language, theme)
    if options.all:
        shoot_apart(options.out, True, "zh", "light", QT_SCALE_FACTOR="2")
        shoot_apart(options.out, True, "en", "dark", QT_SCALE_FACTOR="2")


def shoot_apart(out: Path, everything: bool, language: str, theme: str, **environment: str) -> None:
    """In a process of its own: a scale factor holds for the whole life of an application."""
    command = [sys.executable, __file__, "--out", str(out), "--one", language, theme, *(["--all"] * everything)]
    subprocess.run(command, env=os.environ | environment, check=True)


def demo_folders(home: Path) -> list[Path]:
    """The demo documents as a person would have them: in folders with names that mean something."""
    documents = home / "Documents"
    handbooks, minutes = documents / "公司制度 Policies", documents / "Meeting notes"
    for folder, kinds in ((handbooks, (".pdf",)), (minutes, (".md", ".txt"))):
        folder.mkdir(parents=True)
        for file in sorted(DEMO.iterdir()):
            if file.suffix in kinds:
                shutil.copy(file, folder)
    (home / "home").mkdir()
    return [handbooks, minutes]


if __name__ == "__main__":
    main()
