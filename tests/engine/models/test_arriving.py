"""A model folder arrives completely or not at all, also when other processes clean up at the same moment."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import BrokenInstallation, BusyLibrary, Code
from engine.models.arriving import arriving, remove_leftovers

KILLED = """
import os, sys
from pathlib import Path
from engine.models.arriving import arriving
with arriving(Path(sys.argv[1])) as folder:
    (folder / "half.bin").write_bytes(b"half")
    os._exit(9)
"""
CLEANING = (
    "import sys; from pathlib import Path; from engine.models.arriving import remove_leftovers as r; r(Path({!r}))"
)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_what_was_filled_has_its_name_and_nothing_else_is_left(tmp_path):
    with arriving(tmp_path / "models" / "glm") as folder:
        (folder / "parts").mkdir()
        (folder / "parts" / "model.bin").write_bytes(b"whole")
        assert not (tmp_path / "models" / "glm").exists()
    assert everything(tmp_path / "models") == ["glm", "glm/parts", "glm/parts/model.bin"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_import_that_fails_leaves_nothing(tmp_path, error):
    def fail() -> None:
        with arriving(tmp_path / "glm") as folder:
            (folder / "model.bin").write_bytes(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert everything(tmp_path) == []


def test_a_target_that_came_meanwhile_is_kept(tmp_path):
    def arrive_too_late() -> None:
        with arriving(tmp_path / "glm") as folder:
            (folder / "model.bin").write_bytes(b"ours")
            (tmp_path / "glm").mkdir()
            (tmp_path / "glm" / "model.bin").write_bytes(b"theirs")

    with pytest.raises(BrokenInstallation) as caught:
        arrive_too_late()
    assert caught.value.code is Code.CANNOT_WRITE
    assert everything(tmp_path) == ["glm", "glm/model.bin"]
    assert (tmp_path / "glm" / "model.bin").read_bytes() == b"theirs"


def test_a_full_disk_is_told(tmp_path):
    with pytest.raises(BrokenInstallation) as caught, arriving(tmp_path / "glm"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.code is Code.NO_SPACE


def test_one_name_arrives_once_at_a_time(tmp_path):
    with arriving(tmp_path / "glm") as folder:
        with pytest.raises(BusyLibrary) as caught, arriving(tmp_path / "glm"):
            pass
        assert caught.value.code is Code.IMPORTING_ELSEWHERE
        with arriving(tmp_path / "bge"):
            pass
        assert folder.is_dir()
    assert everything(tmp_path) == ["bge", "glm"]


def test_leftovers_of_a_killed_process_go_and_what_arrives_stays(tmp_path):
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "glm"], check=False)
    assert killed.returncode == 9
    assert [path.name for path in tmp_path.iterdir()] == [".importing-glm"]
    with arriving(tmp_path / "bge") as folder:
        (folder / "model.onnx").write_bytes(b"whole")
        remove_leftovers(tmp_path)
        assert not (tmp_path / ".importing-glm").exists()
    assert everything(tmp_path) == ["bge", "bge/model.onnx"]


def test_an_import_begins_anew_after_a_killed_one(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, tmp_path / "glm"], check=False)
    with arriving(tmp_path / "glm") as folder:
        assert everything(folder) == []
    assert everything(tmp_path) == ["glm"]


def test_nobody_cleans_a_folder_away_while_it_gets_its_name(tmp_path, monkeypatch):
    rename = Path.rename

    def rename_after_another_process_cleaned(self: Path, target: Path) -> Path:
        subprocess.run([sys.executable, "-c", CLEANING.format(str(tmp_path))], check=True)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", rename_after_another_process_cleaned)
    with arriving(tmp_path / "glm") as folder:
        (folder / "model.bin").write_bytes(b"whole")
    assert everything(tmp_path) == ["glm", "glm/model.bin"]
