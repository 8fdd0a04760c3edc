import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.types import (
    Answer,
    Indexed,
    LibraryStatus,
    ModelFacts,
    Noted,
    Piece,
    Scope,
    Sources,
    Stage,
    Standing,
    Turn,
    Working,
)
from engine.wire import from_line, to_line


class Engine:
    """An engine process and the pipe to it."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "engine.serving", "--home", str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._last = 0

    def send(self, name: str, **arguments: object) -> int:
        assert self.process.stdin
        self._last += 1
        self.process.stdin.write(to_line({"id": self._last, "do": name, **arguments}))
        self.process.stdin.flush()
        return self._last

    def next(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the engine ended"
        return from_line(line)

    def reply(self, id: int) -> tuple[list[Any], dict[str, Any]]:
        """The events of a request and its last message."""
        events = []
        while True:
            message = self.next()
            if message["id"] == id and "event" not in message:
                return events, message
            if message["id"] == id:
                events.append(message["event"])

    def wait_until_idle(self) -> list[Any]:
        events = []
        while True:
            event = self.next().get("event")
            events.append(event)
            if isinstance(event, Working) and event.stage is Stage.IDLE:
                return events

    def end(self) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        code = self.process.wait(30)
        self.process.stdout.close()
        return code


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    started = Engine(tmp_path / "home")
    assert started.next() == {"id": 0, "ready": True}
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.wait()
    for pipe in (started.process.stdin, started.process.stdout):
        if pipe and not pipe.closed:
            pipe.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    (made / "policy.md").write_text("# Retention\n\nAudit logs are retained for seven years.\n", "utf-8")
    return made


def test_a_folder_goes_in_and_a_cited_answer_comes_out(engine: Engine, folder: Path):
    engine.wait_until_idle()
    engine.send("add", paths=[str(folder)])
    assert any(isinstance(event, Indexed) for event in engine.wait_until_idle())
    events, last = engine.reply(engine.send("ask", question="How long are audit logs retained?"))
    assert isinstance(events[0], Sources)
    assert all(isinstance(event, Piece) for event in events[1:])
    assert isinstance(last["done"], Answer)
    assert last["done"].citations[0].path == folder / "policy.md"
    assert "".join(event.text for event in events[1:]) == last["done"].text
    _, read = engine.reply(engine.send("passages", path=str(folder / "policy.md"), first=0, count=5))
    assert [(passage.ordinal, passage.heading) for passage in read["done"]] == [(0, "Retention")]
    assert "seven years" in read["done"][0].text
    _, none = engine.reply(engine.send("passages", path=str(folder / "policy.md"), first=1, count=5))
    assert none["done"] == ()
    _, status = engine.reply(engine.send("status"))
    assert status["done"].stored_bytes > 10_000


def test_status_and_lines_come_back_as_data(engine: Engine, folder: Path):
    engine.reply(engine.send("add", paths=[str(folder)]))
    _, status = engine.reply(engine.send("status"))
    assert isinstance(status["done"], LibraryStatus)
    assert status["done"].folders[0].path == folder
    _, shown = engine.reply(engine.send("lines", path=str(folder / "policy.md"), first=1, count=1))
    assert shown["done"].lines == ("# Retention",)


def test_what_goes_wrong_is_told_with_its_code(engine: Engine, tmp_path: Path):
    _, refused = engine.reply(engine.send("add", paths=[str(tmp_path / "missing")]))
    assert (refused["error"], refused["exit_code"]) == ("no_such_path", 2)
    _, internal = engine.reply(engine.send("ask"))
    assert internal["error"] == "internal"


def test_a_conversation_goes_on_and_drafts_come_back_at_once(engine: Engine, folder: Path):
    engine.wait_until_idle()
    engine.send("add", paths=[str(folder)])
    engine.wait_until_idle()
    history = (Turn("How long are audit logs retained?", "Seven years. [1]"),)
    drafted, last = engine.reply(engine.send("draft", question="why are th", history=history))
    assert (drafted, last["done"]) == ([], None)
    _, last = engine.reply(engine.send("ask", question="And why?", history=history))
    assert last["done"].citations[0].quote == "Audit logs are retained for seven years."


def test_models_are_listed_as_data(engine: Engine):
    _, models = engine.reply(engine.send("models"))
    assert all(isinstance(model, ModelFacts) for model in models["done"])
    assert [model.name for model in models["done"] if model.in_use] == ["inkstone-embed-small"]


def test_a_setting_that_cannot_be_is_refused(engine: Engine):
    _, refused = engine.reply(engine.send("change", temperature=7))
    assert (refused["error"], refused["facts"]["name"], refused["exit_code"]) == ("bad_setting", "temperature", 2)
    _, refused = engine.reply(engine.send("change", instruction_en="without the field"))
    assert refused["error"] == "bad_template"
    _, settings = engine.reply(engine.send("settings"))
    assert (settings["done"]["temperature"], settings["done"]["instruction_en"]) == (0.0, "")
    engine.reply(engine.send("change", temperature=0.5, max_new_tokens=64, compute_ahead=False))
    _, settings = engine.reply(engine.send("settings"))
    assert (settings["done"]["temperature"], settings["done"]["compute_ahead"]) == (0.5, False)


def test_settings_are_kept(engine: Engine, tmp_path: Path):
    engine.reply(engine.send("change", theme="dark"))
    _, settings = engine.reply(engine.send("settings"))
    assert settings["done"]["theme"] == "dark"
    assert 'theme = "dark"' in (tmp_path / "home" / "settings.toml").read_text()


def test_instructions_are_ours_until_they_are_changed_and_checked_then(engine: Engine):
    _, ours = engine.reply(engine.send("instructions"))
    assert all(text.count("{passages}") == 1 for text in (ours["done"]["en"], ours["done"]["zh"]))
    _, refused = engine.reply(engine.send("change", instruction_en="No place for them."))
    assert refused["error"] == "bad_template"
    _, kept = engine.reply(engine.send("change", instruction_zh=ours["done"]["zh"] + "!"))
    assert kept["done"] is None


def test_it_ends_with_its_parents_pipe(engine: Engine):
    assert engine.end() == 0


def test_a_request_that_was_cut_off_leaves_no_engine_behind(engine: Engine):
    assert engine.process.stdin
    engine.process.stdin.write(b'{"id": 1, "do": "sta')
    assert engine.end() == 0


def test_the_folder_it_is_started_in_cannot_hide_our_modules(tmp_path: Path):
    (tmp_path / "queue.py").write_text("raise SystemExit(9)")
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-P", "-m", "engine.serving", "--home", str(tmp_path / "home")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0


def test_it_ends_when_asked_to(engine: Engine):
    engine.reply(engine.send("quit"))
    assert engine.process.wait(30) == 0


def test_a_library_that_cannot_be_opened_is_said_and_ends_it(tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "library.sqlite").write_bytes(b"no database " * 1000)
    refused = Engine(home)
    assert refused.next()["error"] == "damaged_library"
    assert refused.end() == 3


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_its_children_end_when_it_is_killed(engine: Engine, folder: Path):
    engine.send("add", paths=[str(folder)])
    engine.wait_until_idle()
    engine.reply(engine.send("lines", path=str(folder / "policy.md"), first=1, count=1))
    children = children_of(engine.process.pid)
    if not children:
        pytest.skip("this system does not list children in /proc")
    held = [str(link.readlink()) for child in children for link in Path(f"/proc/{child}/fd").iterdir()]
    assert not [name for name in held if name.endswith("index.lock")], "a child inherited the lock"
    engine.process.kill()
    engine.process.wait()
    for child in children:
        wait_until_gone(child)


def children_of(pid: int) -> list[int]:
    """Through all threads: a child belongs to the one that started it."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        return []
    lists = (task / "children" for task in tasks.iterdir())
    return [int(child) for each in lists if each.exists() for child in each.read_text().split()]


def wait_until_gone(pid: int) -> None:
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[0]
        if state == "Z":  # ended; nobody has collected it yet
            return
        os.sched_yield()
        signal.sigtimedwait([], 0.01)
    raise AssertionError(f"{pid} lives on")


def test_what_is_asked_is_kept_and_limited_to_its_scope(engine: Engine, folder: Path):
    engine.wait_until_idle()
    engine.send("add", paths=[folder])
    engine.wait_until_idle()
    scope = Scope((folder / "nowhere",))
    (noted, *_), last = engine.reply(engine.send("ask", question="audit logs", scope=scope, conversation=0))
    assert isinstance(noted, Noted)
    assert last["done"].citations == ()
    again = engine.send("ask", question="audit logs", conversation=noted.conversation, replaces=noted.exchange)
    (second, *_), last = engine.reply(again)
    (kept,) = engine.reply(engine.send("exchanges", conversation=noted.conversation))[1]["done"]
    assert (kept.id, kept.answer) == (second.exchange, last["done"])
    checked = engine.reply(engine.send("recheck", citations=last["done"].citations))[1]["done"]
    assert {each.standing for each in checked} == {Standing.FRESH}
