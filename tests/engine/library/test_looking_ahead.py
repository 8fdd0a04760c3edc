from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import chunk

from engine.errors import UnreadableDocument
from engine.hashing import sha256_of
from engine.library import looking_ahead
from engine.library.looking_ahead import LookAhead, Slot, Trouble
from engine.library.scanning import found_file
from engine.library.store import FoundFile
from engine.types import Reading, Reason, Unit


class GatedReader:
    """Reads a file once its gate is open; `gates` are open where nothing else is said."""

    def __init__(self) -> None:
        self.gates: dict[str, threading.Event] = {}
        self.reading: list[str] = []
        self.read_names: list[str] = []
        self.interrupted = threading.Event()

    def shut(self, name: str) -> threading.Event:
        self.gates[name] = threading.Event()
        return self.gates[name]

    def read(self, path: Path) -> Reading:
        self.reading.append(path.name)
        while (gate := self.gates.get(path.name)) and not gate.wait(0.01):
            if self.interrupted.is_set():
                raise InterruptedError(path.name)
        self.read_names.append(path.name)
        text = path.read_text("utf-8")
        if text.startswith("!"):
            raise UnreadableDocument(path, Reason.DAMAGED)
        return Reading("", Unit.LINE, 1, 0, (chunk(text),))

    def rest(self) -> None: ...

    def interrupt(self) -> None:
        self.interrupted.set()


@pytest.fixture
def reader() -> GatedReader:
    return GatedReader()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., list[FoundFile]]:
    """write({name: text}) -> the files as a listing finds them."""

    def made(texts: dict[str, str]) -> list[FoundFile]:
        for name, text in texts.items():
            (tmp_path / name).write_text(text, "utf-8")
        return [found_file(tmp_path / name, tmp_path, (tmp_path / name).stat()) for name in texts]

    return made


def take(ahead: LookAhead) -> Slot:
    slot = ahead.take(20)
    assert slot
    return slot


def wait_until(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.005)


def test_files_come_in_their_order_whichever_is_read_first(reader: GatedReader, write) -> None:
    files = write({"a.txt": "slow", "b.txt": "quick", "c.txt": "!"})
    gate = reader.shut("a.txt")
    ahead = LookAhead(files, reader.read, reader.interrupt, set(), 2, lambda: 2)
    wait_until(lambda: sorted(reader.read_names) == ["b.txt", "c.txt"])
    assert ahead.take(0) is None
    gate.set()
    taken = [take(ahead) for _ in files]
    assert [slot.file.path.name for slot in taken] == ["a.txt", "b.txt", "c.txt"]
    assert isinstance(taken[0].outcome, Reading)
    assert taken[2].outcome is Reason.DAMAGED


def test_no_more_read_than_may(reader: GatedReader, write) -> None:
    files = write({f"{name}.txt": name for name in "abcd"})
    gates = [reader.shut(f"{name}.txt") for name in "abcd"]
    ahead = LookAhead(files, reader.read, reader.interrupt, set(), 3, lambda: 1)
    wait_until(lambda: reader.reading)
    for gate in gates:
        gate.set()
    assert [take(ahead).file.path.name for _ in files] == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert reader.reading == ["a.txt", "b.txt", "c.txt", "d.txt"]  # one after the other, so in their order


def test_a_known_content_is_not_read(reader: GatedReader, write, tmp_path: Path) -> None:
    files = write({"a.txt": "known"})
    slot = take(
        LookAhead(files, reader.read, reader.interrupt, {(sha256_of(tmp_path / "a.txt"), "text")}, 1, lambda: 1)
    )
    assert slot.outcome is None
    assert reader.reading == []


def test_a_copy_is_read_once_and_can_be_resolved(reader: GatedReader, write) -> None:
    files = write({"a.txt": "twins", "b.txt": "twins"})
    ahead = LookAhead(files, reader.read, reader.interrupt, set(), 2, lambda: 2)
    slots = [take(ahead), take(ahead)]
    assert len(reader.read_names) == 1
    (twin,) = [slot for slot in slots if slot.outcome is None]
    ahead.resolve(twin)
    assert isinstance(twin.outcome, Reading)
    assert len(reader.read_names) == 1


