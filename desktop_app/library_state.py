"""What the window knows of the library: the last status and where indexing stands."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.bridge import Bridge, Reply
from engine.types import LibraryStatus, Stage, Working

REFRESH_MS = 400  # a stream of indexed files asks for the status this often at most


class LibraryState(QObject):
    """Signals: `changed` when there is a new status, `progressed` when indexing moved on."""

    changed = Signal()
    progressed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.status: LibraryStatus | None = None
        self.working: Working | None = None
        self.paused = False
        self._bridge = bridge
        self._reply: Reply | None = None
        self._again = False
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        bridge.ready.connect(self.refresh)
        bridge.restarting.connect(self._forget_progress)
        bridge.event.connect(self._on_event)

    @property
    def is_empty(self) -> bool:
        return self.status is not None and not self.status.folders

    def refresh(self) -> None:
        """Ask for the status; `changed` follows. One request is under way at a time."""
        if self._reply is not None:
            self._again = True
            return
        self._again = False
        self._reply = self._bridge.request("status")
        self._reply.done.connect(self._on_status)
        self._reply.failed.connect(self._on_failed)

    def _on_status(self, status: LibraryStatus) -> None:
        self._reply = None
        self.status = status
        self.paused = status.paused
        self.changed.emit()
        if self._again:
            self._soon.start()

    def _on_failed(self) -> None:
        self._reply = None

    def _on_event(self, event: object) -> None:
        if isinstance(event, Working):
            self.working = None if event.stage in (Stage.IDLE, Stage.PAUSED) else event
            self.paused = event.stage == Stage.PAUSED
            self.progressed.emit()
            if self.working is not None:
                return
        if not self._soon.isActive():
            self._soon.start()

    def _forget_progress(self) -> None:
        self.working = None
        self.progressed.emit()
