"""Erasing everything: what is ours goes, what is not stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from engine import erasing
from engine.config import SAMPLE, Config
from engine.errors import BusyLibrary, Code, UsageError

OURS = (
    "library.sqlite",
    "library.sqlite-wal",
    "vectors/graph.bin",
    f"{SAMPLE}/garden.md",
    "speeds.json",
    "conversations.sqlite",
    "conversations-damaged-20260101-000000.sqlite",
    "models/chatglm3-6b/model.bin",
    "backups/library-schema3-20260101-000000.sqlite",
    "settings.toml",
    "window.ini",
    "logs/engine.log",
    "crashes/report.txt",
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = Config.load(tmp_path / "home")
    for name in OURS:
        path = config.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"0123456789")
    return config


def test_everything_of_ours_goes_and_nothing_else(config: Config) -> None:
    beside = config.home.with_name("my notes.txt")
    beside.write_text("mine")
    for name in ("index.lock", "window.lock", "window.key", "inkstone.socket"):  # of the program that runs
        (config.home / name).touch()
    erasing.erase(config)
    assert {path.name for path in config.home.rglob("*")} <= {"window.lock", "window.key", "inkstone.socket"}
    assert beside.read_text() == "mine"


def test_folder_that_is_not_ours_alone_keeps_everything(config: Config) -> None:
    before = {*config.home.rglob("*")}
    notes = config.home / "my notes.txt"
    notes.write_text("mine")
    with pytest.raises(UsageError) as caught:
        erasing.erase(config)
    assert (caught.value.code, caught.value.facts["names"]) == (Code.OTHERS_IN_HOME, "my notes.txt")
    assert {*config.home.rglob("*")} == before | {notes}


def test_parts_have_their_sizes(config: Config) -> None:
    (config.home / "window.ini").unlink()
    found = {part.name: part.size_bytes for part in erasing.parts(config)}
    assert found == {"library": 40, "conversations": 20, "models": 20, "copies": 10, "settings": 10, "records": 20}


def test_documents_behind_a_link_stay(config: Config, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "report.txt").write_text("mine")
    (config.models / "linked").symlink_to(documents)
    (config.home / "logs" / "engine.log").unlink()
    (config.home / "logs").rmdir()
    (config.home / "logs").symlink_to(documents)
    erasing.erase(config)
    assert (documents / "report.txt").read_text() == "mine"
    assert not (config.home / "logs").exists()


def test_nothing_goes_while_another_process_indexes(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "_WAIT_S", 0.1)
    with FileLock(config.index_lock), pytest.raises(BusyLibrary):
        erasing.erase(config)
    assert all((config.home / name).exists() for name in OURS)
