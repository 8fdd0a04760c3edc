"""The engine's side of one reading child: start it, talk to it with a deadline, kill it."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable

from engine import children
from engine.children import ChildEnded, ChildProcess
from engine.documents.limits import START_S
from engine.documents.protocol import Ready, Reply, Request, UsePasswords, decode_reply, encode_request

__all__ = ["Child", "ChildEnded", "ChildLeft", "ChildSilent", "child_command"]

_ASK_EVERY_S = 0.1  # whether a reply is still wanted


class ChildSilent(Exception):
    """No reply came within the deadline; the child still runs."""


class ChildLeft(Exception):
    """The reply is not wanted any more; the child still runs."""


def child_command() -> list[str]:
    """The command that runs `engine.documents.child`."""
    return children.command("engine.documents.child")


class Child:
    """One running child."""

    def __init__(self, deadline_s: float, memory_bytes: int) -> None:
        self._deadline_s = deadline_s
        self._replies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._child = ChildProcess(child_command(), [str(deadline_s), str(memory_bytes)], self._replies.put)
        self._passwords: tuple[str, ...] = ()  # that it knows
        self.documents = 0  # requests so far
        self.peak_bytes = 0
        if not isinstance(self._next(START_S), Ready):
            self.kill()
            raise ChildEnded

    @property
    def pid(self) -> int:
        return self._child.pid

    def ask(self, request: Request, passwords: tuple[str, ...] = ()) -> None:
        """Send a request; `passwords` are tried on encrypted documents. Raises ChildEnded."""
        self.documents += 1
        if passwords != self._passwords:
            self._child.send(encode_request(UsePasswords(passwords)))
            self._passwords = passwords
        self._child.send(encode_request(request))

    def reply(self, leave: Callable[[], bool] | None = None) -> Reply:
        """The next reply. Raises ChildEnded, ChildSilent; ChildLeft once `leave` is true."""
        return self._next(self._deadline_s, leave)

    def kill(self) -> None:
        """End it now, whatever it does. Any thread may, and more than once."""
        self._child.kill()

    def _next(self, limit_s: float, leave: Callable[[], bool] | None = None) -> Reply:
        frame = self._frame(time.monotonic() + limit_s, leave)
        if frame is None:
            self._replies.put(None)
            raise ChildEnded
        try:
            return decode_reply(frame)
        except (ValueError, TypeError) as error:
            raise ChildEnded from error

    def _frame(self, end: float, leave: Callable[[], bool] | None) -> bytes | None:
        while True:
            left_s = max(end - time.monotonic(), 0.0)
            try:
                return self._replies.get(timeout=min(left_s, _ASK_EVERY_S) if leave else left_s)
            except queue.Empty:
                if leave and leave():
                    raise ChildLeft from None
                if time.monotonic() >= end:
                    raise ChildSilent from None
