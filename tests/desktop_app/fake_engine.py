"""A scripted engine for the window's tests: it speaks the protocol of `engine.serving` and knows no models.

Run as a script with --home. What it answers depends on a word in the question: "slow" streams until it is stopped,
"crash" ends the process in the middle, "nothing" finds no sources, "refuse" is an error. "write" is answered by a
model: "hold" then waits before its first word, and "pause" after each piece, until it is stopped or a file "go"
appears in the home; "late" says more after it was stopped; "unheard" ends with the quotes after all; "strange" gives
a notice that has no sentence. Folders outlive a crash. What was asked and drafted is written to "asked.jsonl", the
last change to "changed.json". Conversations are kept as the real engine keeps them; a citation's file that was
changed after it was cited ends with "changed". A document beside a file of its name and ".locked" is encrypted until
the password that this file holds was given. A model is imported from any folder, but one called "letters", which is
refused; from "slow", and when the generator is measured, it takes until it is stopped. "other" is an embedder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from engine import wire
from engine.conversations.feedback import write
from engine.conversations.store import Conversations
from engine.types import (
    EVERYTHING,
    UNSUPPORTED,
    AnewNeed,
    Answer,
    Arriving,
    Box,
    Checked,
    Citation,
    Document,
    Failed,
    Folder,
    Found,
    Indexed,
    LibraryStatus,
    Match,
    ModelCard,
    ModelFacts,
    Notice,
    PageImage,
    Passage,
    Piece,
    Place,
    Quoted,
    Reason,
    Scope,
    Score,
    Sources,
    Span,
    Speed,
    Stage,
    Standing,
    Status,
    Stop,
    TextLines,
    Timings,
    Unit,
    Verdict,
    Wait,
    Waiting,
    Working,
)

PAGE_QUOTE = "Audit logs are retained for seven years."
LINE_QUOTE = "Every department reviews its backup policy once a quarter."
BOX = Box(2, 72, 140, 320, 156)
INSTRUCTIONS = {"en": "Answer from the passages.\n{passages}", "zh": "依据资料回答。\n{passages}"}
READABLE = {".pdf": Unit.PAGE, ".md": Unit.LINE}


CARD = ModelCard("fakes/base", "Apache-2.0", "made up", (Score("recall", 0.5),), 256, 384, "", "Copyright nobody")
MINE = ModelFacts("fake", "embedder", True, 24_000_000, "int8", ("en",), shipped=True, card=CARD)
CHATGLM = ModelFacts(
    "chatglm3-6b", "generator", False, 6_243_000_000, "int8", ("en", "zh"), needed_bytes=7_500_000_000, card=CARD
)


class FakeEngine:
    def __init__(self, home: Path) -> None:
        self.memory = home / "fake.json"
        self.speaking = threading.Lock()
        self.stopped: set[int] = set()
        self.passwords: set[str] = set()
        self.ignored: set[str] = set()
        self.paused = False
        self.kept = Conversations(home / "conversations.sqlite")
        self.noted: dict[int, int] = {}  # the exchanges, by their requests
        self.quoted: dict[int, Quoted] = {}
        self.home = home
        self.used = {"embedder": "fake", "reader": "", "generator": ""}
        self.installed = [MINE, CHATGLM]
        self.folders = [Path(path) for path in json.loads(self.memory.read_text())] if self.memory.exists() else []

    def say(self, **message: object) -> None:
        with self.speaking:
            sys.stdout.buffer.write(wire.to_line(message))
            sys.stdout.buffer.flush()

    def run(self) -> None:
        self.say(id=0, ready=True)
        for line in sys.stdin.buffer:
            message = wire.from_line(line)
            self.take(**message)
            if message["do"] == "quit":
                return

    def take(self, id: int, do: str, **message: object) -> None:
        """One request; it is answered from here, or later from a thread of its own."""
        if do in ("ask", "draft"):
            self.note(do, message)
        if do in ("import_model", "measure"):
            threading.Thread(target=getattr(self, do), args=(id,), kwargs=message, daemon=True).start()
            return
        if do == "ask":
            if "conversation" in message:
                self.begin(id, **message)
            threading.Thread(target=self.ask, args=(id, message["question"]), daemon=True).start()
            return
        self.say(id=id, **getattr(self, do)(**message))
        if do in ("add", "retry", "password", "sample"):
            self.index()

    def status(self) -> dict:
        documents = self.list_documents()
        folders = tuple(
            Folder(path, path.is_file(), path.exists(), *self.counts(documents, path)) for path in self.folders
        )
        failures = tuple(document for document in documents if document.status == Status.FAILED)
        good = len(documents) - len(failures)
        counts = (good, len(failures), 0, good * 7)
        return {"done": LibraryStatus(folders, *counts, failures, "fake", False, paused=self.paused)}

    def documents(self, folder: str | None) -> dict:
        return {"done": tuple(one for one in self.list_documents() if folder in (None, str(one.folder)))}

    def passages(self, path: str, first: int, count: int) -> dict:
        """Three, the last on another page."""
        texts = ((1, "Rules", PAGE_QUOTE), (1, "Rules", LINE_QUOTE), (2, "", "The end."))
        made = [
            Passage(number, 1, number, text, heading, page, page, (Span(0, len(text), page),))
            for number, (page, heading, text) in enumerate(texts)
        ]
        return {"done": tuple(made[first : first + count])}

    def add(self, paths: tuple[str, ...]) -> dict:
        for path in paths:
            if not Path(path).exists():
                return {"error": "no_such_path", "facts": {"path": path}, "exit_code": 2}
        self.folders += [Path(path) for path in paths if Path(path) not in self.folders]
        self.memory.write_text(json.dumps([str(path) for path in self.folders]))
        return {"done": paths}

    def remove(self, paths: tuple[str, ...]) -> dict:
        self.folders = [path for path in self.folders if str(path) not in paths]
        self.memory.write_text(json.dumps([str(path) for path in self.folders]))
        return {"done": None}

    def ignore(self, path: str) -> dict:
        self.ignored.add(path)
        return {"done": None}

    def retry(self, path: str | None) -> dict:
        return {"done": None}

    def password(self, path: str, password: str) -> dict:
        fits = password == lock_of(Path(path)).read_text("utf-8")
        self.passwords |= {password} if fits else set()
        return {"done": fits}

    def is_locked(self, file: Path) -> bool:
        return lock_of(file).exists() and lock_of(file).read_text("utf-8") not in self.passwords

    def stop(self, request: int) -> dict:
        self.stopped.add(request)
        return {"done": None}

    def draft(self, question: str, history: tuple, scope: object) -> dict:
        return {"done": None}

    def begin(self, number: int, question: str, conversation: int, replaces: int, scope=EVERYTHING, **_) -> None:
        noted = self.kept.begin(conversation, question, scope, "", replaces)
        self.noted[number] = noted.exchange
        self.say(id=number, event=noted)

    def conversations(self, words: str) -> dict:
        return {"done": self.kept.all(words)}

    def exchanges(self, conversation: int) -> dict:
        return {"done": self.kept.exchanges(conversation)}

    def rename(self, conversation: int, title: str) -> dict:
        return {"done": self.kept.rename(conversation, title)}

    def pin(self, conversation: int, pinned: bool) -> dict:
        return {"done": self.kept.pin(conversation, pinned)}

    def delete(self, conversation: int) -> dict:
        return {"done": self.kept.delete(conversation)}

    def restore(self, conversation: int) -> dict:
        return {"done": self.kept.restore(conversation)}

    def take_back(self, exchange: int) -> dict:
        return {"done": self.kept.take_back(exchange)}

    def judge(self, exchange: int, verdict: str, why: str) -> dict:
        return {"done": self.kept.judge(exchange, Verdict(verdict), why, "context")}

    def feedback(self, path: str) -> dict:
        return {"done": write(Path(path), self.kept.judged())}

    def recheck(self, citations: tuple[Citation, ...]) -> dict:
        return {"done": tuple(Checked(one, self.standing(one.path)) for one in citations)}

    def standing(self, path: Path) -> Standing:
        if not path.exists():
            return Standing.GONE
        return Standing.CHANGED if b"changed" in path.read_bytes()[-20:] else Standing.FRESH

    def look_up(self, words: str, documents: int, scope: Scope) -> dict:
        """Documents whose names or quotes hold the words, if they lie within the scope."""
        found = []
        for one in self.citations() if self.folders else ():
            at = one.quote.casefold().find(words.casefold().strip())
            inside = not scope.paths or any(one.path.is_relative_to(path) for path in scope.paths)
            if at >= 0 and inside and (not scope.endings or one.path.suffix in scope.endings):
                match = Match(one, ((at, at + len(words.strip())),))
                found.append(Found(one.path, one.title, (match,), 0))
        return {"done": tuple(found)}

    def places(self, path: str, words: str) -> dict:
        """The quote on each page, or the lines that hold the words."""
        if path.endswith(".pdf"):
            found = words.casefold() in PAGE_QUOTE.casefold()
            return {"done": tuple(Place(page, (Box(page, 72, 140, 320, 156),)) for page in (1, 2, 3) if found)}
        lines = enumerate(Path(path).read_text("utf-8").splitlines(), 1)
        return {"done": tuple(Place(number, ()) for number, line in lines if words.casefold() in line.casefold())}

    def models(self) -> dict:
        return {"done": tuple(replace(one, in_use=self.used[one.kind] == one.name) for one in self.installed)}

    def import_model(self, number: int, folder: str, small: bool) -> None:
        self.say(id=number, event=Arriving(1_000_000, 4_000_000))
        name = Path(folder).name
        if name == "letters":
            facts = {"path": folder, "why": "no_file", "file": "model.json"}
            self.say(id=number, error="bad_model", facts=facts, exit_code=3)
            return
        while name == "slow" and number not in self.stopped:
            time.sleep(0.005)
        if name != "slow":
            self.installed.append(replace(MINE, name=name, shipped=False, precision="int8" if small else "float32"))
        self.say(id=number, done=None if name == "slow" else name)

    def measure(self, number: int, model: str) -> None:
        one = next(one for one in self.installed if one.name == model)
        while one.kind == "generator" and number not in self.stopped:
            time.sleep(0.005)
        if one.kind != "generator":
            self.installed[self.installed.index(one)] = replace(one, speed=Speed(34.6, 0.4, 133_000_000, 1))
        self.say(id=number, done=None)

    def remove_model(self, model: str) -> dict:
        self.installed = [one for one in self.installed if one.name != model]
        self.used = {kind: "" if name == model else name for kind, name in self.used.items()}
        return {"done": None}

    def need(self, embedder: str) -> dict:
        return {"done": AnewNeed("fake", 140, 2_000_000, 10**10) if self.folders else None}

    def graphics(self) -> dict:
        return {"done": None}

    def sample(self) -> dict:
        folder = self.home / "Sample"
        folder.mkdir(exist_ok=True)
        (folder / "garden.md").write_text("Broad beans are sown in March.", "utf-8")
        return self.add((str(folder),))

    def instructions(self) -> dict:
        return {"done": INSTRUCTIONS}

    def preview(self, language: str, template: str, style: str) -> dict:
        if "{passages}" not in template:
            return {
                "error": "bad_template",
                "facts": {"why": "field_count", "field": "{passages}", "count": 0},
                "exit_code": 2,
            }
        return {"done": f"{style} {template}".strip().format(passages="[1] A passage.", decline="")}

    def backup(self, path: str) -> dict:
        if Path(path).exists():
            return {"error": "file_exists", "facts": {"path": path}, "exit_code": 2}
        Path(path).write_bytes(b"copy")
        return {"done": path}

    def settings(self) -> dict:
        """What another program has changed."""
        changed = self.memory.parent / "elsewhere.json"
        return {"done": json.loads(changed.read_text()) if changed.exists() else {}}

    def change(self, **settings: object) -> dict:
        for name, value in settings.items():
            if name.startswith("instruction") and value and "{passages}" not in value:
                return {
                    "error": "bad_template",
                    "facts": {"why": "field_count", "field": "{passages}", "count": 0},
                    "exit_code": 2,
                }
            if value == "cuda":
                return {
                    "error": "bad_setting",
                    "facts": {"name": name, "value": value, "allowed": "cpu"},
                    "exit_code": 2,
                }
        self.used |= {name: value for name, value in settings.items() if name in self.used}
        (self.memory.parent / "changed.json").write_text(json.dumps(settings))
        if "paused" in settings:
            self.paused = settings["paused"]
            self.say(id=0, event=Working(Stage.PAUSED if self.paused else Stage.IDLE, 0, 0))
        return {"done": None}

    def quit(self) -> dict:
        return {"done": None}

    def page(self, path: str, page: int, scale: float) -> dict:
        import pymupdf  # only pages need it

        if not Path(path).exists():
            return {"error": "no_such_path", "facts": {"path": path}, "exit_code": 2}
        if self.is_locked(Path(path)):
            return {"error": "unreadable", "facts": {"path": path, "reason": "encrypted"}, "exit_code": 1}
        with pymupdf.open(path) as document:
            picture = document[page - 1].get_pixmap(matrix=pymupdf.Matrix(scale, scale))
            size = (picture.width, picture.height)
            return {"done": PageImage(page, len(document), *size, scale, picture.tobytes("png"))}

    def lines(self, path: str, first: int, count: int) -> dict:
        every = Path(path).read_text("utf-8").splitlines()
        return {"done": TextLines(first, len(every), tuple(every[first - 1 : first - 1 + count]))}

    def index(self) -> None:
        for document in self.list_documents():
            where = {"path": document.path, "folder": document.folder}
            self.say(id=0, event=Working(Stage.READING, 1, 2, **where, seconds_left=240.0))
            if document.status == Status.FAILED:
                self.say(id=0, event=Failed(document.path, document.reason))
            else:
                self.say(id=0, event=Indexed(document.path, 7))
        self.say(id=0, event=Working(Stage.IDLE, 0, 0))

    def ask(self, number: int, question: str) -> None:
        self.say(id=number, event=Sources(()))
        if "refuse" in question:
            self.say(id=number, error="damaged_library", facts={"path": "x", "why": "torn"}, exit_code=3)
            return
        if "nothing" in question:
            self.finish(number, question, "Your documents don't seem to say anything about this.", Stop.NO_SOURCES)
            return
        if "write" in question:
            self.write(number, question)
            return
        if "slow" in question:
            self.stream_until_stopped(number, question)
            return
        for piece, citation in self.pieces():
            self.say(id=number, event=Piece(piece, citation))
            time.sleep(0.005)
            if "crash" in question:
                time.sleep(0.1)
                os._exit(9)
        self.finish(number, question, "".join(piece for piece, _ in self.pieces()), Stop.COMPLETE)

    def write(self, number: int, question: str) -> None:
        quotes = self.pieces()
        cited = self.citations()
        self.quoted[number] = Quoted("".join(piece for piece, _ in quotes), cited)
        self.say(id=number, event=self.quoted[number])
        code = "no such sentence" if "strange" in question else "bad_setting"
        self.say(id=number, event=Notice(code, {"name": "device", "value": "cuda", "allowed": "cpu"}))
        self.say(id=number, event=Waiting(Wait.LOADING, 30.0))
        if "hold" in question or "late" in question:
            self.hold(number)
        if number in self.stopped and "late" not in question:
            return
        for piece in self.written():
            self.say(id=number, event=piece)
            if "pause" in question:
                self.hold(number)
        text = "".join(piece.text for piece in self.written()) + "\n\nIn the end."
        if "unheard" in question:
            text = "".join(piece for piece, _ in quotes)
        self.finish(number, question, text, Stop.COMPLETE, "extractive" if "unheard" in question else "generated")
        (self.memory.parent / "written").touch()

    def hold(self, number: int) -> None:
        go = self.memory.parent / "go"
        while number not in self.stopped and not go.exists():
            time.sleep(0.005)

    def written(self) -> tuple[Piece, ...]:
        first, second = self.citations()
        return (
            Piece("Logs are kept for seven years"),
            Piece(" [1]", first),
            Piece(". Nobody reads them"),
            Piece(UNSUPPORTED),
            Piece(". Backups are looked at quarterly"),
            Piece(" [2]", second),
            Piece("."),
        )

    def note(self, do: str, message: dict) -> None:
        with (self.memory.parent / "asked.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"do": do, **wire.encode(message)}) + "\n")

    def stream_until_stopped(self, number: int, question: str) -> None:
        text = ""
        while number not in self.stopped:
            text += "word "
            self.say(id=number, event=Piece("word "))
            time.sleep(0.005)
        self.finish(number, question, text, Stop.STOPPED)

    def finish(self, number: int, question: str, text: str, stop: Stop, mode: str = "extractive") -> None:
        cited = tuple(citation for _, citation in self.pieces() if citation)
        answer = Answer(question, text, mode, stop, cited, Timings(9, 12, 40))
        if number in self.noted:
            self.kept.finish(self.noted[number], answer, self.quoted.get(number))
        self.say(id=number, done=answer)

    def pieces(self) -> list[tuple[str, Citation | None]]:
        first, second = self.citations()
        return [
            (f"**{first.title}**\n\n", None),
            (f"> {first.quote} [1]", first),
            (f"\n\n**{second.title}**\n\n", None),
            (f"> {second.quote} [2]", second),
        ]

    def citations(self) -> tuple[Citation, Citation]:
        folder = self.folders[0]
        pages = Citation(1, folder / "rules.pdf", "Data rules", Unit.PAGE, 2, PAGE_QUOTE, (BOX,), 0.9)
        lines = Citation(2, folder / "backup.md", "Backup policy", Unit.LINE, 12, LINE_QUOTE, (), 0.8)
        return pages, lines

    def list_documents(self) -> list[Document]:
        found = []
        for folder in self.folders:
            files = [folder] if folder.is_file() else sorted(set(folder.glob("*")) - set(folder.glob("*.locked")))
            files = [file for file in files if str(file) not in self.ignored]
            found += [self.document(folder, file, number) for number, file in enumerate(files, len(found) + 1)]
        return found

    def document(self, folder: Path, file: Path, number: int) -> Document:
        broken = file.stat().st_size == 0
        status, reason = (Status.FAILED, Reason.EMPTY) if broken else (Status.INDEXED, None)
        if self.is_locked(file):
            status, reason = Status.FAILED, Reason.ENCRYPTED
        unit = READABLE.get(file.suffix, Unit.LINE)
        return Document(number, file, folder, file.stem, "00", 10, 0, unit, 6, int(number == 1), status, reason)

    def counts(self, documents: list[Document], folder: Path) -> tuple[int, int, int]:
        mine = [document.status for document in documents if document.folder == folder]
        return mine.count(Status.INDEXED), mine.count(Status.WAITING), mine.count(Status.FAILED)


def lock_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.locked")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--refuse", action="store_true", help="behave as with a library that cannot be opened")
    parser.add_argument("--die", action="store_true", help="end at once, always")
    options = parser.parse_args()
    if options.die:
        os._exit(9)
    engine = FakeEngine(options.home)
    if options.refuse:
        engine.say(id=0, error="newer_library", facts={"path": "library.sqlite", "version": 9}, exit_code=3)
    else:
        engine.run()
