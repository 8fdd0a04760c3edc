"""The conversations that are open in the window: the one in sight, and those that are still answering."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop_app.bridge import Bridge
from desktop_app.choices import Choices
from desktop_app.session import Session
from engine.types import Citation

KEPT = 6  # that are not in sight, with all their widgets


class Sessions(QObject):
    """Signals: `shown` with the Session that comes into sight; the others are of that one: `busy_changed`, `cited`,
    `replaced`; `noted`, `finished` and `loaded` of any.
    """

    shown = Signal(object)
    busy_changed = Signal(bool)
    cited = Signal(object, object)
    replaced = Signal(object)
    noted = Signal(object)
    finished = Signal(object)
    loaded = Signal(object)

    def __init__(self, bridge: Bridge, choices: Choices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._choices = choices
        self._open: list[Session] = []  # the one in sight is the last
        self.begin()

    @property
    def current(self) -> Session:
        return self._open[-1]

    def begin(self) -> None:
        """Show an empty conversation; it is kept from its first question on."""
        if self._open and not self.current.id and not self.current.is_answering:
            self.shown.emit(self.current)
            return
        self._show(self._made(0))

    def open(self, id: int) -> None:
        """Show a conversation that is kept."""
        known = next((one for one in self._open if one.id == id), None)
        if known is not None:
            self._open.remove(known)
        session = known or self._made(id)
        self._show(session)
        if known is None:
            session.load()

    def forget(self, id: int) -> None:
        """A conversation was deleted."""
        for session in [one for one in self._open if one.id == id]:
            session.stop()
            self._open.remove(session)
            session.close()
        if not self._open:
            self._show(self._made(0))
        else:
            self.shown.emit(self.current)

    def load_again(self) -> None:
        """What could not be had while the engine was down."""
        for session in self._open:
            if not session.is_loaded:
                session.load()

    def recheck(self, path: object) -> None:
        """A document was read again, or is gone."""
        if self.current.cites(path):
            self.current.recheck()

    def mark_open(self, citation: Citation | None) -> None:
        for session in self._open:
            session.mark_open(citation)

    def _made(self, id: int) -> Session:
        session = Session(self._bridge, self._choices, id, self)
        session.busy_changed.connect(lambda busy: session is self.current and self.busy_changed.emit(busy))
        session.cited.connect(self.cited)
        session.replaced.connect(lambda exchange: session is self.current and self.replaced.emit(exchange))
        session.noted.connect(lambda: self.noted.emit(session))
        session.finished.connect(lambda: self.finished.emit(session))
        session.conversation.restored.connect(lambda: self.loaded.emit(session))
        return session

    def _show(self, session: Session) -> None:
        self._open.append(session)
        idle = [one for one in self._open[:-1] if not one.is_answering]
        for old in idle[: max(0, len(idle) - KEPT)]:
            self._open.remove(old)
            old.close()
        self.shown.emit(session)
