"""The data folder: where it is and how large, a copy of the library, and the end of everything."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from desktop_app import desktop, wording
from desktop_app.bridge import Bridge, Failure
from desktop_app.widgets.basics import Retranslated, TextButton, label, set_role
from desktop_app.widgets.erase_dialog import EraseDialog
from desktop_app.widgets.setting_row import SettingRow
from engine.config import Config
from engine.erasing import parts, size_of


class DataSettings(Retranslated, QFrame):
    """Signal: `erase_wanted` once it was confirmed."""

    erase_wanted = Signal()

    def __init__(self, bridge: Bridge, config: Config, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._bridge = bridge
        self._config = config
        self._size_bytes = 0
        self._result: Path | Failure | None = None  # of the copy
        self._title = label("heading")
        self.open_folder = TextButton("plain", "folder-open")
        self.copy = TextButton("plain", "copy")
        self.erase = TextButton("plain", "trash-2", "danger")
        self.state = label("muted", wrap=True)
        self._rows = (SettingRow(self.open_folder), SettingRow(self.copy), SettingRow(self.erase))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(16)
        column.addWidget(self._title)
        for row in self._rows[:2]:
            column.addWidget(row)
        column.addWidget(self.state)
        column.addWidget(self._rows[2])
        self.open_folder.clicked.connect(lambda: desktop.open_folder(config.home))
        self.copy.clicked.connect(self._ask_where)
        self.erase.clicked.connect(self.confirm)
        self.retranslate()

    def refresh(self) -> None:
        """Look how large it is now."""
        self._size_bytes = sum(part.size_bytes for part in parts(self._config))
        self.retranslate()

    def retranslate(self) -> None:
        folder, copy, erase = self._rows
        self._title.setText(self.tr("Data"))
        self.open_folder.say(self.tr("Open the folder"))
        self.copy.say(self.tr("Save a copy…"))
        self.erase.say(self.tr("Erase everything…"))
        folder.say(
            self.tr("Data folder"),
            self.tr("All that Inkstone keeps, {size}, is in {path}").format(
                size=wording.size(self._size_bytes), path=self._config.home
            ),
        )
        copy.say(
            self.tr("A copy of the library"),
            self.tr(
                "What was read of your documents, in one file, also while Inkstone works; documents are not in it."
            ),
        )
        erase.say(
            self.tr("Erase everything"),
            self.tr("Inkstone forgets all it knows and starts as new; your documents are never touched."),
        )
        for button in (self.open_folder, self.copy, self.erase):  # the rows have named them after themselves
            button.setAccessibleName(button.text())
        self._show_result()

    def save_copy(self, path: Path) -> None:
        self._result = None
        self.copy.setEnabled(False)
        reply = self._bridge.request("backup", path=path)
        reply.done.connect(self._on_result)
        reply.failed.connect(self._on_result)
        self._show_result()

    def confirm(self) -> EraseDialog:
        """Say what goes, and let the person type that it is meant."""
        dialog = EraseDialog(parts(self._config), self.window())
        dialog.accepted.connect(self.erase_wanted)
        dialog.open()
        return dialog

    def _ask_where(self) -> None:
        name = f"inkstone-library-{time.strftime('%Y-%m-%d')}.sqlite"
        dialog = QFileDialog(self, self.tr("Save a copy of the library"), str(Path.home() / name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # the engine writes over no file: asking whether to would be a lie
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: self.save_copy(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_result(self, result: str | Path | Failure) -> None:
        self._result = result if isinstance(result, Failure) else Path(result)
        self.copy.setEnabled(True)
        self._show_result()

    def _show_result(self) -> None:
        failed = isinstance(self._result, Failure)
        set_role(self.state, "danger" if failed else "muted")
        text = ""
        if isinstance(self._result, Failure):
            text = wording.failure(self._result)
        elif self._result is not None:
            text = self.tr("Saved as {path}, {size}.").format(
                path=self._result, size=wording.size(size_of(self._result))
            )
        elif not self.copy.isEnabled():
            text = self.tr("The copy is being written…")
        self.state.setText(text)
        self.state.setVisible(bool(text))
