"""The engine process as the window sees it: requests out, replies in as Qt signals, started again when it dies.

Everything happens on the GUI thread: `QProcess` says when there are lines to read. Nothing here waits, but `close`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QElapsedTimer, QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine import children, wire
from engine.errors import Code, EngineError

logger = logging.getLogger(__name__)

RESTART_DELAYS_MS = (100, 1000)
QUICK_DEATH_MS = 10_000
GIVE_UP_AFTER = 3  # quick deaths in a row
QUIT_WAIT_MS = 3000


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request has no result: the engine said so (`error`), it ended before (interrupted), or it has a bug."""

    kind: Literal["told", "interrupted", "bug"]
    error: EngineError | None = None


class Reply(QObject):
    """What comes back for one request. Signals: `event` zero or more times, then either `done` or `failed`."""

    event = Signal(object)
    done = Signal(object)
    failed = Signal(object)  # Failure

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def drop(self) -> None:
        """Nobody wants it any more: it says nothing from now on."""
        self.blockSignals(True)


def engine_command(home: Path) -> list[str]:
    return [*children.command("engine.serving"), "--home", str(home)]


def engine_environment() -> QProcessEnvironment:
    """Ours, and where the engine's modules are, which -P would otherwise hide in a checkout that is not installed."""
    environment = QProcessEnvironment.systemEnvironment()
    roots = [str(Path(wire.__file__).parent.parent), environment.value("PYTHONPATH")]
    environment.insert("PYTHONPATH", os.pathsep.join(filter(None, roots)))
    return environment


class Bridge(QObject):
    """One engine process.

    Signals: `ready` each time it answers; `event` with the events of indexing; `troubled` with a Failure that holds
    indexing up; `died` with its exit code and whether that was a signal, then either `restarting` when it is started
    again, or `stopped` with a Failure when it stays down until `start` is called.
    """

    ready = Signal()
    event = Signal(object)
    troubled = Signal(object)
    died = Signal(int, bool)
    restarting = Signal()
    stopped = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._replies: dict[int, Reply] = {}
        self._unsent: list[bytes] = []
        self._last_number = 0
        self._quick_deaths = 0
        self._is_ready = False
        self._refusal: Failure | None = None
        self._closing = False
        self._down = True  # nothing runs and nothing is about to
        self._age = QElapsedTimer()
        self._restart = QTimer(self, singleShot=True)
        self._restart.timeout.connect(self._launch)
        self._process = QProcess(self)
        self._process.setProcessEnvironment(engine_environment())
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    @property
    def process_id(self) -> int:
        return self._process.processId()

    def start(self) -> None:
        """Start the engine, also after it stopped for good."""
        self._quick_deaths = 0
        self._closing = False
        self._launch()

    def request(self, do: str, /, **arguments: object) -> Reply:
        """Ask the engine for something. While it is being started again, the request waits for it."""
        self._last_number += 1
        reply = Reply(self._last_number)
        if self._down:
            QTimer.singleShot(0, reply, lambda: reply.failed.emit(Failure("interrupted")))
            return reply
        self._replies[reply.number] = reply
        line = wire.to_line({"id": reply.number, "do": do, **arguments})
        if self._process.state() == QProcess.ProcessState.NotRunning:
            self._unsent.append(line)
        else:
            self._process.write(line)
        return reply

    def close(self) -> None:
        """End the engine: politely, then by force."""
        self._closing = self._down = True
        self._restart.stop()
        self._replies.clear()
        if self._process.state() == QProcess.ProcessState.NotRunning:
            return
        self._last_number += 1
        self._process.write(wire.to_line({"id": self._last_number, "do": "quit"}))
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(QUIT_WAIT_MS):
            self._process.kill()
            self._process.waitForFinished(QUIT_WAIT_MS)

    def _launch(self) -> None:
        self._down = False
        self._is_ready = False
        self._refusal = None
        self._age.start()
        self._process.start(self._command[0], self._command[1:])
        for line in self._unsent:
            self._process.write(line)
        self._unsent.clear()

    def _read(self) -> None:
        while self._process.canReadLine():
            line = self._process.readLine().data()
            try:
                message = wire.from_line(line)
            except (ValueError, KeyError, TypeError):
                logger.exception("The engine said something that is not understood (%d bytes)", len(line))
                continue
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        number = message.get("id", 0)
        if number == 0:
            self._take_unasked(message)
        elif "event" in message and number in self._replies:
            self._replies[number].event.emit(message["event"])
        elif (reply := self._replies.pop(number, None)) is None:
            return
        elif "error" in message:
            reply.failed.emit(_failure(message))
        else:
            reply.done.emit(message.get("done"))

    def _take_unasked(self, message: dict[str, Any]) -> None:
        if "event" in message:
            self.event.emit(message["event"])
        elif "error" in message and self._is_ready:
            self.troubled.emit(_failure(message))
        elif "error" in message:
            self._refusal = _failure(message)
        elif message.get("ready"):
            self._is_ready = True
            self.ready.emit()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._stop(Failure("interrupted"))

    def _on_finished(self) -> None:
        self._read()
        if self._closing:
            return
        logger.warning("The engine ended by itself (exit code %d)", self._process.exitCode())
        if self._refusal:
            self._stop(self._refusal)
            return
        self.died.emit(self._process.exitCode(), self._process.exitStatus() == QProcess.ExitStatus.CrashExit)
        quick = self._age.elapsed() < QUICK_DEATH_MS
        self._quick_deaths = self._quick_deaths + 1 if quick else 1
        if self._quick_deaths >= GIVE_UP_AFTER:
            self._stop(Failure("interrupted"))
            return
        self._restart.start(RESTART_DELAYS_MS[min(self._quick_deaths, len(RESTART_DELAYS_MS)) - 1])
        self._fail_all(Failure("interrupted"))
        self.restarting.emit()

    def _stop(self, failure: Failure) -> None:
        self._down = True
        self._unsent.clear()
        self._fail_all(failure)
        self.stopped.emit(failure)

    def _fail_all(self, failure: Failure) -> None:
        lost, self._replies = self._replies, {}
        for reply in lost.values():
            reply.failed.emit(failure)


def _failure(message: dict[str, Any]) -> Failure:
    try:
        code = Code(message["error"])
    except ValueError:
        logger.error("The engine failed: %s %s", message["error"], message.get("facts"))
        return Failure("bug")
    return Failure("told", EngineError(code, **message.get("facts", {})))
