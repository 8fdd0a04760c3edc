"""The command palette: everything the window can do, and every conversation, by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.widgets.basics import ElidedLabel, Retranslated, label

WIDTH, HEIGHT, ROW = 560, 400, 36
MARGIN = 40  # pixels of the window that stay in sight beside it
MOST = 60  # rows


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: what it is called, its keys if it has any, and how it is done."""

    text: str
    act: Callable[[], object]
    keys: str = ""
    always: bool = False  # whatever was typed


class Palette(Retranslated, QFrame):
    """`open` shows what `offer` gives for the words that are typed."""

    def __init__(self, offer: Callable[[str], Sequence[Command]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self._offer = offer
        self._commands: list[Command] = []
        self.words = QLineEdit()
        self.words.setProperty("role", "search")
        self.list = QListWidget()
        self.list.setProperty("role", "commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows move in it while the words keep the keyboard
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.list, 1)
        self.words.textChanged.connect(self._fill)
        self.words.installEventFilter(self)
        self.list.itemClicked.connect(lambda item: self._run(self.list.row(item)))
        self.retranslate()

    def open(self) -> None:
        """In the upper middle of the window."""
        window = self.parentWidget().window()
        width, height = window.width() - MARGIN, window.height() - window.height() // 8 - MARGIN
        self.setFixedSize(min(theme.scaled(WIDTH), width), min(theme.scaled(HEIGHT), height))
        self.words.clear()
        self._fill()
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, max(20, window.height() // 8))))
        self.show()
        self.words.setFocus()

    def texts(self) -> list[str]:
        return [command.text for command in self._commands]

    def retranslate(self) -> None:
        self.words.setPlaceholderText(self.tr("What would you like to do?"))
        self.words.setAccessibleName(self.tr("What would you like to do?"))
        self.list.setAccessibleName(self.tr("Commands"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and self._on_key(event):
            return True
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() in steps:
            row = self.list.currentRow() + steps[event.key()]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
            self.words.setAccessibleDescription(self._commands[self.list.currentRow()].text if self._commands else "")
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentRow())
            return True
        return False

    def _fill(self) -> None:
        words = self.words.text().casefold().split()
        offered = self._offer(self.words.text().strip())
        self._commands = [one for one in offered if one.always or all(word in one.text.casefold() for word in words)]
        del self._commands[MOST:]
        self.list.clear()
        for command in self._commands:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, command.text)
            self.list.addItem(item)
            row = _row(command)
            item.setSizeHint(QSize(0, theme.scaled(ROW)))
            self.list.setItemWidget(item, row)
        self.list.setCurrentRow(0)

    def _run(self, row: int) -> None:
        self.close()
        if 0 <= row < len(self._commands):
            self._commands[row].act()


def _row(command: Command) -> QWidget:
    made = QWidget()
    made.setProperty("role", "clear")
    text, keys = ElidedLabel("plain", Qt.TextElideMode.ElideRight), label("muted")
    text.setText(command.text)
    keys.setText(command.keys)
    row = QHBoxLayout(made)
    row.setContentsMargins(12, 0, 12, 0)
    row.addWidget(text, 1)
    row.addWidget(keys)
    return made
