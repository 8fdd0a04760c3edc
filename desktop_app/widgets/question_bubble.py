"""A question of the conversation, on the right; it can be edited where it stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.widgets.basics import IconButton, OwnEscape, Retranslated, TextButton, label
from desktop_app.widgets.question_box import QuestionEdit

BUBBLE_SHARE = 0.72
PADDING = 14


class QuestionBubble(Retranslated, QFrame):
    """As wide as its text needs. Signal: `edited` with the new text of the question."""

    edited = Signal(str)

    def __init__(self, text: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self._label = label("user", wrap=True)
        self._label.setText(text)
        self._label.setContentsMargins(PADDING, 10, PADDING, 10)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = label("muted", wrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.edit_button = _Shy("pencil", 16)
        self.editor: _Editor | None = None
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._row.addStretch(1)
        self._row.addWidget(self.edit_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._row)
        column.addWidget(self.note)
        self.edit_button.clicked.connect(self.start_editing)
        self.retranslate()

    @property
    def bubble(self) -> QLabel:
        return self._label

    def start_editing(self) -> None:
        if self.editor is not None:
            return
        self.editor = _Editor(self.text)
        self.editor.ended.connect(self._on_edited)
        self._label.hide()
        self.edit_button.hide()
        self.layout().insertWidget(0, self.editor)
        self.editor.edit.setFocus()

    def retranslate(self) -> None:
        self.edit_button.say(self.tr("Edit the question"))

    def enterEvent(self, event: QEvent) -> None:
        super().enterEvent(event)
        self.edit_button.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.edit_button.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _on_edited(self, text: str) -> None:
        self.editor.deleteLater()
        self.editor = None
        self._label.show()
        self.edit_button.show()
        if text and text != self.text:
            self.edited.emit(text)
        else:
            self.edit_button.setFocus()

    def _fit(self) -> None:
        most = max(120, int(self.width() * BUBBLE_SHARE))
        flags = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
        room = self._label.fontMetrics().boundingRect(QRect(0, 0, most - 2 * PADDING, 0), flags, self._label.text())
        self._label.setFixedWidth(min(most, room.width() + 2 * PADDING + 4))


class _Shy(IconButton):
    """A button that is seen only while the mouse is over its surroundings, or while it has the keyboard."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or self.parentWidget().underMouse():
            super().paintEvent(event)


class _Editor(OwnEscape, Retranslated, QFrame):
    """Signal: `ended` with the text, "" when it stays as it was."""

    ended = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setProperty("role", "question")
        self.edit = QuestionEdit()
        self.edit.setPlainText(text)
        self.edit.selectAll()
        self.send = TextButton("primary")
        self.cancel = TextButton("plain")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 10)
        column.addWidget(self.edit)
        column.addLayout(buttons)
        self.edit.entered.connect(self._send)
        self.edit.textChanged.connect(lambda: self.send.setEnabled(bool(self.edit.toPlainText().strip())))
        self.send.clicked.connect(self._send)
        self.cancel.clicked.connect(lambda: self.ended.emit(""))
        self.retranslate()

    def retranslate(self) -> None:
        self.edit.setAccessibleName(self.tr("The question, to be edited"))
        self.send.say(self.tr("Ask"))
        self.send.setToolTip(self.tr("Asks this instead; what followed the question goes"))
        self.cancel.say(self.tr("Cancel"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit("")
            return
        super().keyPressEvent(event)

    def _send(self) -> None:
        if text := self.edit.toPlainText().strip():
            self.ended.emit(text)
