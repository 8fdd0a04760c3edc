"""Search within the document that is open: words, how often they stand there, the next and the one before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge, Reply
from desktop_app.widgets.basics import IconButton, OwnEscape, Retranslated, label
from engine.types import Place

TYPING_MS = 150


class FindBar(OwnEscape, Retranslated, QWidget):
    """Signal: `found` with the Place to go to, or None when the search is over."""

    found = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._path: Path | None = None
        self._at = 0
        self._reply: Reply | None = None
        self.places: tuple[Place, ...] = ()
        self.words = QLineEdit()
        self.words.setProperty("role", "field")
        self.count = label("muted")
        self.previous = IconButton("chevron-up", 16)
        self.next = IconButton("chevron-down", 16)
        self.close_button = IconButton("x", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 10, 8)
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        row.addWidget(self.count)
        for button in (self.previous, self.next, self.close_button):
            row.addWidget(button)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._search)
        self.words.textChanged.connect(lambda: self._typing.start())
        self.previous.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        self.close_button.clicked.connect(self.close_bar)
        self.hide()
        self.retranslate()

    @property
    def current(self) -> Place | None:
        return self.places[self._at] if self.places else None

    def open(self) -> None:
        self.show()
        self.words.setFocus()
        self.words.selectAll()
        if self.words.text().strip():
            self._search()

    def use(self, path: Path) -> None:
        """Another document is shown."""
        self._path = path
        self._forget()
        self.hide()

    def close_bar(self) -> None:
        """The search is over: the citations are marked again."""
        was_found = bool(self.places)
        self._forget()
        self.hide()
        if was_found:
            self.found.emit(None)

    def step(self, by: int) -> None:
        """To the next place or the one before; behind the last comes the first."""
        if self.places:
            self._at = (self._at + by) % len(self.places)
            self.retranslate()
            self.found.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self.words.setPlaceholderText(self.tr("Search in the document"))
        self.words.setAccessibleName(self.tr("Search in the document"))
        self.previous.say(self.tr("Previous place"), "Shift+Enter")
        self.next.say(self.tr("Next place"), "Enter")
        self.close_button.say(self.tr("Close the search"))
        self.count.setText(self._count_text())
        for button in (self.previous, self.next):
            button.setEnabled(len(self.places) > 1)

    def _count_text(self) -> str:
        if not self.words.text().strip() or self._reply is not None:
            return ""
        if not self.places:
            return self.tr("not found")
        at, count = wording.number(self._at + 1), wording.number(len(self.places))
        return self.tr("{at} of {count}").format(at=at, count=count)

    def _search(self) -> None:
        self._drop_reply()
        words = self.words.text().strip()
        if not words or self._path is None:
            self._show(())
            return
        self._reply = self._bridge.request("places", path=self._path, words=words)
        self._reply.done.connect(self._on_places)
        self._reply.failed.connect(lambda: self._on_places(()))

    def _on_places(self, places: tuple[Place, ...]) -> None:
        self._reply = None
        self._show(places)

    def _show(self, places: tuple[Place, ...]) -> None:
        had, self.places, self._at = bool(self.places), places, 0
        self.retranslate()
        if places or had:
            self.found.emit(self.current)

    def _forget(self) -> None:
        self._drop_reply()
        self.places, self._at = (), 0
        self.retranslate()

    def _drop_reply(self) -> None:
        self._typing.stop()
        if self._reply is not None:
            self._reply.drop()
            self._reply = None
