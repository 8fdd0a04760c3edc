"""Where to choose what a question is asked of: everything, what is open, or folders and files of the library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.widgets.basics import Retranslated, TextButton, label

WIDTH, LIST_HEIGHT = 340, 230
MOST_FILES = 200  # that are listed; the words above find the others
PATH = Qt.ItemDataRole.UserRole


class ScopePopup(Retranslated, QFrame):
    """Signal: `chosen` with a tuple of paths; an empty one is everything."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self._folders: list[Path] = []
        self._files: list[Path] = []
        self._chosen: list[Path] = []
        self._open: Path | None = None
        self.title = label("muted")
        self.everything = TextButton("chip", "library")
        self.open_one = TextButton("chip", "file-text")
        self.words = QLineEdit()
        self.words.setProperty("role", "field")
        self.list = QListWidget()
        self.list.setProperty("role", "choices")
        self.list.setFixedHeight(LIST_HEIGHT)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for button in (self.everything, self.open_one):
            button.setCheckable(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(8)
        column.addWidget(self.title)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.everything)
        buttons.addWidget(self.open_one, 1)
        column.addLayout(buttons)
        column.addWidget(self.words)
        column.addWidget(self.list)
        self.everything.clicked.connect(lambda: self._choose([]))
        self.open_one.clicked.connect(lambda: self._choose([self._open]))
        self.words.textChanged.connect(self._fill)
        self.list.itemChanged.connect(self._on_ticked)
        self.list.itemActivated.connect(self._toggle)
        self.retranslate()

    def show_choices(self, folders: Iterable[Path], chosen: Sequence[Path], open_one: Path | None) -> None:
        """`open_one` is the document beside the conversation."""
        self.setFixedWidth(theme.scaled(WIDTH))
        self._folders, self._chosen, self._open = list(folders), list(chosen), open_one
        self.words.clear()
        self._fill()
        self._show_buttons()

    def add_files(self, files: Iterable[Path]) -> None:
        """The library's documents; they come after the folders."""
        self._files = list(files)
        self._fill()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Ask only of …"))
        self.everything.say(self.tr("Everything"))
        self.words.setPlaceholderText(self.tr("Find a folder or file"))
        self.words.setAccessibleName(self.tr("Find a folder or file"))
        self.list.setAccessibleName(self.tr("Folders and files"))
        self._show_buttons()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
            return
        super().keyPressEvent(event)

    def _show_buttons(self) -> None:
        self.everything.setChecked(not self._chosen)
        self.open_one.setVisible(self._open is not None)
        if self._open is not None:
            room = self.open_one.fontMetrics().elidedText(self._open.name, Qt.TextElideMode.ElideMiddle, 130)
            self.open_one.say(room, self.tr("Only what is open: {name}").format(name=self._open.name))
            self.open_one.setToolTip(self.tr("Only what is open: {name}").format(name=self._open.name))
            self.open_one.setChecked(self._chosen == [self._open])

    def _fill(self) -> None:
        wanted = self.words.text().strip().casefold()
        files = [path for path in self._files if wanted in str(path).casefold()][:MOST_FILES]
        folders = [path for path in self._folders if wanted in str(path).casefold()]
        others = [path for path in self._chosen if path not in folders and path not in files and not wanted]
        self.list.blockSignals(True)
        self.list.clear()
        for path in [*others, *folders, *(file for file in files if file not in self._chosen or wanted)]:
            item = QListWidgetItem(path.name or str(path))
            item.setToolTip(str(path))
            item.setData(PATH, str(path))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if path in self._chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _toggle(self, item: QListWidgetItem) -> None:
        on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _on_ticked(self, item: QListWidgetItem) -> None:
        path = Path(item.data(PATH))
        if item.checkState() == Qt.CheckState.Checked and path not in self._chosen:
            self._chosen.append(path)
        elif item.checkState() != Qt.CheckState.Checked and path in self._chosen:
            self._chosen.remove(path)
        self._show_buttons()
        self.chosen.emit(tuple(self._chosen))

    def _choose(self, paths: list[Path]) -> None:
        self._chosen = paths
        self.chosen.emit(tuple(paths))
        self.close()
