"""The documents of a folder that could not be read: which, why, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import desktop, language
from desktop_app.widgets.basics import ElidedLabel, IconButton, Retranslated, TextButton, label
from engine.texts import say_reason
from engine.types import Document, Reason

MOST_ROWS = 100  # widgets are dear; the table of documents has them all


class FailureRow(Retranslated, QWidget):
    """Signals: `retry_wanted`, `password_wanted` and `ignore_wanted` with the path; `recognition_wanted` of scans."""

    retry_wanted = Signal(object)
    ignore_wanted = Signal(object)
    password_wanted = Signal(object)
    recognition_wanted = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self._name = ElidedLabel("plain")
        self._name.setText(document.path.name)
        self._name.setToolTip(str(document.path))
        self._reason = label("muted", wrap=True)
        self.password = TextButton("plain", parent=self)
        self.password.setVisible(document.reason is Reason.ENCRYPTED)
        self.recognise = TextButton("plain", parent=self)
        self.recognise.setVisible(document.reason is Reason.NO_OCR)
        self.retry = IconButton("rotate-cw", 16)
        self.reveal = IconButton("folder-open", 16)
        self.ignore = IconButton("x", 16)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._name)
        texts.addWidget(self._reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addLayout(texts, 1)
        row.addWidget(self.password)
        row.addWidget(self.recognise)
        row.addWidget(self.retry)
        row.addWidget(self.reveal)
        row.addWidget(self.ignore)
        self.password.clicked.connect(lambda: self.password_wanted.emit(document.path))
        self.recognise.clicked.connect(self.recognition_wanted)
        self.retry.clicked.connect(lambda: self.retry_wanted.emit(document.path))
        self.ignore.clicked.connect(lambda: self.ignore_wanted.emit(document.path))
        self.reveal.clicked.connect(lambda: desktop.show_in_folder(document.path))
        self.retranslate()

    def retranslate(self) -> None:
        self._reason.setText(say_reason(self.document.reason, language.current()) if self.document.reason else "")
        self.password.say(
            self.tr("Enter password…"), self.tr("Enter the password of {name}").format(name=self.document.path.name)
        )
        self.recognise.say(self.tr("Recognise the text"), self._recognise_name())
        self.retry.say(self.tr("Try again: {name}").format(name=self.document.path.name))
        self.ignore.say(self.tr("Ignore this file from now on: {name}").format(name=self.document.path.name))
        self.reveal.say(self.tr("Show in folder: {name}").format(name=self.document.path.name))

    def _recognise_name(self) -> str:
        return self.tr("Recognise the text of {name}").format(name=self.document.path.name)


class FailureList(QWidget):
    """Signals: `retry_wanted`, `password_wanted` and `ignore_wanted` with the path of one document;
    `recognition_wanted`.
    """

    retry_wanted = Signal(object)
    ignore_wanted = Signal(object)
    password_wanted = Signal(object)
    recognition_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Document, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_failures(self, documents: Sequence[Document]) -> None:
        wanted = tuple(documents[:MOST_ROWS])
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._column.takeAt(0)) is not None:
            item.widget().deleteLater()
        for document in wanted:
            row = FailureRow(document)
            row.retry_wanted.connect(self.retry_wanted)
            row.ignore_wanted.connect(self.ignore_wanted)
            row.password_wanted.connect(self.password_wanted)
            row.recognition_wanted.connect(self.recognition_wanted)
            self._column.addWidget(row)

    def rows(self) -> list[FailureRow]:
        return [self._column.itemAt(index).widget() for index in range(self._column.count())]
