"""The scripted engine without its process: for pages that are tested alone, without a window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.bridge import Reply, _failure
from engine import wire
from tests.desktop_app.fake_engine import FakeEngine


class NearBridge(QObject):
    """What pages need of `bridge.Bridge`. What is said goes through the wire, and comes in a later turn of the loop."""

    ready = Signal()
    event = Signal(object)
    troubled = Signal(object)
    restarting = Signal()
    stopped = Signal(object)
    _said = Signal(object)  # by any thread

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.engine = _Near(home, self._said.emit)
        self._replies: dict[int, Reply] = {}
        self._said.connect(self._hear)

    def request(self, do: str, /, **arguments: object) -> Reply:
        reply = Reply(len(self._replies) + 1)
        self._replies[reply.number] = reply
        message = wire.from_line(wire.to_line({"id": reply.number, "do": do, **arguments}))
        QTimer.singleShot(0, self, lambda: self.engine.take(**message))
        return reply

    def _hear(self, line: bytes) -> None:
        message = wire.from_line(line)
        reply = self._replies.get(message["id"])
        if reply is None:
            self.event.emit(message["event"])
        elif "event" in message:
            reply.event.emit(message["event"])
        elif "error" in message:
            reply.failed.emit(_failure(message))
        else:
            reply.done.emit(message.get("done"))


class _Near(FakeEngine):
    def __init__(self, home: Path, tell) -> None:
        super().__init__(home)
        self._tell = tell

    def say(self, **message: object) -> None:
        self._tell(wire.to_line(message))