def test_a_file_that_went_away_or_grew_has_no_reading(reader: GatedReader, write, tmp_path: Path) -> None:
    files = write({"a.txt": "gone", "b.txt": "grows"})
    (tmp_path / "a.txt").unlink()
    gate = reader.shut("b.txt")
    ahead = LookAhead(files, reader.read, reader.interrupt, set(), 1, lambda: 1)
    assert take(ahead).outcome is Trouble.GONE
    wait_until(lambda: reader.reading)
    (tmp_path / "b.txt").write_text("grows and grows", "utf-8")
    gate.set()
    assert take(ahead).outcome is Trouble.CHANGING


def test_what_a_reader_raises_is_raised_where_its_file_is_taken(reader: GatedReader, write) -> None:
    files = write({"a.txt": "fine", "b.txt": "bad"})

    class Bug(Exception):
        pass

    def read(path: Path) -> Reading:
        if path.name == "b.txt":
            raise Bug
        return Reading("", Unit.LINE, 1, 0, ())

    reader.read = read  # type: ignore[method-assign]
    ahead = LookAhead(files, reader.read, reader.interrupt, set(), 2, lambda: 2)
    take(ahead)
    with pytest.raises(Bug):
        ahead.take(20)


def test_closing_interrupts_what_is_read_and_nothing_more_begins(reader: GatedReader, write) -> None:
    files = write({"a.txt": "endless", "b.txt": "never"})
    reader.shut("a.txt")
    ahead = LookAhead(files, reader.read, reader.interrupt, set(), 1, lambda: 1)
    wait_until(lambda: reader.reading)
    ahead.close()
    assert reader.interrupted.is_set()
    wait_until(lambda: not any(thread.name == "reading ahead" for thread in threading.enumerate()))
    assert reader.reading == ["a.txt"]


def test_a_share_that_does_not_answer_holds_up_nothing_else(
    reader: GatedReader, write: Callable[..., list[FoundFile]], monkeypatch: pytest.MonkeyPatch
):
    released = threading.Event()
    share = Path("/share")
    here = write({"a.txt": "a", "b.txt": "b"})
    there = [FoundFile(share / f"{number}.txt", share, 1, 1) for number in range(3)]

    def hanging(path: Path, heard: Callable[[], None]) -> str:
        if path.is_relative_to(share):
            released.wait(60)
        return sha256_of(path, heard)

    monkeypatch.setattr(looking_ahead, "sha256_of", hanging)
    monkeypatch.setattr(looking_ahead, "_SILENT_S", 0.2)
    ahead = LookAhead([here[0], *there, here[1]], reader.read, reader.interrupt, (), 1, lambda: 1)
    taken: list[Slot] = []
    while len(taken) < 5:
        if slot := ahead.take(0.05):
            taken.append(slot)
    released.set()
    ahead.close()
    assert [slot.outcome for slot in taken[1:4]] == [Trouble.AWAY] * 3
    assert reader.read_names == ["a.txt", "b.txt"]


def test_a_disk_that_fails_is_not_a_file_without_permission(
    reader: GatedReader, write: Callable[..., list[FoundFile]], monkeypatch: pytest.MonkeyPatch
):
    failures = {"a.txt": OSError(5, "Input/output error"), "b.txt": PermissionError(13, "Permission denied")}

    def failing(path: Path, heard: Callable[[], None]) -> str:
        raise failures[path.name]

    monkeypatch.setattr(looking_ahead, "sha256_of", failing)
    files = [*write({"a.txt": "a", "b.txt": "b"}), FoundFile(Path("/no/such/c.txt"), Path("/no"), 1, 1)]
    failures["c.txt"] = FileNotFoundError(2, "No such file or directory")
    ahead = LookAhead(files, reader.read, reader.interrupt, (), 1, lambda: 1)
    outcomes: list[object] = []
    while len(outcomes) < 3:
        if slot := ahead.take(1):
            outcomes.append(slot.outcome)
    ahead.close()
    assert outcomes == [Trouble.AWAY, Trouble.NO_ACCESS, Trouble.AWAY]
