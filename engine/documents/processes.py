"""The engine's side of one reading child: start it, talk to it with a deadline, kill it."""

from __future__ import annotations

import queue

from engine import children
from engine.children import ChildEnded, ChildProcess
from engine.documents.limits import START_S
from engine.documents.protocol import Ready, Reply, Request, decode_reply, encode_request

__all__ = ["Child", "ChildEnded", "ChildSilent", "child_command"]


class ChildSilent(Exception):
    """No reply came within the deadline; the child still runs."""


def child_command() -> list[str]:
    """The command that runs `engine.documents.child`."""
    return children.command("engine.documents.child", "--documents-child")


class Child:
    """One running child."""

    def __init__(self, deadline_s: float, memory_bytes: int) -> None:
        self._deadline_s = deadline_s
        self._replies: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._child = ChildProcess(child_command(), [str(deadline_s), str(memory_bytes)], self._replies.put)
        self.documents = 0  # requests so far
        self.peak_bytes = 0
        if not isinstance(self._next(START_S), Ready):
            self.kill()
            raise ChildEnded

    @property
    def pid(self) -> int:
        return self._child.pid

    def ask(self, request: Request) -> None:
        """Send a request. Raises ChildEnded."""
        self.documents += 1
        self._child.send(encode_request(request))

    def reply(self) -> Reply:
        """The next reply. Raises ChildEnded, ChildSilent."""
        return self._next(self._deadline_s)

    def kill(self) -> None:
        """End it now, whatever it does. Any thread may, and more than once."""
        self._child.kill()

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
