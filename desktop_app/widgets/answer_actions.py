"""What can be done with an answer that is there: copy it, ask again, and say what one thinks of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop_app.widgets.basics import IconButton, Retranslated, TextButton, label
from desktop_app.widgets.verdict_row import Thumbs


class AnswerActions(Retranslated, QWidget):
    """Signals: `copy_wanted` with whether citations come along; `repeat_wanted`; `judged` with a Verdict."""

    copy_wanted = Signal(bool)
    repeat_wanted = Signal()
    judged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.copy = TextButton("quiet", "copy")
        self.copy_as = IconButton("chevron-down", 14)
        self.repeat = IconButton("rotate-cw", 16)
        self.thumbs = Thumbs()
        self.note = label("muted", wrap=True)
        self._buttons = (self.copy, self.copy_as, self.repeat, self.thumbs)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in self._buttons:
            row.addWidget(part)
        row.addSpacing(6)
        row.addWidget(self.note, 1)
        row.addStretch(0)
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(True))
        self.copy_as.clicked.connect(self._open_menu)
        self.repeat.clicked.connect(self.repeat_wanted)
        self.thumbs.judged.connect(self.judged)
        self.show_actions(False)
        self.tell("")
        self.retranslate()

    def show_actions(self, shown: bool) -> None:
        """Whether there is anything to act on."""
        for part in self._buttons:
            part.setVisible(shown)

    def tell(self, note: str) -> None:
        """Where the answer is from, and how it ended."""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("Copy with citations"), lambda: self.copy_wanted.emit(True))
        menu.addAction(self.tr("Copy without citations"), lambda: self.copy_wanted.emit(False))
        return menu

    def retranslate(self) -> None:
        self.copy.say(self.tr("Copy"), self.tr("Copy the answer"))
        self.copy_as.say(self.tr("Choose how to copy"))
        self.repeat.say(self.tr("Ask again"))

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.copy_as.mapToGlobal(self.copy_as.rect().bottomLeft()))
