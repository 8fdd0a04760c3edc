"""The guide: one page of text about the program itself, in the window's language, with its contents and a search."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app import language, theme, wording
from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.guide_text import GuideText

TEXTS = Path(__file__).parents[1] / "resources" / "guide"
WIDEST = 720  # pixels: longer lines are hard to read
CONTENTS_WIDTH = 220
ABOVE = 16  # pixels that stay free above a heading
_TITLE = re.compile(r"\A# .*\n+")


class GuidePage(Retranslated, QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._spoken = ""  # the language of the text that is shown
        self._found: list[QTextCursor] = []
        self._at = 0
        self._build()
        self.words.textChanged.connect(self._search)
        self.contents.itemClicked.connect(self._on_chosen)
        self.contents.itemActivated.connect(self._on_chosen)
        self.retranslate()

    def _build(self) -> None:
        self._title = label("title")
        self.words = _Words(self.step)
        self.count = label("muted")
        self.contents = QListWidget()
        self.contents.setProperty("role", "choices")
        self.contents.setFrameShape(QFrame.Shape.NoFrame)
        self.contents.setSpacing(3)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = GuideText()
        self.text.setMaximumWidth(WIDEST)
        inner = QWidget()
        inner.setProperty("role", "clear")
        row = QHBoxLayout(inner)
        row.setContentsMargins(8, 4, 24, 40)
        row.addWidget(self.text, 1000, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(inner)
        side = QWidget()
        side.setFixedWidth(CONTENTS_WIDTH)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        left.addWidget(self.words)
        left.addWidget(self.count)
        left.addWidget(self.contents, 1)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addWidget(side)
        body.addWidget(self.scroll, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 30, 16, 12)
        column.setSpacing(14)
        column.addWidget(self._title)
        column.addLayout(body, 1)
        self.setFocusProxy(self.words)

    def headings(self) -> list[str]:
        return [block.text() for block in self.text.headings()]

    def show_part(self, number: int) -> None:
        """Bring the heading of this number, from 0, to the top."""
        blocks = self.text.headings()
        if 0 <= number < len(blocks):
            self.contents.setCurrentRow(number)
            self._scroll_to(QTextCursor(blocks[number]), ABOVE)

    def show_part_about(self, word: str) -> None:
        """The first heading that holds a word, such as a model's name."""
        self.show_part(next((at for at, text in enumerate(self.headings()) if word in text), 0))

    def step(self, by: int) -> None:
        """To the next place where the words stand (1), or the one before (-1)."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._show_found()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Guide"))
        self._title.setText(self.tr("Guide"))
        self.words.setPlaceholderText(self.tr("Search the guide"))
        self.words.setAccessibleName(self.tr("Search the guide"))
        self.contents.setAccessibleName(self.tr("Contents"))
        self.text.setAccessibleName(self.tr("Guide"))
        if self._spoken != language.current():
            self._spoken = language.current()
            self._show_text()
        self._show_count()

    def _show_text(self) -> None:
        written = (TEXTS / f"{self._spoken}.md").read_text("utf-8")
        self.text.show_text(_TITLE.sub("", written), {}, finished=True)
        self.contents.clear()
        for block in self.text.headings():
            name = re.split("[:：]", block.text())[0]  # what it is about; the rest is told there
            item = QListWidgetItem(("    " if block.blockFormat().headingLevel() > 2 else "") + name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, block.text())
            self.contents.addItem(item)
        self._search()

    def _search(self) -> None:
        words, document = self.words.text().strip(), self.text.document()
        self._found, self._at = [], 0
        cursor = QTextCursor(document)
        while words and not (cursor := document.find(words, cursor)).isNull():
            self._found.append(QTextCursor(cursor))
        self._show_found()

    def _show_found(self) -> None:
        tokens, marked = theme.current(), []
        for number, cursor in enumerate(self._found):
            one = QTextEdit.ExtraSelection()
            one.cursor = cursor
            one.format.setBackground(QColor(tokens.mark_strong if number == self._at else tokens.mark))
            marked.append(one)
        self.text.setExtraSelections(marked)
        if self._found:
            self._scroll_to(self._found[self._at], self.scroll.height() // 3)
        self._show_count()

    def _show_count(self) -> None:
        if not self._found:
            missing = self.tr("The guide does not say this.") if self.words.text().strip() else ""
            self.count.setText(missing)
        else:
            at, count = wording.number(self._at + 1), wording.number(len(self._found))
            self.count.setText(self.tr("{at} of {count}").format(at=at, count=count))
        self.count.setVisible(bool(self.count.text()))

    def _scroll_to(self, cursor: QTextCursor, above: int) -> None:
        def scroll() -> None:
            place = self.text.mapTo(self.scroll.widget(), QPoint(0, self.text.cursorRect(cursor).top()))
            self.scroll.verticalScrollBar().setValue(place.y() - above)

        QTimer.singleShot(0, self, scroll)  # the text may only now take its place

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.show_part(self.contents.row(item))


class _Words(QLineEdit):
    """Enter goes to the next place, Shift+Enter to the one before."""

    def __init__(self, step: object) -> None:
        super().__init__()
        self._step = step
        self.setProperty("role", "field")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return
        super().keyPressEvent(event)
