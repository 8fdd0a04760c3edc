"""Files are hashed and read side by side, ahead of whoever takes them, and given in their order.

Here are threads, because the work is done by the children that read and the time is spent waiting for them. They touch
no library: what is known is told to them, and what they find is kept by the thread that takes it.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from engine.documents.kinds import kind_of
from engine.errors import UnreadableDocument
from engine.hashing import sha256_of
from engine.library.scanning import found_file
from engine.library.store import FoundFile
from engine.types import Reading, Reason

_FILES_AHEAD = 16  # a worker: one slow document shall not hold the others up
_PASSAGES_AHEAD = 20_000  # of all that are read and not taken: some 60 MB
_LOOK_S = 1.0  # between questions how many may work
_SILENT_S = 30.0  # without a byte of a file: its drive or share does not answer

Key = tuple[str, str]  # sha256 and kind: the same bytes under another suffix are read in another way


class Reader(Protocol):
    def read(self, path: Path) -> Reading: ...

    def skim(self, path: Path) -> Reading: ...

    def rest(self) -> None: ...

    def interrupt(self) -> None: ...


class Trouble(Enum):
    """Why a file, whatever it holds, was not read."""

    GONE = auto()
    NO_ACCESS = auto()
    AWAY = auto()  # its drive or share fails, or does not answer
    CHANGING = auto()  # it was written to meanwhile: what was read may be half of it


@dataclass(slots=True, eq=False)
class Slot:
    """One file on its way. `outcome` is None where its content is known, or read for another file."""

    file: FoundFile
    sha256: str = ""
    outcome: Reading | Reason | Trouble | None = None
    twin: Slot | None = None  # the file that the same content is read for
    error: BaseException | None = None
    is_done: bool = False
    worker: int = 0
    heard_s: float = math.inf  # when it last got on, while nobody else watches over that

    @property
    def kind(self) -> str:
        return kind_of(self.file.path) or ""

    @property
    def passages(self) -> int:
        return len(self.outcome.chunks) if isinstance(self.outcome, Reading) else 0


class LookAhead:
    """`take` gives the files one after the other while up to `workers` of them are read.

    `allowed` says how many may work now; the first always may. `known` holds the contents that need no reading.
    """

    def __init__(
        self,
        files: Sequence[FoundFile],
        read: Callable[[Path], Reading],
        interrupt: Callable[[], None],
        known: Container[Key],
        workers: int,
        allowed: Callable[[], int],
    ) -> None:
        self._slots = [Slot(file) for file in files]
        self._read = read
        self._interrupt = interrupt
        self._known = known
        self._allowed = allowed
        self._readers: dict[Key, Slot] = {}
        self._window = _FILES_AHEAD * workers
        self._news = threading.Condition()  # guards all that follows, and the slots
        self._begun = self._taken = self._held = 0
        self._is_closed = False
        self._silent: set[Path] = set()  # roots that do not answer
        for number in range(min(workers, len(files))):
            self._start(number)

    def take(self, wait_s: float) -> Slot | None:
        """The next file, None when it is not read within `wait_s`. Raises what reading it has raised, but for OSError
        and UnreadableDocument."""
        slot = self._slots[self._taken]
        with self._news:
            if not self._news.wait_for(lambda: slot.is_done, wait_s) and not self._is_given_up(slot):
                return None
            self._taken += 1
            self._held -= slot.passages
            self._news.notify_all()
        if slot.error:
            raise slot.error
        return slot

    def resolve(self, slot: Slot) -> None:
        """Give `slot` an outcome after all: its twin's, or one of its own."""
        twin = slot.twin
        if twin:
            with self._news:
                self._news.wait_for(lambda: twin.is_done)
            if isinstance(twin.outcome, Reading | Reason):
                slot.outcome = twin.outcome
                return
        slot.outcome = self._outcome(slot.file)

    def close(self) -> None:
        """End what is still being read."""
        with self._news:
            self._is_closed = True
            unfinished = any(not slot.is_done for slot in self._slots[self._taken : self._begun])
            self._news.notify_all()
        if unfinished:
            self._interrupt()

    def _start(self, number: int) -> None:
        threading.Thread(target=self._work, args=[number], name="reading ahead", daemon=True).start()

    def _is_given_up(self, slot: Slot) -> bool:
        """Whether its root is silent. The call that hangs cannot be ended: its thread is left behind for another."""
        if time.monotonic() - slot.heard_s < _SILENT_S:
            return False
        self._silent.add(slot.file.root)
        slot.outcome, slot.is_done = Trouble.AWAY, True
        self._start(slot.worker)
        return True

    def _work(self, number: int) -> None:
        while slot := self._next(number):
            slot.worker = number
            outcome: Reading | Reason | Trouble | None = None
            error: BaseException | None = None
            try:
                outcome = Trouble.AWAY if slot.file.root in self._silent else self._filled(slot)
            except FileNotFoundError:
                outcome = Trouble.GONE if slot.file.path.parent.exists() else Trouble.AWAY
            except PermissionError:
                outcome = Trouble.NO_ACCESS
            except OSError:
                outcome = Trouble.AWAY
            except BaseException as raised:  # the thread's edge: whoever takes the file raises it
                error = raised
            with self._news:
                if slot.is_done:
                    return  # it was given up, and another works in this one's place
                slot.outcome, slot.error, slot.is_done = outcome, error, True
                self._held += slot.passages
                self._news.notify_all()

    def _next(self, number: int) -> Slot | None:
        with self._news:
            while not self._is_closed and self._begun < len(self._slots):
                if self._may_begin(number):
                    self._begun += 1
                    return self._slots[self._begun - 1]
                self._news.wait(_LOOK_S)
        return None

    def _may_begin(self, number: int) -> bool:
        ahead = self._begun - self._taken
        room = ahead < self._window and self._held < _PASSAGES_AHEAD
        return (room or not ahead) and (not number or number < self._allowed())

    def _filled(self, slot: Slot) -> Reading | Reason | Trouble | None:
        def heard() -> None:
            slot.heard_s = time.monotonic()

        heard()
        slot.sha256 = sha256_of(slot.file.path, heard)
        slot.heard_s = math.inf  # the child that reads has a deadline of its own
        key = (slot.sha256, slot.kind)
        if key in self._known or slot.is_done:
            return None
        with self._news:
            first = self._readers.setdefault(key, slot)
        if first is slot:
            return self._outcome(slot.file)
        slot.twin = first
        return None

    def _outcome(self, file: FoundFile) -> Reading | Reason | Trouble:
        try:
            outcome: Reading | Reason = self._read(file.path)
        except UnreadableDocument as error:
            outcome = error.reason
        unchanged = found_file(file.path, file.root, file.path.stat()) == file
        return outcome if unchanged else Trouble.CHANGING
