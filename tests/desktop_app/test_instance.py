"""One window for each data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app import instance
from desktop_app.instance import Instance, address, claim

ROOT = Path(__file__).parents[2]
PATHS = [Path("/文档/a.pdf"), Path("/b")]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "家"
    made.mkdir()
    return made


@pytest.fixture
def first(home: Path, qapp):
    made = claim(home)
    assert made is not None
    yield made
    made.close()


def test_second_start_hands_its_files_to_the_first_and_ends(first: Instance, home: Path, qtbot):
    with qtbot.waitSignal(first.called, timeout=20_000) as called:
        assert claim(home, PATHS) is None
    assert called.args == [tuple(PATHS)]


def test_another_data_folder_has_a_window_of_its_own(first: Instance, tmp_path: Path):
    other = claim(tmp_path)
    assert other is not None
    other.close()


def test_stranger_without_the_key_is_not_heard(first: Instance, home: Path, qtbot, monkeypatch):
    monkeypatch.setattr(instance, "REACH_S", 0.5)
    monkeypatch.setattr(instance, "_key", lambda _: b"guessed")
    with qtbot.assertNotEmitted(first.called):
        assert not instance.hand_over(home, PATHS)
    monkeypatch.undo()
    assert claim(home) is None  # and it hears those who know it


def test_window_that_was_killed_does_not_stand_in_the_way(home: Path, qapp):
    code = f"import os; from pathlib import Path; from desktop_app.instance import claim; claim(Path({str(home)!r}))"
    subprocess.run([sys.executable, "-c", f"{code}; os._exit(9)"], cwd=ROOT, env=os.environ, check=False)
    after = claim(home)
    assert after is not None
    assert after._lock is not None
    after.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have names of their own there")
def test_socket_has_a_path_that_every_system_takes(tmp_path: Path):
    assert len(os.fsencode(address(tmp_path / ("long " * 40)))) <= 100
    assert address(tmp_path) != address(tmp_path / "other")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such permissions")
def test_key_is_for_nobody_else(first: Instance, home: Path):
    assert (home / "window.key").stat().st_mode & 0o077 == 0
