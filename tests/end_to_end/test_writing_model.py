"""A real model of random weights, through the whole product: it writes rubbish, so its answers end as quotes."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chatglm_folders import Tiny, make_folder
from filelock import FileLock

from engine.assistant import Assistant
from engine.cli import main
from engine.config import Config
from engine.doctor import examine
from engine.errors import BrokenInstallation, Code
from engine.serving import _SIDE_BY_SIDE, Server
from engine.texts import say_error
from engine.types import Finished, Notice, Quoted, Stop, Turn, Waiting
from engine.wire import from_line, to_line

QUESTION = "How long are audit logs retained?"
QUOTE = "Audit logs are retained for seven years."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two short documents and an imported model."""
    folder = tmp_path_factory.mktemp("papers")
    (folder / "policy.md").write_text(f"# Retention\n\n{QUOTE} Backups are kept for ninety days.\n", "utf-8")
    (folder / "规范.md").write_text("备份策略每季度复核一次。\n", "utf-8")
    home = tmp_path_factory.mktemp("home")
    model = tmp_path_factory.mktemp("models") / "tiny"
    make_folder(model, Tiny())
    assistant = Assistant.open(Config.load(home))
    try:
        assistant.add([folder])
        list(assistant.index())
        manifest = assistant.models.add(model)
        assistant.change(generator=manifest.name, max_new_tokens=24)
    finally:
        assistant.close()
    return home


@pytest.fixture
def assistant(home: Path) -> Iterator[Assistant]:
    opened = Assistant.open(Config.load(home))
    yield opened
    opened.close()


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[str, str]]]:
    """Runs a command in this process: what it printed, and what it said beside that."""
    before = signal.getsignal(signal.SIGTERM)

    def run_one(*words: str) -> tuple[str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(home), *words])
        assert ended.value.code == 0
        return capsys.readouterr()

    yield run_one
    signal.signal(signal.SIGTERM, before)


def test_rubbish_is_not_the_answer(assistant: Assistant):
    events = list(assistant.ask(QUESTION))
    quoted = next(event for event in events if isinstance(event, Quoted))
    assert quoted.citations[0].quote == QUOTE
    assert any(isinstance(event, Waiting) for event in events)
    assert [event.code for event in events if isinstance(event, Notice)][-1] in ("model_unsupported", "model_declined")
    last = events[-1]
    assert isinstance(last, Finished)
    assert (last.answer.mode, last.answer.text) == ("extractive", quoted.text)


def test_what_is_typed_is_prepared_and_a_follow_up_reuses_it(assistant: Assistant):
    assistant.draft("How long are audit")
    list(assistant.ask(QUESTION))
    *_, last = assistant.ask("why?", history=[Turn(QUESTION, "For seven years. [1]")])
    assert isinstance(last, Finished)
    assert last.answer.citations[0].quote == QUOTE


def test_stopping_acts_at_once_and_the_next_question_works(assistant: Assistant):
    *_, stopped = assistant.ask(QUESTION, stop=lambda: True)
    assert isinstance(stopped, Finished)
    assert stopped.answer.stop is Stop.STOPPED
    *_, last = assistant.ask(QUESTION)
    assert isinstance(last, Finished)
    assert last.answer.stop is Stop.COMPLETE


_HELD_UP = """
import sys, time
from pathlib import Path
from engine.children import end_with, own_pipes, read_frame, write_frame
from engine.models import jobs
source, out = own_pipes()
end_with(int(sys.argv[1]))
for reply in (jobs.Trying("cpu"), jobs.Loaded("cpu", "int8", 10**9)):
    write_frame(out, jobs.encode(reply))
while (frame := read_frame(source)) is not None:
    request = jobs.decode(frame)
    if isinstance(request, jobs.Generate):
        while not Path(GATE).exists():
            time.sleep(0.01)
        write_frame(out, jobs.encode(jobs.Done(request.job, True)))
"""


