"""Where a question is written: Enter sends it, Shift+Enter starts a new line."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.shortcuts import shown
from desktop_app.widgets.basics import Fitted, IconButton, Retranslated, set_role

MOST_LINES = 6


class QuestionEdit(Fitted, QPlainTextEdit):
    """Signals: `entered` when Enter was pressed and no input method was at work; `recalled` by Up in an empty one."""

    entered = Signal()
    recalled = Signal()
    focus_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.is_composing = False  # an input method holds letters that are no text yet
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self.fit)
        self.fit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not self.is_composing:
            self.entered.emit()
            return
        if event.key() == Qt.Key.Key_Up and self.document().isEmpty() and not self.is_composing:
            self.recalled.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        lines = min(max(1, math.ceil(self.document().size().height())), MOST_LINES)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 6)


class QuestionBox(Retranslated, QFrame):
    """Signals: `asked` with the question, `stop_wanted`. While an answer runs the button stops it.

    `tool` stands below the text, at the left.
    """

    asked = Signal(str)
    stop_wanted = Signal()

    def __init__(self, tool: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "question")
        self.edit = QuestionEdit()
        self.button = IconButton("send", 20)
        self.button.setProperty("role", "send")
        self.button.setFixedSize(36, 36)
        self._busy = False
        row = QHBoxLayout()
        row.addWidget(tool)
        row.addStretch(1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(2)
        column.addWidget(self.edit)
        column.addLayout(row)
        self.setFocusProxy(self.edit)
        self.edit.entered.connect(self._send)
        self.edit.textChanged.connect(self._update_button)
        self.edit.focus_changed.connect(lambda on: set_role(self, "true" if on else "false", "active"))
        self.button.clicked.connect(self._on_button)
        self.retranslate()
        self._update_button()

    def set_busy(self, busy: bool) -> None:
        """Whether an answer is being written: then the button stops it."""
        self._busy = busy
        self.retranslate()
        self._update_button()

    def retranslate(self) -> None:
        self.edit.setPlaceholderText(self.tr("Ask your library…"))
        self.edit.setAccessibleName(self.tr("Your question"))
        if self._busy:
            self.button.say(self.tr("Stop answering"), shown("stop"))
        else:
            self.button.say(self.tr("Send the question"), "Enter")

    def _update_button(self) -> None:
        usable = self._busy or bool(self.edit.toPlainText().strip())
        self.button.setEnabled(usable)
        self.button.use_icon("square" if self._busy else "send", "accent_text" if usable else "muted")

    def _on_button(self) -> None:
        if self._busy:
            self.stop_wanted.emit()
        else:
            self._send()

    def _send(self) -> None:
        question = self.edit.toPlainText().strip()
        if self._busy or not question:
            return
        self.edit.clear()
        self.asked.emit(question)
