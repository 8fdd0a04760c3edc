"""One watched folder on the library page: how it stands, what failed, what is in it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.widgets.basics import ElidedLabel, IconButton, IconLabel, Retranslated, TextButton
from desktop_app.widgets.documents_table import DocumentsTable
from desktop_app.widgets.failure_list import FailureList
from engine.types import Document, Folder, Stage, Working


class FolderCard(Retranslated, QFrame):
    """Signals: `remove_wanted`, `retry_wanted`, `password_wanted`, `ignore_wanted` with a path; `documents_wanted` as
    its table opens; `text_wanted` with a Document; `recognition_wanted`."""

    remove_wanted = Signal(object)
    retry_wanted = Signal(object)
    password_wanted = Signal(object)
    ignore_wanted = Signal(object)
    documents_wanted = Signal(object)
    text_wanted = Signal(object)
    recognition_wanted = Signal()

    def __init__(self, folder: Folder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.folder = folder
        self._working: Working | None = None
        self._failures: tuple[Document, ...] = ()
        self._build()
        self.show_folder(folder, None, ())

    @property
    def path(self) -> Path:
        return self.folder.path

    def _build(self) -> None:
        self._name = ElidedLabel("name")
        self._path = ElidedLabel("muted")
        self.state = ElidedLabel("muted")
        self.state.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.show_failures = TextButton("quiet", "triangle-alert", "danger")
        self.show_documents = TextButton("quiet", "list")
        for button in (self.show_failures, self.show_documents):
            button.setCheckable(True)
        self.remove = IconButton("x", 18)
        self.failures = FailureList()
        self.table = DocumentsTable()
        self.show_text = TextButton("quiet", "file-text")
        self.show_text.setEnabled(False)
        self.show_text.hide()
        names = QVBoxLayout()
        names.setSpacing(3)
        names.addWidget(self._name)
        names.addWidget(self._path)
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        buttons.addStretch(1)
        for button in (self.show_failures, self.show_documents, self.remove):
            buttons.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(self.state)
        right.addLayout(buttons)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("file-text" if self.folder.is_file else "folder", 24))
        head.addLayout(names, 4)
        head.addLayout(right, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 12, 14)
        column.setSpacing(10)
        column.addLayout(head)
        for part in (self.failures, self.table):
            column.addWidget(part)
            part.hide()
        column.addWidget(self.show_text, 0, Qt.AlignmentFlag.AlignLeft)
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.path))
        self.failures.retry_wanted.connect(self.retry_wanted)
        self.failures.ignore_wanted.connect(self.ignore_wanted)
        self.failures.password_wanted.connect(self.password_wanted)
        self.failures.recognition_wanted.connect(self.recognition_wanted)
        self.table.text_wanted.connect(self.text_wanted)
        self.table.selectionModel().currentChanged.connect(lambda index: self.show_text.setEnabled(index.isValid()))
        self.table.documents.modelReset.connect(lambda: self.show_text.setEnabled(False))
        self.show_text.clicked.connect(lambda: self.text_wanted.emit(self.table.current_document()))
        self.show_failures.toggled.connect(self.failures.setVisible)
        self.show_documents.toggled.connect(self._toggle_table)

    def show_folder(self, folder: Folder, working: Working | None, failures: Sequence[Document]) -> None:
        """How the folder stands now. `working` is given while it is the one at hand."""
        self.folder, self._working, self._failures = folder, working, tuple(failures)
        self.failures.show_failures(failures)
        self.show_failures.setVisible(bool(failures))
        if not failures:
            self.show_failures.setChecked(False)
        self.show_documents.setVisible(self._count > 0)
        self.show_progress(working)
        self.retranslate()

    def show_progress(self, working: Working | None) -> None:
        self._working = working
        self.state.setText(self._state_text())

    def show_table(self, documents: Sequence[Document]) -> None:
        self.table.show_documents(documents)

    @property
    def table_is_open(self) -> bool:
        return self.show_documents.isChecked()

    def retranslate(self) -> None:
        name = self.path.name or str(self.path)
        self._name.setText(name)
        self._path.setText(_familiar(self.path.parent if self.folder.is_file else self.path))
        self._path.setToolTip(str(self.path))
        self.state.setText(self._state_text())
        unread = self.tr("%Ln document(s) could not be read", "", len(self._failures))
        self.show_failures.say(unread, f"{name}: {unread}")
        listing = self.tr("Documents")
        self.show_documents.say(listing, f"{name}: {listing}")
        self.show_text.say(self.tr("Show what is read of the chosen document…"))
        self.remove.say(self.tr("Remove from the library: {name}").format(name=name))

    @property
    def _count(self) -> int:
        return self.folder.indexed + self.folder.waiting + self.folder.failed

    def _state_text(self) -> str:
        folder, working = self.folder, self._working
        if not folder.reachable:
            return self.tr("Cannot be reached now · what was read from it stays searchable")
        if working is not None:
            return self._working_text(working)
        if folder.waiting:
            return self.tr("Waiting · {documents}").format(documents=wording.documents(folder.waiting))
        return self.tr("Up to date · {documents}").format(documents=wording.documents(folder.indexed))

    def _working_text(self, working: Working) -> str:
        """What is at hand in this folder; how far it all is stands above the folders."""
        if working.stage == Stage.SCANNING and not working.done:
            return self.tr("Looking for documents…")
        if working.stage == Stage.SCANNING:
            return self.tr("Scanning… %Ln file(s)", "", working.done)
        name = working.path.name if working.path else ""
        if working.stage == Stage.RECOGNISING:
            return self.tr("Recognising {name}").format(name=name)
        if working.stage == Stage.EMBEDDING:
            return self.tr("Preparing {name} for search by meaning").format(name=name)
        return self.tr("Reading {name}").format(name=name)

    def _toggle_table(self, shown: bool) -> None:
        self.table.setVisible(shown)
        self.show_text.setVisible(shown)
        if shown:
            self.documents_wanted.emit(self.path)


def _familiar(path: Path) -> str:
    """The path as people write it: ~ for their own folder, where the system knows that."""
    if sys.platform != "win32" and path.is_relative_to(Path.home()):
        return str(Path("~") / path.relative_to(Path.home()))
    return str(path)
