"""Names that are hard to write, drives that go away and rules that change: through the whole program."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.assistant import Assistant
from engine.cli import main
from engine.config import Config
from engine.errors import Code, UnreadableDocument, UsageError
from engine.types import Indexed, Reason, Removed, Stage, Working

NAMES = (
    "张 三/报告（终稿）.txt",
    "🦊 emoji/🦊.txt",
    "مرحبا/عربي.txt",
    "x" * 246 + ".txt",
    "trailing dots.../a.txt",
    " blanks / a .txt",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
    os.fsdecode(b"caf\xe9.txt"),
)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INKSTONE_LANG", "en")
    ended = signal.getsignal(signal.SIGTERM)  # the command sets its own
    yield
    signal.signal(signal.SIGTERM, ended)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "我的 文档 🦊"
    for number, name in enumerate(NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"Zebra{number} is the animal of this document.", "utf-8")
    return folder


def test_every_name_comes_back_as_it_is(papers: Path, tmp_path: Path):
    home = tmp_path / "家 " / ("宅" * 60) / "🦊..."
    assistant = Assistant.open(Config.load(home))
    assistant.add([papers])
    list(assistant.index())
    assert {document.path for document in assistant.documents()} == {papers / name for name in NAMES}
    assert assistant.status().failed == 0
    assistant.close()
    again = Assistant.open(Config.load(home))
    for number, name in enumerate(NAMES):
        assert again.search(f"Zebra{number}")[0].document.path == papers / name
        assert again.lines(papers / name, 1, 1).lines[0].startswith(f"Zebra{number}")
    assert not [event for event in again.index() if isinstance(event, Indexed | Removed)]
    again.close()
    done = inkstone(home, "search", "Zebra8", "--json")
    assert os.fsencode(json.loads(done.stdout)["hits"][0]["path"]) == os.fsencode(papers / NAMES[8])


def test_a_drive_that_is_away_is_said_so_and_its_words_are_still_found(papers: Path, tmp_path: Path):
    home = tmp_path / "home"
    assistant = Assistant.open(Config.load(home))
    assistant.add([papers])
    list(assistant.index())
    papers.rename(tmp_path / "unplugged")
    list(assistant.index())
    status = assistant.status()
    assert (status.away, status.indexed, status.folders[0].reachable) == (len(NAMES), len(NAMES), False)
    hit = assistant.search("Zebra0")[0]
    assert hit.document.away
    with pytest.raises(UsageError) as caught:
        assistant.lines(hit.document.path, 1, 1)
    assert caught.value.code is Code.AWAY
    assistant.close()
    assert "cannot be reached now" in inkstone(home, "search", "Zebra0").stdout
    assert f"{len(NAMES)} documents are on drives" in inkstone(home, "status").stdout


def test_a_document_in_the_cloud_is_not_opened_to_be_shown(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assistant = Assistant.open(Config.load(tmp_path / "home"))
    assistant.add([papers])
    monkeypatch.setattr("engine.assistant.is_placeholder", lambda stat: True)
    with pytest.raises(UnreadableDocument) as caught:
        assistant.lines(papers / NAMES[0], 1, 1)
    assert caught.value.reason is Reason.IN_CLOUD
    assistant.close()


def test_rules_are_given_listed_and_taken_back(papers: Path, tmp_path: Path):
    home = tmp_path / "home"
    inkstone(home, "add", str(papers))
    inkstone(home, "exclude", "张 三/", "*🦊*/")
    inkstone(home, "index")
    assert indexed(home) == len(NAMES) - 2
    assert "  张 三/" in inkstone(home, "exclude", "--list").stdout
    assert json.loads(inkstone(home, "exclude", "--json").stdout)["exclude"] == ["张 三/", "*🦊*/"]
    inkstone(home, "exclude", "--remove", "张 三/")
    inkstone(home, "index")
    assert indexed(home) == len(NAMES) - 1
    assert inkstone(home, "exclude", "--remove", "nothing", code=2).stderr.startswith("There is no rule nothing.")
    assert "is not a rule" in inkstone(home, "exclude", "# comment", code=2).stderr


def test_a_rule_takes_effect_while_the_library_is_watched(papers: Path, tmp_path: Path):
    assistant = Assistant.open(Config.load(tmp_path / "home"))
    told: queue.Queue[object] = queue.Queue()
    assistant.add([papers])
    assistant.watch(told.put)
    while told.get(timeout=60) != Working(Stage.IDLE, 0, 0):
        pass
    Config.load(tmp_path / "home").change(exclude="café.txt")  # as the command line does, in another process
    removed = set()
    while len(removed) < 2:  # both forms of the name
        event = told.get(timeout=60)
        if isinstance(event, Removed):
            removed.add(event.path.name)
    assert removed == {"caf\u00e9.txt", "cafe\u0301.txt"}
    assistant.close()


@dataclass(frozen=True)
class Said:
    stdout: str
    stderr: str


def inkstone(home: Path, *words: str, code: int = 0) -> Said:
    """The command, in this process: a dozen starts of Python would take longer than what they show."""
    said, told = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(told), pytest.raises(SystemExit) as ended:
        main(["--home", str(home), *words])
    assert ended.value.code == code, told.getvalue()
    return Said(said.getvalue(), told.getvalue())


def indexed(home: Path) -> int:
    count: int = json.loads(inkstone(home, "status", "--json").stdout)["documents"]["indexed"]
    return count
