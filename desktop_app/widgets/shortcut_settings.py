"""Every action's keys, to read and to change."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QKeySequenceEdit, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_app import shortcuts
from desktop_app.choices import Choices
from desktop_app.theme import scaled
from desktop_app.widgets.basics import Fitted, IconButton, Retranslated, TextButton, label, set_role

WIDTH = 160  # pixels of the keys


class ShortcutSettings(Retranslated, QFrame):
    """Keys that another action has, or that typing needs, are refused by name. They hold at once."""

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._choices = choices
        self._title = label("heading")
        self._hint = label("muted", wrap=True)
        self.trouble = label("danger", wrap=True)
        self.rows = {action.name: ShortcutRow(action) for action in shortcuts.ACTIONS}
        self._citations, self._citation_keys = QLabel(), label("muted")
        self.restore = TextButton("plain", "rotate-cw")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addWidget(self.trouble)
        for row in self.rows.values():
            column.addWidget(row)
        fixed = QHBoxLayout()
        fixed.addWidget(self._citations, 1)
        fixed.addWidget(self._citation_keys)
        column.addLayout(fixed)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.restore)
        column.addLayout(foot)
        for name, row in self.rows.items():
            row.typed.connect(partial(self._change, name))
            row.restored.connect(lambda name=name: self._change(name, shortcuts.BY_NAME[name].keys))
        self.restore.clicked.connect(lambda: self._choices.change("shortcuts", ""))
        choices.kept.connect(lambda name: name == "shortcuts" and self._show())
        self.trouble.hide()
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Keyboard"))
        self._hint.setText(
            self.tr("To change keys, go to them and press the new ones; Backspace takes them away. They hold at once.")
        )
        for name, text in shortcuts.texts().items():
            self.rows[name].say(text)
        self._citations.setText(self.tr("Open the citation of that number"))
        self._citation_keys.setText("Alt+1 … Alt+9")
        self.restore.say(self.tr("Restore all keys"))
        self._show()

    def _show(self) -> None:
        for row in self.rows.values():
            row.show_keys()
        self.restore.setEnabled(any(shortcuts.keys_of(one.name) != one.keys for one in shortcuts.ACTIONS))

    def _change(self, name: str, keys: str) -> None:
        refusal = "" if keys == shortcuts.keys_of(name) else self._refusal(name, keys)
        self.trouble.setText(refusal)
        self.trouble.setVisible(bool(refusal))
        if refusal:
            self.rows[name].show_keys()
        elif keys != shortcuts.keys_of(name):
            self._choices.change("shortcuts", shortcuts.changed(self._choices.settings.shortcuts, name, keys))

    def _refusal(self, name: str, keys: str) -> str:
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        if user := shortcuts.user_of(keys, name):
            return self.tr("{keys} is in use already: {action}. Change that first.").format(
                keys=native, action=shortcuts.texts()[user]
            )
        if not shortcuts.is_usable(keys):
            return self.tr("{keys} is needed for typing. Take keys with Ctrl or Alt, or a function key.").format(
                keys=native
            )
        return ""


class KeysEdit(QKeySequenceEdit):
    """A field for one press of keys; its line, which shows them, never has the keyboard itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaximumSequenceLength(1)
        self._line = self.findChild(QLineEdit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift+Tab leaves it, as Tab does; Backspace takes the keys away."""
        if event.key() == Qt.Key.Key_Backtab:
            self.focusNextPrevChild(False)
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and not event.modifiers():
            self.clear()
            self.editingFinished.emit()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        set_role(self._line, "true", "active")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_role(self._line, "false", "active")


class ShortcutRow(Fitted, QWidget):
    """Signals: `typed` with the keys; `restored`."""

    typed = Signal(str)
    restored = Signal()

    def __init__(self, action: shortcuts.Action) -> None:
        self.edit = KeysEdit()
        super().__init__()
        self._action = action
        self._name = QLabel()
        self.edit.setEnabled(not action.is_fixed)
        self.reset = IconButton("rotate-cw", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self.reset)
        row.addWidget(self.edit)
        self._name.setBuddy(self.edit)
        self.edit.editingFinished.connect(self._on_typed)
        self.reset.clicked.connect(self.restored)
        self.fit()

    def fit(self) -> None:
        self.edit.setFixedWidth(scaled(WIDTH))

    def say(self, text: str) -> None:
        self._name.setText(text)
        self.edit.setAccessibleName(text)
        self.reset.say(self.tr("Restore the keys: {action}").format(action=text))

    def show_keys(self) -> None:
        keys = shortcuts.keys_of(self._action.name)
        self.edit.setKeySequence(QKeySequence(keys))
        self.reset.setVisible(keys != self._action.keys)

    def _on_typed(self) -> None:
        self.typed.emit(self.edit.keySequence().toString())
