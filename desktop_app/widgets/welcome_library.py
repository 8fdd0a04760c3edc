"""The second step: what is to be read, with documents of ours for those who only want to look."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge, Failure
from desktop_app.library_state import LibraryState
from desktop_app.widgets.basics import IconLabel, Retranslated, TextButton, label
from desktop_app.widgets.drop_zone import DropZone

MOST = 3  # folders that are named


class WelcomeLibrary(Retranslated, QWidget):
    """Signals: `folder_wanted` and `files_wanted` by its buttons."""

    folder_wanted = Signal()
    files_wanted = Signal()

    def __init__(self, bridge: Bridge, state: LibraryState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._state = state
        self._failure: Failure | None = None
        self.has_sample = False
        self._build()
        self.add_folder.clicked.connect(self.folder_wanted)
        self.add_files.clicked.connect(self.files_wanted)
        self.sample.clicked.connect(self.add_sample)
        state.changed.connect(self.retranslate)
        state.progressed.connect(self.retranslate)
        self.retranslate()

    def _build(self) -> None:
        self.zone = DropZone()
        self.zone.setMinimumHeight(120)
        self.add_folder = TextButton("plain", "folder-plus")
        self.add_files = TextButton("plain", "file-plus")
        self.sample = TextButton("plain", "library")
        self._hint = label("muted", wrap=True)
        self.trouble = label("danger", wrap=True)
        self.added = label("plain", wrap=True)
        self._mark = IconLabel("check", 18)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.add_folder, self.add_files, self.sample):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self._mark)
        row.addWidget(self.added, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.zone)
        column.addLayout(buttons)
        column.addWidget(self._hint)
        column.addWidget(self.trouble)
        column.addLayout(row)

    def add(self, paths: list[Path]) -> None:
        self._request("add", paths=paths)

    def add_sample(self) -> None:
        self._request("sample").done.connect(self._on_sample)

    def retranslate(self) -> None:
        self.add_folder.say(self.tr("Choose a folder…"))
        self.add_files.say(self.tr("Choose files…"))
        self.sample.say(self.tr("Try the sample library"))
        self._hint.setText(
            self.tr(
                "The sample library is a few short documents of ours, English and Chinese, copied to the data folder."
            )
        )
        self.trouble.setText(wording.failure(self._failure) if self._failure else "")
        self.trouble.setVisible(self._failure is not None)
        self._show_added()

    def _show_added(self) -> None:
        status = self._state.status
        folders = status.folders if status else ()
        for part in (self._mark, self.added):
            part.setVisible(bool(folders))
        self.sample.setEnabled(not self.has_sample)
        if not folders:
            return
        names = [folder.path.name or str(folder.path) for folder in folders[:MOST]]
        if len(folders) > MOST:
            names.append(self.tr("and %Ln more", "", len(folders) - MOST))
        known = status.indexed + status.waiting + status.failed
        told = self.tr("{names}: {documents}").format(names=", ".join(names), documents=wording.documents(known))
        if self._state.working is not None or status.waiting:
            told += " " + self.tr("They are being read; you can go on meanwhile.")
        self.added.setText(told)

    def _request(self, do: str, **arguments: object):
        self._failure = None
        reply = self._bridge.request(do, **arguments)
        reply.done.connect(self._state.refresh)
        reply.failed.connect(self._on_failed)
        self.retranslate()
        return reply

    def _on_sample(self) -> None:
        self.has_sample = True
        self.retranslate()

    def _on_failed(self, failure: Failure) -> None:
        self._failure = failure
        self.retranslate()
