"""One line that says what was just done, and takes it back for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop_app.widgets.basics import ElidedLabel, IconButton, Retranslated, TextButton

SHOWN_MS = 12_000


class UndoBar(Retranslated, QFrame):
    """`offer` shows it. It goes by itself, unless the mouse or the keyboard is at it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "toast")
        self._say: Callable[[], str] = str
        self._undo: Callable[[], object] = lambda: None
        self.text = ElidedLabel("plain")
        self.undo = TextButton("quiet", "undo-2")
        self.dismiss = IconButton("x", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 6, 4)
        row.setSpacing(6)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        row.addWidget(self.dismiss)
        self._age = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._age.timeout.connect(self._go)
        self.undo.clicked.connect(self._take_back)
        self.dismiss.clicked.connect(self.hide)
        self.hide()
        self.retranslate()

    def offer(self, say: Callable[[], str], undo: Callable[[], object]) -> None:
        """Show what `say` gives, until `undo` is wanted or some seconds have passed."""
        self._say, self._undo = say, undo
        self.retranslate()
        self.show()
        self._age.start()

    def retranslate(self) -> None:
        self.text.setText(self._say())
        self.undo.say(self.tr("Undo"))
        self.dismiss.say(self.tr("Close this notice"))

    def _take_back(self) -> None:
        self.hide()
        self._undo()

    def _go(self) -> None:
        if self.underMouse() or self.undo.hasFocus() or self.dismiss.hasFocus():
            self._age.start()
        else:
            self.hide()
