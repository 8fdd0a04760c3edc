"""What a document's text looks like to the program: its passages, each with the place where it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from desktop_app import theme, wording
from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.widgets.basics import ElidedLabel, Retranslated, TextButton, label
from engine.types import Document, Passage

AT_ONCE = 100  # passages
LINE_HEIGHT = 132  # percent, as in answers
SIZE = (720, 620)  # pixels


class PassagesDialog(Retranslated, QDialog):
    """The text as it is searched and quoted; more of it comes when it is wanted."""

    def __init__(self, bridge: Bridge, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._document = document
        self._passages: tuple[Passage, ...] = ()
        self._complete = False
        self._failure: Failure | None = None
        self._reply: Reply | None = None
        self._build()
        self.more.clicked.connect(self._ask)
        self.close_button.clicked.connect(self.reject)
        self.retranslate()
        self._ask()

    def _build(self) -> None:
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._name = ElidedLabel("heading")
        self._name.setText(self._document.path.name)
        self._name.setToolTip(str(self._document.path))
        self.told = label("muted", wrap=True)
        self.text = QTextBrowser()
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(0)
        self.text.setTabChangesFocus(True)
        self.more = TextButton("plain", "chevron-down")
        self.close_button = TextButton("primary")
        foot = QHBoxLayout()
        foot.addWidget(self.more)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (self._name, self.told, self.text):
            column.addWidget(part)
        column.setStretchFactor(self.text, 1)
        column.addLayout(foot)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("What is read of {name}").format(name=self._document.path.name))
        self.text.setAccessibleName(self.tr("Passages of the document"))
        self.more.say(self.tr("Show more"))
        self.more.setVisible(not self._complete)
        self.close_button.say(self.tr("Close"))
        self.told.setText(self._sentence())

    def done(self, result: int) -> None:
        if self._reply is not None:
            self._reply.drop()
        super().done(result)

    def _sentence(self) -> str:
        if self._failure is not None:
            return wording.failure(self._failure)
        if not self._complete and not self._passages:
            return ""
        if not self._passages:
            return self.tr("Nothing was read of this document so far, so that nothing of it is found.")
        shown = wording.passages(len(self._passages))
        if self._complete:
            return self.tr("{passages}: this is what is searched and quoted.").format(passages=shown)
        return self.tr("The first {passages}: this is what is searched and quoted.").format(passages=shown)

    def _ask(self) -> None:
        first = len(self._passages)
        self._reply = self._bridge.request("passages", path=self._document.path, first=first, count=AT_ONCE)
        self._reply.done.connect(self._on_passages)
        self._reply.failed.connect(self._on_failed)

    def _on_passages(self, passages: tuple[Passage, ...]) -> None:
        self._reply, self._failure = None, None
        self._complete = len(passages) < AT_ONCE
        for passage in passages:
            self._add(passage)
        if not self._passages:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)  # it went along with what was put in
        self._passages += passages
        self.retranslate()

    def _on_failed(self, failure: Failure) -> None:
        self._reply, self._failure = None, failure
        self.retranslate()

    def _add(self, passage: Passage) -> None:
        """Its place and heading, and below them its text."""
        place = wording.place(self._document.unit, passage.page_first, passage.label)
        head = " · ".join(filter(None, (wording.number(passage.ordinal + 1), place, passage.heading)))
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        small, plain, apart = QTextCharFormat(), QTextCharFormat(), QTextBlockFormat()
        small.setForeground(QColor(theme.current().muted))
        plain.setForeground(QColor(theme.current().text))
        apart.setTopMargin(14 if passage.ordinal else 0)
        if passage.ordinal:
            cursor.insertBlock(apart)
        cursor.insertText(head, small)
        cursor.insertBlock(_lines())
        cursor.insertText(passage.text, plain)


def _lines() -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return made
