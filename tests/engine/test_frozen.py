"""The frozen program without PyInstaller: a script in its place, which says that it is frozen."""

from __future__ import annotations

import os
import queue
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.bridge import engine_command
from engine.children import RUN_MODULE, ChildProcess, with_pipes
from engine.documents import processes
from engine.documents.protocol import Ready, decode_reply
from engine.errors import Code
from engine.frozen import CHILDREN, give_back_environment, main
from engine.models import errands, worker
from engine.wire import from_line

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script cannot stand in for a program there")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the frozen program is to those that it starts; we are frozen, too."""
    path = tmp_path / "ink stone"
    path.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -P -c 'import sys; sys.frozen = True; sys.path.insert(0, \"{ROOT}\")\n"
        'from engine.frozen import main; main()\' "$@"\n',
        "utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(path))
    return path


def test_every_child_is_one_that_the_frozen_program_knows(program: Path) -> None:
    commands = (processes.child_command, errands.child_command, worker.child_command)
    started = [engine_command(Path("home")), *(command() for command in commands)]
    assert [words[0] for words in started] == [str(program)] * len(CHILDREN)
    assert tuple(words[2] for words in started) == CHILDREN


def test_children_of_a_window_on_windows_have_pipes() -> None:
    assert with_pipes(Path("Inkstone/InkstoneWindow.exe"), "nt") == Path("Inkstone/inkstone.exe")
    assert with_pipes(Path("/usr/lib/inkstone/inkstone"), "posix") == Path("/usr/lib/inkstone/inkstone")


def test_frozen_program_reads_documents_in_itself(program: Path) -> None:
    told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    child = ChildProcess(processes.child_command(), ["10", "1000000000"], told.put)
    frame = told.get(timeout=300)
    child.kill()
    assert frame is not None
    assert isinstance(decode_reply(frame), Ready)


def test_frozen_program_is_the_engine_of_the_window(program: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text('theme = "pink"', "utf-8")  # it says so, and ends
    done = subprocess.run([*engine_command(home)], input=b"", capture_output=True, timeout=300, check=False)
    assert from_line(done.stdout)["error"] == Code.BAD_SETTINGS.value


def test_frozen_program_is_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["inkstone", "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "usage: inkstone" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["this"], ["engine.cli"]])
def test_no_other_module_can_be_run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["inkstone", RUN_MODULE, *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2


def test_programs_that_we_start_get_the_environment_of_the_system() -> None:
    anew = {"PYINSTALLER_RESET_ENVIRONMENT": "1"}  # what is started finds its own libraries, as we did
    ours = {"LD_LIBRARY_PATH": "/opt/ours", "HOME": "/home/li"}
    give_back_environment(ours)
    assert ours == {"HOME": "/home/li"} | anew
    persons = {"LD_LIBRARY_PATH": "/opt/ours:/opt/cuda", "LD_LIBRARY_PATH_ORIG": "/opt/cuda"}
    give_back_environment(persons)
    assert persons == {"LD_LIBRARY_PATH": "/opt/cuda"} | anew
