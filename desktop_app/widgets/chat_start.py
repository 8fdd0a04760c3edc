"""What stands in a conversation before its first question."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.widgets.basics import IconLabel, Retranslated, TextButton, label


class ChatStart(Retranslated, QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = False
        self._icon = IconLabel("message-square", 40)
        self._title = label("title", wrap=True)
        self._hint = label("muted", wrap=True)
        self.add_folder = TextButton("primary", "folder-plus", "accent_text")
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (self._title, self._hint):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(text)
        column.addSpacing(4)
        column.addWidget(self.add_folder, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.add_folder.hide()
        self.retranslate()

    def show_empty(self, empty: bool) -> None:
        """Whether the library is empty: then there is nothing to ask yet."""
        self._empty = empty
        self.retranslate()

    def retranslate(self) -> None:
        self.add_folder.say(self.tr("Add folder"))
        self.add_folder.setVisible(self._empty)
        if self._empty:
            self._icon.rename("folder-plus", "accent")
            self._title.setText(self.tr("Add a folder of documents to begin"))
            self._hint.setText(
                self.tr("Inkstone reads it here, on this computer, and answers your questions with the exact passages.")
            )
        else:
            self._icon.rename("message-square", "accent")
            self._title.setText(self.tr("What would you like to know?"))
            self._hint.setText(
                self.tr("Answers come from your own documents. Each claim is linked to the passage that it came from.")
            )
