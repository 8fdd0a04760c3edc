"""The engine's side of one reading child: start it, talk to it with a deadline, kill it."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import engine
from engine.documents.limits import START_S
from engine.documents.protocol import Ready, Reply, Request, decode_reply, encode_request, read_frame, write_frame

_END_S = 2.0  # a child that has said its last word gets this long to end by itself


class ChildEnded(Exception):
    """The child has died, or says what is no reply."""


class ChildSilent(Exception):
    """No reply came within the deadline; the child still runs."""


def child_command() -> list[str]:
    """The command that runs `engine.documents.child`; a frozen program runs itself under another name for it."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--documents-child"]
    return [sys.executable, "-P", "-m", "engine.documents.child"]


class Child:
    """One running child.

    Its process is started by a thread of its own that then hands on its replies until it ends: Linux kills the child
    when the *thread* that started it is gone (PR_SET_PDEATHSIG), and this one stays as long as the child does.
    """

    def __init__(self, deadline_s: float, memory_bytes: int) -> None:
        self._deadline_s = deadline_s
        self._memory_bytes = memory_bytes
        self._replies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._started = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self.documents = 0  # requests so far
        self.peak_bytes = 0
        threading.Thread(target=self._pump, name="documents-child", daemon=True).start()
        self._started.wait()
        if not isinstance(self._next(START_S), Ready):
            self.kill()
            raise ChildEnded

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def ask(self, request: Request) -> None:
        """Send a request. Raises ChildEnded."""
        self.documents += 1
        stdin = self._process.stdin if self._process else None
        if stdin is None:
            raise ChildEnded
        try:
            write_frame(stdin, encode_request(request))  # type: ignore[arg-type]  # IO[bytes] is one
        except (OSError, ValueError) as error:
            raise ChildEnded from error

    def reply(self) -> Reply:
        """The next reply. Raises ChildEnded, ChildSilent."""
        return self._next(self._deadline_s)

    def kill(self) -> None:
        """End it now, whatever it does. Any thread may, and more than once."""
        if self._process:
            self._process.kill()

    def _next(self, limit_s: float) -> Reply:
        try:
            frame = self._replies.get(timeout=limit_s)
        except queue.Empty:
            raise ChildSilent from None
        if frame is None:
            self._replies.put(None)
            raise ChildEnded
        try:
            return decode_reply(frame)
        except (ValueError, TypeError) as error:
            raise ChildEnded from error

    def _pump(self) -> None:
        try:
            self._process = _started(self._deadline_s, self._memory_bytes)
        finally:
            self._started.set()
            if self._process is None:
                self._replies.put(None)
        with self._process as process:
            assert process.stdout
            while (frame := read_frame(process.stdout)) is not None:  # type: ignore[arg-type]  # IO[bytes] is one
                self._replies.put(frame)
            self._replies.put(None)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_END_S)
            process.kill()  # it has closed its output, or talks nonsense, and goes on


def _started(deadline_s: float, memory_bytes: int) -> subprocess.Popen[bytes]:
    roots = [str(Path(engine.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [*child_command(), str(os.getpid()), str(deadline_s), str(memory_bytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, roots))},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
