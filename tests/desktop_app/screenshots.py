"""Pictures of the real window, with the real engine, on the demo documents; to look at, and for the README.

    python tests/desktop_app/screenshots.py --out docs/images            chat and library, both themes and languages
    python tests/desktop_app/screenshots.py --out docs/images --written  an answer as a language model writes it
    python tests/desktop_app/screenshots.py --out docs/images --pages    the first run, the models, the guide
    python tests/desktop_app/screenshots.py --out /tmp/look --all        also small windows, other pages, 2x

Documents, passages and quotes are real; the words of the written answer are from here, so that no picture needs a
model of six gigabytes. It is a script and no test: what it makes is judged by eye. Qt's offscreen platform draws as a
screen would.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["PYTHONPATH"] = sys.path[0]
os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.app import Inkstone
from desktop_app.bridge import Failure
from desktop_app.pages.welcome import ASK, READ
from desktop_app.widgets.rail import CHAT, GUIDE, LIBRARY, MODELS, SEARCH, SETTINGS
from desktop_app.window import WELCOME, MainWindow
from engine.config import Config, Settings
from engine.errors import Code, EngineError
from engine.types import (
    UNSUPPORTED,
    Anew,
    Answer,
    Arriving,
    Citation,
    ModelCard,
    ModelFacts,
    Piece,
    Quoted,
    Sources,
    Stage,
    Stop,
    Timings,
    Wait,
    Waiting,
    Working,
)

CHATGLM = ModelFacts(
    "chatglm3-6b",
    "generator",
    False,
    6_243_000_000,
    "int8",
    ("en", "zh"),
    needed_bytes=7_480_000_000,
    card=ModelCard("ChatGLM3", "", "", (), 8192, 0, "", ""),
)
DEMO = Path(__file__).parents[2] / "packaging" / "demo" / "documents"
README_SIZE = (1280, 820)
WRITTEN_SIZE = (1280, 800)
SMALL_SIZE = (900, 600)
QUESTIONS = {"zh": "审计日志要保留多久？", "en": "How long are door and badge records kept?"}
SEARCHED = {"zh": "审计日志", "en": "badge records"}
UNANSWERABLE = {"zh": "火星上能种草莓吗？", "en": "Do strawberries grow on Mars?"}


@dataclass(frozen=True, slots=True)
class Written:
    """A written answer: the questions whose passages it rests on, and its sentences, the last without support."""

    question: str
    parts: tuple[str, str]
    sentences: tuple[str, str, str]


WRITTEN = {
    "en": Written(
        "How long are door and badge records kept, and what does a legal hold change?",
        ("How long are door and badge records kept?", "What happens to a record under a legal hold?"),
        (
            "Door and badge records are kept for **120 days**, counted from the date of the entry.",
            " While Legal has placed a hold on them, they are not deleted, changed or moved, even after that time.",
            " Such a hold usually lasts for a few months.",
        ),
    ),
    "zh": Written(
        "审计日志要保留多久？遇到诉讼时怎么办？",
        ("审计日志要保留多久？", "因诉讼需要延长保留期限时由谁发出保留通知？"),
        (
            "审计日志应当保留**七年**，保留期间不得修改或者删除。",
            "遇到诉讼、仲裁或者监管调查时，由法务部发出书面的保留通知，收到通知的部门应当立即停止清理。",
            "这种情况通常会持续几个月。",
        ),
    ),
}


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
        answer = self.window.chat.conversation.answers[-1].answer
        if answer.citations:
            self._open(answer.citations)
        else:  # a question that finds nothing at all
            self.window.chat.close_source()
        return answer.stop

    def _open(self, citations: tuple[Citation, ...]) -> None:
        best = max(citations, key=lambda citation: citation.score)
        self.window.chat.open_citation(best, citations)
        source = self.window.chat.source
        self.wait(lambda: source.page_view.picture is not None or source.text_view.marked_lines())

    def search(self, words: str) -> None:
        """Words that are looked up, the best passage beside them; then the palette."""
        self.window.go_to(SEARCH)
        page = self.window.search
        page.words.setText(words)
        self.wait(page.model.rowCount)
        page._enter_list()
        self.wait(lambda: page.source.page_view.picture is not None or page.source.text_view.marked_lines())
        self.shoot("search")
        self.window.command_palette.open()
        QTest.qWait(100)
        self.window.command_palette.grab().save(str(self.out / f"palette-{self.suffix}.png"))
        self.window.command_palette.close()

    def stage(self, written: Written, everything: bool) -> None:
        """Show a written answer while it is waited for, while it comes, and when it is there."""
        self.window.go_to(CHAT)
        chat = self.window.chat
        chat.close_source()
        quoted = self._quotes(written)
        view = chat.conversation.add(written.question)
        view.cited.connect(chat.open_citation)
        chat.stack.setCurrentWidget(chat.conversation)
        chat.question.set_busy(True)
        for event in (Sources(()), quoted, Waiting(Wait.PASSAGES, 15.4)):
            view.take(event)
        if everything:
            self.shoot("waiting")
            self.window.resize(*SMALL_SIZE)
            self.shoot("small-waiting")
            self.window.resize(*WRITTEN_SIZE)
        pieces = _pieces(written, quoted.citations)
        for piece in pieces[:3]:
            view.take(piece)
        if everything:
            self.shoot("writing")
        text = "".join(piece.text for piece in pieces)
        view.finish(
            Answer(written.question, text, "generated", Stop.COMPLETE, quoted.citations, Timings(30, 1400, 16000))
        )
        chat.question.set_busy(False)
        chat.open_citation(quoted.citations[0], quoted.citations)
        self.wait(lambda: chat.source.page_view.picture is not None)
        self.shoot("written")

    def choose_generator(self) -> None:
        self.window.choices.change("generator", CHATGLM.name)
        self.wait(lambda: self.window.choices.settings.generator)

    def show_settings(self) -> None:
        """With the chosen generator among the models, which the engine does not have."""
        answers = self.window.settings.answers
        answers._generators = None
        self.window.go_to(SETTINGS)
        self.wait(lambda: answers._generators is not None)
        answers.show_models((CHATGLM,))

    def show_library_at_work(self, folders: list[Path]) -> None:
        """While documents are read, while it is paused, with documents that cannot be read, with a folder away."""
        self.window.go_to(LIBRARY)
        library, told = self.window.library, self.window.state._on_event
        paper = next(folders[0].glob("*.pdf"))
        told(Working(Stage.READING, 1240, 8900, paper, folders[0], 252.0))
        self.shoot("library-reading")
        told(Working(Stage.EMBEDDING, 31_000, 88_500, paper, folders[0], 1510.0))
        self.shoot("library-embedding")
        library.progress.button.click()
        self.wait(lambda: self.window.state.paused)
        self.shoot("library-paused")
        library.progress.button.click()
        self.wait(lambda: not self.window.state.paused)
        (folders[1] / "empty.txt").touch()
        (folders[1] / "damaged scan 扫描件.pdf").write_bytes(b"%PDF-1.7 damaged")
        away = folders[1].parent / "Away"
        away.mkdir()
        shutil.copy(paper, away)
        self.window.add([away])
        self.wait(lambda: away in library.cards and library.cards[away].folder.indexed)
        away.rename(away.with_name("gone"))
        self.window.add([folders[1]])
        state = self.window.state
        self.wait(lambda: len([one for one in state.status.failures if one.folder == folders[1]]) == 2)
        self.wait(lambda: not library.cards[away].folder.reachable)
        self.wait(lambda: self.window.state.working is None)
        library.cards[folders[1]].show_failures.setChecked(True)
        self.shoot("library-failures")
        library.cards[folders[1]].show_failures.setChecked(False)

    def _quotes(self, written: Written) -> Quoted:
        found = [self._best(part) for part in written.parts]
        citations = tuple(replace(one, number=number) for number, one in enumerate(found, 1))
        quotes = (f"**{one.title or one.path.name}**\n\n> {one.quote} [{one.number}]" for one in citations)
        return Quoted("\n\n".join(quotes), citations)

    def _best(self, question: str) -> Citation:
        answers: list[Answer] = []
        self.window.chat._bridge.request("ask", question=question).done.connect(answers.append)
        self.wait(lambda: answers)
        return max(answers[0].citations, key=lambda citation: citation.score)

    def _all_indexed(self) -> bool:
        status = self.window.state.status
        return status.waiting == 0 and status.indexed >= 4


def _pieces(written: Written, citations: tuple[Citation, ...]) -> list[Piece]:
    pieces = []
    for sentence, citation in zip(written.sentences, (*citations, None), strict=True):
        mark = Piece(f" [{citation.number}]", citation) if citation else Piece(UNSUPPORTED)
        pieces += [Piece(sentence), mark]
    return pieces


def open_studio(home: Path, language: str, theme: str, out: Path) -> tuple[Studio, Inkstone]:
    app = QApplication.instance() or QApplication([])
    inkstone = Inkstone(app, Config(home, Settings(language=language, theme=theme)))
    ratio = round(app.devicePixelRatio())
    suffix = f"{theme}-{language}" + (f"@{ratio}x" if ratio > 1 else "")
    inkstone.window.resize(*README_SIZE)
    inkstone.start()
    return Studio(app, inkstone.window, out, suffix), inkstone


def shoot_written(studio: Studio, folders: list[Path], language: str, everything: bool) -> None:
    studio.fill(folders)
    window = studio.window
    window.resize(*WRITTEN_SIZE)
    studio.stage(WRITTEN[language], everything)
    if not everything:
        return
    studio.choose_generator()
    for size, name in ((WRITTEN_SIZE, ""), (SMALL_SIZE, "small-")):
        window.resize(*size)
        window.go_to(CHAT)
        studio.shoot(f"{name}written-folded")
        window.chat.conversation.answers[-1].quotes.fold.click()
        studio.shoot(f"{name}written-open")
        window.chat.conversation.answers[-1].quotes.fold.click()
        studio.show_settings()
        bar = window.settings.verticalScrollBar()
        for place in ("top", "end"):
            QTest.qWait(50)
            bar.setValue(bar.minimum() if place == "top" else bar.maximum())
            studio.shoot(f"{name}settings-{place}")


def shoot_pages(studio: Studio, everything: bool) -> None:
    """The first run with the sample library, the page of models (one of them staged), and the guide."""
    window, sizes = studio.window, ((README_SIZE, ""), (SMALL_SIZE, "small-"))
    studio.wait(lambda: window.state.status is not None)
    for size, name in sizes if everything else sizes[:1]:
        window.resize(*size)
        window.go_to(WELCOME)
        window.welcome.show_step(0)
        studio.shoot(f"{name}welcome")
        window.welcome.show_step(READ)
        if not window.welcome.library.has_sample:
            studio.shoot(f"{name}welcome-empty")
            window.welcome.library.add_sample()
            studio.wait(studio._all_indexed)
        studio.shoot(f"{name}welcome-library")
        window.welcome.show_step(ASK)
        studio.shoot(f"{name}welcome-question")
        _shoot_models(studio, name, everything)
        window.go_to(GUIDE)
        studio.shoot(f"{name}guide")
    window.resize(*README_SIZE)
    window.guide.words.setText("BGE")
    studio.shoot("guide-searched")


def _shoot_models(studio: Studio, name: str, everything: bool) -> None:
    page = studio.window.models
    studio.window.go_to(MODELS)
    studio.wait(lambda: page.state.models)
    if not name:
        shipped = page.state.models[0].name
        page.state.measure(shipped)
        studio.wait(lambda: page.card_of(shipped).model.speed)
        studio.shoot("models-empty")
    QTest.qWait(300)  # what the page asked for when it was shown has come
    page.state._on_models((*(one for one in page.state.models if one.name != CHATGLM.name), CHATGLM))
    page.verticalScrollBar().setValue(0)
    studio.shoot(f"{name}models")
    if everything:
        page.card_of(page.state.models[0].name).details.setChecked(True)
        page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
        studio.shoot(f"{name}models-end")
        page.card_of(page.state.models[0].name).details.setChecked(False)
        page.verticalScrollBar().setValue(0)
        page.state.importing = Path("chatglm3-6b")
        page.state._on_progress(Arriving(2_300_000_000, 6_243_000_000))
        page.anew.show_state(Anew("bge-base", "small", 1200, 8800), None)
        studio.shoot(f"{name}models-working")
        page.state.importing = None
        facts = {"path": "/documents/letters", "why": "no_file", "file": "model.json"}
        page.state._on_import_failed(Failure("told", EngineError(Code.BAD_MODEL, **facts)))
        page.anew.hide()
        studio.shoot(f"{name}models-refused")
        page.state.forget_import()


def shoot_all(studio: Studio, folders: list[Path], language: str, everything: bool) -> None:
    window = studio.window
    if everything:
        studio.wait(lambda: window.state.status is not None)
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
        studio.search(SEARCHED[language])
        studio.show_library_at_work(folders)
        card = window.library.cards[folders[0]]
        card.show_documents.setChecked(True)
        for page, name in ((CHAT, "chat"), (SEARCH, "search"), (LIBRARY, "library"), (SETTINGS, "settings")):
            window.resize(*SMALL_SIZE)
            window.go_to(page)
            studio.shoot(f"small-{name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--all", action="store_true", help="also small windows, other pages, and 2x")
    parser.add_argument("--written", action="store_true", help="only a written answer")
    parser.add_argument("--pages", action="store_true", help="only the first run, the models and the guide")
    parser.add_argument("--one", nargs=2, metavar=("LANGUAGE", "THEME"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.one:
        with tempfile.TemporaryDirectory() as home:
            os.environ["HOME"] = home  # paths below it are shown as ~
            folders = demo_folders(Path(home))
            studio, inkstone = open_studio(Path(home) / "home", *options.one, options.out)
            if options.pages:
                shoot_pages(studio, options.all)
            else:
                shoot = shoot_written if options.written else shoot_all
                shoot(studio, folders, options.one[0], options.all)
            inkstone.window.close()
        return
    for language in ("en", "zh"):
        for theme in ("light", "dark"):
            shoot_apart(options, language, theme)
    if options.all:
        shoot_apart(options, "zh", "light", QT_SCALE_FACTOR="2")
        shoot_apart(options, "en", "dark", QT_SCALE_FACTOR="2")


def shoot_apart(options: argparse.Namespace, language: str, theme: str, **environment: str) -> None:
    """In a process of its own: a scale factor holds for the whole life of an application."""
    flags = [f"--{name}" for name in ("all", "written", "pages") if getattr(options, name)]
    command = [sys.executable, __file__, "--out", str(options.out), "--one", language, theme, *flags]
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
