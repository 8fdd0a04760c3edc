"""Asks whether everything is to be erased: what goes, by sorts, and a word to type."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app import theme, wording
from desktop_app.widgets.basics import Retranslated, TextButton, label
from engine.erasing import Part

WIDTH = 480


class EraseDialog(Retranslated, QDialog):
    """Accepted only with the word."""

    def __init__(self, parts: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.scaled(WIDTH))
        self._title = label("heading", wrap=True)
        self.goes = label("plain", wrap=True)
        self._stays = label("plain", wrap=True)
        self._asked = label("muted", wrap=True)
        self.field = QLineEdit()
        self.field.setProperty("role", "field")
        self.cancel = TextButton("plain")
        self.erase = TextButton("danger")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.erase)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (self._title, self.goes, self._stays, self._asked, self.field):
            column.addWidget(part)
        column.addLayout(foot)
        self.cancel.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.erase.clicked.connect(self.accept)
        self.field.textChanged.connect(self._show_state)
        self.field.setFocus()
        self.retranslate()

    @property
    def word(self) -> str:
        return self.tr("erase")

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Erase everything"))
        self._title.setText(self.tr("Erase everything that Inkstone knows?"))
        names = {
            "library": self.tr(
                "The library: what was read of your documents, the list of your folders, the sample documents"
            ),
            "conversations": self.tr("All conversations, with their answers and your opinions of them"),
            "models": self.tr("Models that you brought; the ones that came with Inkstone stay"),
            "copies": self.tr("The copies of the library in its folder “backups”"),
            "settings": self.tr("All settings, and the start at login"),
            "records": self.tr("Logs and reports"),
        }
        lines = (f"•  {names[part.name]} ({wording.size(part.size_bytes)})" for part in self._parts)
        self.goes.setText("\n".join(lines))
        self._stays.setText(
            self.tr(
                "Your documents and folders stay exactly as they are. This cannot be taken back, "
                "but documents can be added and read again."
            )
        )
        self._asked.setText(self.tr("To go on, type “{word}”:").format(word=self.word))
        self.field.setAccessibleName(self._asked.text())
        self.cancel.say(self.tr("Cancel"))
        self.erase.say(self.tr("Erase everything"))
        self._show_state()

    def _show_state(self) -> None:
        self.erase.setEnabled(self.field.text().strip().casefold() == self.word.casefold())
