"""The page of watched folders: add, remove, and see how indexing stands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMessageBox, QScrollArea, QVBoxLayout, QWidget

from desktop_app import language, wording
from desktop_app.bridge import Bridge, Failure
from desktop_app.library_state import LibraryState
from desktop_app.widgets.basics import Retranslated, TextButton, label
from desktop_app.widgets.drop_zone import DropZone
from desktop_app.widgets.folder_card import FolderCard
from desktop_app.widgets.passages_dialog import PassagesDialog
from desktop_app.widgets.password_dialog import PasswordDialog
from desktop_app.widgets.progress_card import ProgressCard
from engine.texts import say
from engine.types import Document, Folder, Stage, Working


class LibraryPage(Retranslated, QScrollArea):
    """Signals: `add_folder_wanted` and `add_files_wanted` by its buttons."""

    add_folder_wanted = Signal()
    add_files_wanted = Signal()

    def __init__(self, bridge: Bridge, state: LibraryState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._state = state
        self._failure: Failure | None = None
        self.cards: dict[Path, FolderCard] = {}
        self._build()
        state.changed.connect(self._show_status)
        state.progressed.connect(self._show_progress)
        self.add_folder.clicked.connect(self.add_folder_wanted)
        self.add_files.clicked.connect(self.add_files_wanted)
        self.progress.pause_wanted.connect(self._pause)
        self.sample.clicked.connect(self.add_sample)
        self.retranslate()

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = label("title")
        self.counts = label("muted", wrap=True)
        self.elsewhere = label("muted", wrap=True)
        self.trouble = label("danger", wrap=True)
        self.add_folder = TextButton("primary", "folder-plus", "accent_text")
        self.add_files = TextButton("plain", "file-plus")
        self.progress = ProgressCard()
        self.drop_zone = DropZone()
        self.drop_zone.setMinimumHeight(132)
        self.hint = label("muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sample = TextButton("quiet", "library")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.add_files)
        head.addWidget(self.add_folder)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(40, 30, 40, 30)
        column.setSpacing(14)
        column.addLayout(head)
        for part in (self.counts, self.elsewhere, self.trouble, self.progress, self.drop_zone, self.hint):
            column.addWidget(part)
        column.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignHCenter)
        self._cards_column = QVBoxLayout()
        self._cards_column.setSpacing(14)
        column.addLayout(self._cards_column)
        column.addStretch(1)
        self.setWidget(inner)

    def add_paths(self, paths: list[Path]) -> None:
        """Watch these folders and files."""
        self._failure = None
        reply = self._bridge.request("add", paths=paths)
        reply.done.connect(self._state.refresh)
        reply.failed.connect(self._on_failed)
        self.retranslate()

    def add_sample(self) -> None:
        """Documents of ours to try it with: a folder like any other."""
        self._failure = None
        reply = self._bridge.request("sample")
        reply.done.connect(self._state.refresh)
        reply.failed.connect(self._on_failed)
        self.retranslate()

    def confirm_removal(self, path: Path) -> QMessageBox:
        """Ask once, then stop watching. The documents themselves are not ours to touch."""
        box = QMessageBox(self.window())
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(self.tr("Remove from the library"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Remove “{name}” from the library?").format(name=path.name or str(path)))
        box.setInformativeText(
            self.tr("Inkstone forgets what it read there. The documents themselves are never touched.")
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        for button in (remove, cancel):
            button.setAccessibleName(button.text().replace("&", ""))
        remove.clicked.connect(lambda: self._remove(path))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        return box

    def ask_password(self, path: Path) -> PasswordDialog:
        """Ask for the password of an encrypted document; with the right one it is read at once."""
        dialog = PasswordDialog(self._bridge, path, self.window())
        dialog.unlocked.connect(self._state.refresh)
        dialog.open()
        return dialog

    def show_text(self, document: Document) -> PassagesDialog:
        """What a document's text looks like to the program."""
        dialog = PassagesDialog(self._bridge, document, self.window())
        dialog.open()
        return dialog

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Library"))
        self._title.setText(self.tr("Library"))
        self.add_folder.say(self.tr("Add folder"))
        self.add_files.say(self.tr("Add files"))
        self.sample.say(self.tr("Try the sample library"))
        self.hint.setText(
            self.tr("Nothing here yet. Add a folder, and Inkstone keeps up with it: new and changed documents too.")
        )
        self.trouble.setText(wording.failure(self._failure) if self._failure else "")
        self.trouble.setVisible(self._failure is not None)
        self._show_counts()

    def _show_counts(self) -> None:
        status = self._state.status
        self.progress.show_state(status, self._state.working, self._state.paused)
        for part in (self.hint, self.sample):
            part.setVisible(self._state.is_empty)
        self.elsewhere.setVisible(status is not None and status.indexing_elsewhere)
        self.elsewhere.setText(say("indexing_elsewhere", language.current()))
        if status is None:
            self.counts.setText(self.tr("Opening the library…"))
            return
        added = sum(not folder.is_file for folder in status.folders)
        known = status.indexed + status.waiting + status.failed
        self.counts.setText(
            self.tr("{folders} · {documents} · {passages} · {size} on the disk — everything stays here").format(
                folders=self.tr("%Ln folder(s)", "", added),
                documents=wording.documents(known),
                passages=wording.passages(status.passages),
                size=wording.size(status.stored_bytes),
            )
        )

    def _show_status(self) -> None:
        status = self._state.status
        wanted = {folder.path: folder for folder in status.folders}
        for path in [path for path in self.cards if path not in wanted]:
            self.cards.pop(path).deleteLater()
        for path, folder in wanted.items():
            if path not in self.cards:
                self.cards[path] = self._make_card(folder)
            failures = [document for document in status.failures if document.folder == path]
            self.cards[path].show_folder(folder, self._working_of(folder), failures)
            if self.cards[path].table_is_open and self._state.working is None:
                self._load_documents(path)
        self._show_counts()

    def _make_card(self, folder: Folder) -> FolderCard:
        card = FolderCard(folder)
        card.remove_wanted.connect(self.confirm_removal)
        card.retry_wanted.connect(self._retry)
        card.ignore_wanted.connect(self._ignore)
        card.password_wanted.connect(self.ask_password)
        card.documents_wanted.connect(self._load_documents)
        card.text_wanted.connect(self.show_text)
        card.recognition_wanted.connect(self._recognise)
        self._cards_column.addWidget(card)
        return card

    def _show_progress(self) -> None:
        self.progress.show_state(self._state.status, self._state.working, self._state.paused)
        for card in self.cards.values():
            card.show_progress(self._working_of(card.folder))

    def _working_of(self, folder: Folder) -> Working | None:
        """Where indexing stands in this folder, None while it is not the one at hand."""
        working = self._state.working
        if working is None or working.folder == folder.path:
            return working
        is_new = not (folder.indexed or folder.waiting or folder.failed)
        return working if working.stage == Stage.SCANNING and working.folder is None and is_new else None

    def _load_documents(self, path: Path) -> None:
        reply = self._bridge.request("documents", folder=path)
        reply.done.connect(lambda documents: path in self.cards and self.cards[path].show_table(documents))

    def _pause(self, paused: bool) -> None:
        reply = self._bridge.request("change", paused=paused)
        reply.done.connect(self._state.refresh)
        reply.failed.connect(self._on_failed)

    def _ignore(self, path: Path) -> None:
        reply = self._bridge.request("ignore", path=path)
        reply.done.connect(self._state.refresh)
        reply.failed.connect(self._on_failed)

    def _retry(self, path: Path | None) -> None:
        reply = self._bridge.request("retry", path=path)
        reply.done.connect(self._state.refresh)
        reply.failed.connect(self._on_failed)

    def _recognise(self) -> None:
        """Let scans be recognised from now on, and those that were given up as well."""
        reply = self._bridge.request("change", ocr=True)
        reply.done.connect(lambda: self._retry(None))
        reply.failed.connect(self._on_failed)

    def _remove(self, path: Path) -> None:
        reply = self._bridge.request("remove", paths=[path])
        reply.done.connect(self._state.refresh)
        reply.failed.connect(self._on_failed)

    def _on_failed(self, failure: Failure) -> None:
        self._failure = failure
        self.retranslate()