class Window:
    """The other end of a `Server`'s pipes."""

    def __init__(self, assistant: Assistant) -> None:
        (requests, to_requests), (from_replies, replies) = os.pipe(), os.pipe()
        self._source, self._sink = os.fdopen(requests, "rb"), os.fdopen(replies, "wb")
        self._out, self._back = os.fdopen(to_requests, "wb"), os.fdopen(from_replies, "rb")
        self._came: queue.Queue[bytes] = queue.Queue()
        self._heard: list[dict[str, Any]] = []
        self._last = 0
        self._threads = [
            threading.Thread(target=Server(assistant, self._source, self._sink).run),
            threading.Thread(target=lambda: [self._came.put(line) for line in self._back]),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, name: str, **arguments: object) -> int:
        self._last += 1
        self._out.write(to_line({"id": self._last, "do": name, **arguments}))
        self._out.flush()
        return self._last

    def until(self, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The first message so far, or from now on, that is wanted."""
        found = next((message for message in self._heard if wanted(message)), None)
        while found is None:
            message = from_line(self._came.get(timeout=30))
            self._heard.append(message)
            found = message if wanted(message) else None
        return found

    def done(self, id: int) -> Any:
        return self.until(lambda message: message["id"] == id and "done" in message)["done"]

    def waits(self, id: int) -> None:
        """Until the answer has come to waiting for the model."""
        self.until(lambda message: message["id"] == id and isinstance(message.get("event"), Waiting))

    def close(self) -> None:
        for pipe, thread in zip((self._out, self._sink), self._threads, strict=True):
            pipe.close()  # which ends the thread that reads at its other end
            thread.join()
        self._source.close()
        self._back.close()


def test_stopped_questions_leave_room_for_the_next(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Also while the model computes a long prompt, which nothing can interrupt."""
    gate = tmp_path / "gate"
    script = _HELD_UP.replace("GATE", repr(str(gate)))
    monkeypatch.setattr("engine.models.worker.child_command", lambda: [sys.executable, "-c", script])
    window = Window(Assistant.open(Config.load(home)))
    try:
        stopped = [window.send("ask", question=QUESTION) for _ in range(_SIDE_BY_SIDE)]
        for id in stopped:
            window.waits(id)
        last = window.send("ask", question=QUESTION)  # for which there is no thread yet
        for id in stopped:
            window.send("stop", request=id)
        window.waits(last)
        assert [window.done(id).stop for id in stopped] == [Stop.STOPPED] * len(stopped)
        assert window.done(window.send("status")).indexed == 2
        gate.touch()
        assert window.done(last).stop is Stop.COMPLETE
    finally:
        gate.touch()
        window.close()


def test_other_settings_hold_from_the_next_question_on(assistant: Assistant):
    before = assistant.generator()
    assert before
    assert before.compute_type == "int8"
    assistant.change(compute_type="float32")
    after = assistant.generator()
    assert after
    assert after.compute_type == "float32"
    assistant.change(compute_type="", generator="")
    assert assistant.generator() is None
    assert not any(isinstance(event, Quoted) for event in assistant.ask(QUESTION))
    assistant.change(generator="tiny")


def test_a_model_that_is_gone_is_said_and_quotes_answer(assistant: Assistant):
    assistant.config = assistant.config.change(generator="lost")
    try:
        events = list(assistant.ask(QUESTION))
    finally:
        assistant.config = assistant.config.change(generator="tiny")
    assert Notice("no_such_model", {"name": "lost"}) in events
    assert isinstance(events[-1], Finished)
    assert events[-1].answer.citations[0].quote == QUOTE


def test_the_command_prints_quotes_first_and_says_what_it_waits_for(run):
    out, err = run("ask", QUESTION)
    assert out.startswith(f"Your documents say:\n  · {QUOTE}  (policy.md, line 3)\n")
    assert out.splitlines()[-1].startswith(("[1]", "[2]"))
    assert "Loading the language model" in err
    assert "word for word" in err  # the notice


def test_the_command_gives_the_answer_as_json(run):
    answer = json.loads(run("ask", QUESTION, "--json")[0])
    assert (answer["mode"], answer["stop"]) == ("extractive", "complete")
    assert answer["citations"][0]["quote"] == QUOTE


def test_a_check_goes_by_the_settings(assistant: Assistant):
    assistant.change(device="cpu")
    assert assistant.check("tiny")[1] is None
    assistant.change(compute_type="float16")
    manifest, notice = assistant.check("tiny")
    assistant.change(device="", compute_type="")
    assert manifest.kind == "generator"
    assert notice
    assert (notice.code, notice.facts["wanted"]) == ("compute_type_replaced", "float16")


def test_a_check_without_memory_names_the_open_window(assistant: Assistant, monkeypatch: pytest.MonkeyPatch):
    def no_memory(*_: object) -> None:
        raise BrokenInstallation(Code.NO_MEMORY_FOR_MODEL, needed="7.1", free="3.0")

    monkeypatch.setattr(assistant.models, "run", no_memory)
    with pytest.raises(BrokenInstallation) as caught:
        assistant.check("tiny")
    assert caught.value.code is Code.NO_MEMORY_FOR_MODEL
    with FileLock(assistant.config.index_lock), pytest.raises(BrokenInstallation) as caught:
        assistant.check("tiny")
    assert caught.value.code is Code.NO_MEMORY_BESIDE
    assert "7.1 GB" in say_error(caught.value, "zh")


def test_a_model_can_be_chosen_while_there_is_no_memory_for_it(run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.models.generator.Generator.check", lambda self: pytest.fail("it was loaded"))
    assert "goes back to quotes alone" in run("models", "use", "tiny")[0]


def test_models_are_listed_chosen_and_left(run):
    used = {row["name"]: row["in_use"] for row in json.loads(run("models", "list", "--json")[0])["models"]}
    assert used == {"inkstone-embed-small": True, "tiny": True}
    assert "Answers are quotes" in run("models", "use", "quotes")[0]
    assert "model" not in run("ask", QUESTION)[0]
    assert "goes back to quotes alone" in run("models", "use", "tiny")[0]


def test_the_doctor_knows_the_model_and_its_need(assistant: Assistant):
    finding = next(each for each in examine(assistant.config, assistant) if each.name == "generator")
    assert finding.sound
    assert finding.text.startswith("tiny · cuda / cpu · int8 · needs about")
    assistant.config = replace(assistant.config, settings=replace(assistant.config.settings, generator=""))
    finding = next(each for each in examine(assistant.config, assistant) if each.name == "generator")
    assert "answers are quotes" in finding.text
