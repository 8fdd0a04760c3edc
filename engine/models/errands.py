"""Long work with a model in a process of its own: an import, or a look at its speed.

Converting takes minutes, gigabytes and all of Python's attention, and half of it happens in libraries that nobody can
interrupt. Here it takes none of that from the questions, is ended by killing it, and gives all of it back at its end.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine import children
from engine.children import ChildEnded, ChildProcess, end_with, own_pipes, read_frame, write_frame
from engine.errors import BrokenInstallation, BusyLibrary, Code, EngineError, UsageError
from engine.models import measuring
from engine.models.arriving import remove_leftovers
from engine.models.catalog import Models
from engine.models.flaws import told
from engine.types import Speed

Tell = Callable[[int, int], None]
Stop = Callable[[], bool]

_POLL_S = 0.1
_TELL_S = 0.1  # apart, at the least


class Stopped(Exception):
    """It was stopped on the way, and nothing of it is left."""


@dataclass(frozen=True, slots=True)
class Import:
    """The model in `folder` is to become one of those in `installed`; see `Models.add`."""

    folder: Path
    shipped: Path
    installed: Path
    compute_type: str | None = None

    def run(self, tell: Tell) -> str:
        return Models(self.shipped, self.installed).add(self.folder, self.compute_type, tell=tell).name


@dataclass(frozen=True, slots=True)
class Measure:
    """How quick the embedder or the reader in `folder` is with so many threads."""

    folder: Path
    threads: int

    def run(self, tell: Tell) -> dict[str, Any]:
        return asdict(measuring.measure(self.folder, self.threads))


# The engine's side


def child_command() -> list[str]:
    return children.command("engine.models.errands")


def import_apart(errand: Import, tell: Tell, stop: Stop) -> str:
    """The new model's name; `tell` hears what was written and what will be in all, in bytes.

    Raises Stopped, and as `Models.add` does.
    """
    try:
        return str(_send(errand, tell, stop))
    except Stopped:
        remove_leftovers(errand.installed)
        raise


def measure_apart(errand: Measure, stop: Stop) -> Speed:
    """Raises Stopped, and as `measuring.measure` does."""
    return Speed(**_send(errand, lambda *_: None, stop))


def _send(errand: Import | Measure, tell: Tell, stop: Stop) -> Any:
    heard: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    try:
        child = ChildProcess(child_command(), [_written(errand)], heard.put)
    except ChildEnded as error:
        raise BrokenInstallation(Code.MODEL_WORK_ENDED, why="no_start") from error
    stopped, result = False, None
    while True:
        if not stopped and stop():
            stopped = True
            child.kill()
        try:
            frame = heard.get(timeout=_POLL_S)
        except queue.Empty:
            continue
        if frame is None:
            break
        message = json.loads(frame)
        if "at" in message:
            tell(*message["at"])
        else:
            result = message
    if stopped:
        raise Stopped
    if result is None:
        raise _ended(child.exit_code or 0)
    if "error" in result:
        raise _error(result)
    return result["done"]


def _written(errand: Import | Measure) -> str:
    return json.dumps([type(errand).__name__, asdict(errand)], default=str)


def _error(message: dict[str, Any]) -> EngineError:
    code, facts = Code(message["error"]), message["facts"]
    if message["kind"] == BusyLibrary.__name__:
        return BusyLibrary(code)
    return (UsageError if message["kind"] == UsageError.__name__ else BrokenInstallation)(code, **facts)


def _ended(exit_code: int) -> BrokenInstallation:
    """It died: of its memory, most likely."""
    facts = (
        {"why": "signal", "number": str(-exit_code)}
        if exit_code < 0
        else {"why": "exit_code", "number": str(exit_code)}
    )
    return BrokenInstallation(Code.MODEL_WORK_ENDED, **facts)


# The child's side


def main(arguments: list[str]) -> None:
    """`arguments`: the parent's process id, and what `_written` gave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal: the engine ends this process
    source, out = own_pipes()
    end_with(int(arguments[0]))
    threading.Thread(target=_end_with_input, args=(source,), daemon=True).start()
    kind, values = json.loads(arguments[1])
    paths = {name: Path(value) for name, value in values.items() if name in ("folder", "shipped", "installed")}
    errand = {"Import": Import, "Measure": Measure}[kind](**values | paths)
    write_frame(out, json.dumps(_outcome(errand, _Telling(out))).encode())
    os._exit(0)


def _outcome(errand: Import | Measure, tell: Tell) -> dict[str, object]:
    try:
        return {"done": errand.run(tell)}
    except EngineError as error:
        return {"error": error.code, "kind": type(error).__name__, "facts": told(error.facts)}


class _Telling:
    """Hands on how far the work is, a few times a second."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._last = 0.0
        self._one_at_a_time = threading.Lock()  # a conversion tells from several threads

    def __call__(self, done: int, total: int) -> None:
        with self._one_at_a_time:
            now = time.monotonic()
            if now - self._last >= _TELL_S or done >= total:
                self._last = now
                write_frame(self._out, json.dumps({"at": [done, total]}).encode())


def _end_with_input(source: Any) -> None:
    while read_frame(source) is not None:
        pass
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
