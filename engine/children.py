"""Child processes of the engine: work that may hang, crash or have to be killed, spoken to by frames over pipes.

A child ends with the engine however that ended: at the end of its input, and on Linux by the kernel's signal at once.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import engine

MAX_FRAME_BYTES = 512_000_000  # no honest message is longer
RUN_MODULE = "--run-module"  # what a frozen program understands before anything else (`engine.frozen`)

_LENGTH = struct.Struct(">I")
_END_S = 2.0  # a child that has said its last word gets this long to end by itself
_PR_SET_PDEATHSIG = 1


class ChildEnded(Exception):
    """The child has died, or says what is no reply."""


# The engine's side


def command(module: str) -> list[str]:
    """What runs `module` as a process of its own; a frozen program has no Python beside it and starts itself for it.

    -P: the folder that the program was started in may hold modules of anyone's.
    """
    if getattr(sys, "frozen", False):
        return [str(with_pipes(Path(sys.executable), os.name)), RUN_MODULE, module]
    return [sys.executable, "-P", "-m", module]


def with_pipes(program: Path, system: str) -> Path:
    """The program beside `program` that has a standard input and output: on Windows one with a window has none."""
    return program.with_name("inkstone.exe") if system == "nt" else program


class ChildProcess:
    """One running child, started with the parent's process id as its first argument.

    Its process is started by a thread of its own that then hands on its frames until it ends: Linux kills the child
    when the *thread* that started it is gone (PR_SET_PDEATHSIG), and this one stays as long as the child does.
    """

    def __init__(
        self,
        command: Sequence[str],
        arguments: Sequence[str],
        tell: Callable[[bytes | None], None],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`tell` gets every frame, then None, in that thread; `environment` is added to ours.

        Raises ChildEnded when it cannot be started.
        """
        self._environment = {**os.environ, **(environment or {})}
        self._command = [*command, str(os.getpid()), *arguments]
        self._tell = tell
        self._started = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._pump, name="child", daemon=True).start()
        self._started.wait()
        if self.process is None:
            raise ChildEnded

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def exit_code(self) -> int | None:
        """As `Popen.returncode`: None while it runs, below 0 for a signal."""
        return self.process.poll() if self.process else None

    def send(self, payload: bytes) -> None:
        """One frame to the child. Raises ChildEnded."""
        stdin = self.process.stdin if self.process else None
        if stdin is None:
            raise ChildEnded
        try:
            write_frame(stdin, payload)  # type: ignore[arg-type]  # IO[bytes] is one
        except (OSError, ValueError) as error:
            raise ChildEnded from error

    def kill(self) -> None:
        """End it now, whatever it does. Any thread may, and more than once."""
        if self.process:
            self.process.kill()

    def _pump(self) -> None:
        try:
            self.process = _started(self._command, self._environment)
        finally:
            self._started.set()
        try:
            # what could not be sent any more is met again when the pipe is closed (on Windows not as a BrokenPipeError)
            with contextlib.suppress(OSError), self.process as process:
                assert process.stdout
                while (frame := read_frame(process.stdout)) is not None:  # type: ignore[arg-type]  # IO[bytes] is one
                    self._tell(frame)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_END_S)
                process.kill()  # it has closed its output, or talks nonsense, and goes on
        finally:
            self._tell(None)


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    roots = [str(Path(engine.__file__).parent.parent), environment.get("PYTHONPATH", "")]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, roots))},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


# The child's side


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes from and to the engine, on descriptors that no library prints to: what goes to 1 lands on the error
    output."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, out


def end_with(parent: int) -> None:
    """Ask Linux to kill this process when the thread that started it ends (it lives as long as this process)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it could be asked
            sys.exit()


# Both sides


def write_frame(out: BinaryIO, payload: bytes) -> None:
    out.write(_LENGTH.pack(len(payload)) + payload)
    out.flush()


def read_frame(source: BinaryIO) -> bytes | None:
    """The next frame, or None when the other side has ended, also in the middle of one, or talks nonsense."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME_BYTES:
        return None
    payload = source.read(length)
    return payload if len(payload) == length else None
