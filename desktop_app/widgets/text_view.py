"""A document that has lines and no pages: its text with line numbers, the cited lines marked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from desktop_app import theme
from desktop_app.widgets.basics import Fitted, Retranslated
from engine.types import Citation, TextLines

SIZES = (10, 11, 12, 13, 14, 16, 18, 22)
MOST_CITED_LINES = 40
WIDEST_LABEL = 160  # pixels: a long name is cut in its middle, since a row's number stands at its end


class TextView(Fitted, Retranslated, QPlainTextEdit):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "lines")
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._first = 1
        self._labels: tuple[str, ...] = ()  # of the lines, where people do not call them by their numbers
        self._cited: dict[int, bool] = {}  # line number -> whether it belongs to the citation that was clicked
        self._size = SIZES.index(13)
        self._numbers = _Numbers(self)
        self.updateRequest.connect(self._on_update)
        self._apply_size()
        self.retranslate()

    def show_lines(self, lines: TextLines, cited: dict[int, bool], scroll: bool) -> None:
        """Show part of a document. `cited` has the marked lines; `scroll` brings the strong ones into sight."""
        self._first, self._labels, self._cited = lines.first, lines.labels, cited
        self.setPlainText("\n".join(lines.lines))
        self._apply_size()
        strong = [number for number, is_strong in cited.items() if is_strong]
        if scroll and strong:
            self._go_to(min(strong))

    def fit(self) -> None:
        if self.document().defaultFont().pixelSize() != theme.scaled(SIZES[self._size]):
            self._apply_size()

    def zoom(self, steps: int) -> None:
        self._size = min(max(self._size + steps, 0), len(SIZES) - 1)
        self._apply_size()

    @property
    def can_zoom(self) -> tuple[bool, bool]:
        return self._size > 0, self._size < len(SIZES) - 1

    def marked_lines(self) -> list[int]:
        return sorted(self._cited)

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Text of the document"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marks below the text: whole lines, also where they are wrapped."""
        tokens = theme.current()
        painter = QPainter(self.viewport())
        for number, strong in self._cited.items():
            block = self.document().findBlockByNumber(number - self._first)
            if block.isValid():
                area = self.blockBoundingGeometry(block).translated(self.contentOffset())
                area.setWidth(self.viewport().width())
                painter.fillRect(area, QColor(tokens.mark_strong if strong else tokens.mark))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self.number_width(), area.height()))

    def number_width(self) -> int:
        widest = max((self._label(block) for block in range(self.blockCount())), key=len, default="")
        return min(self.fontMetrics().horizontalAdvance(max(widest, "999", key=len)), WIDEST_LABEL) + 24

    def paint_numbers(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), QColor(tokens.surface))
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.muted))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            room = self._numbers.width() - 20
            number = self.fontMetrics().elidedText(self._label(block.blockNumber()), Qt.TextElideMode.ElideMiddle, room)
            left = self._numbers.width() - 14 - self.fontMetrics().horizontalAdvance(number)
            painter.drawText(QPointF(left, top + block.layout().lineAt(0).ascent()), number)
            top += self.blockBoundingRect(block).height()
            block = block.next()
        painter.end()

    def _label(self, block: int) -> str:
        """What stands beside a line: its number, or what people call its place; that only where it changes."""
        if not self._labels:
            return str(self._first + block)
        label = self._labels[block] if block < len(self._labels) else ""
        return "" if block and label == self._labels[block - 1] else label

    def _apply_size(self) -> None:
        font = self.font()
        font.setPixelSize(theme.scaled(SIZES[self._size]))
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.setViewportMargins(self.number_width(), 0, 8, 0)
        self._numbers.setFixedWidth(self.number_width())

    def _go_to(self, number: int) -> None:
        block = self.document().findBlockByNumber(number - self._first)
        cursor = QTextCursor(block)
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(max(0, number - self._first - 6))
        self.ensureCursorVisible()

    def _on_update(self, rect: QRect, dy: int) -> None:
        if dy:
            self._numbers.scroll(0, dy)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())


class _Numbers(QWidget):
    """The column of line numbers; the text view draws it."""

    def __init__(self, view: TextView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.number_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_numbers(event)


def cited_lines(citation: Citation, lines: TextLines) -> list[int]:
    """The numbers of the lines that a citation's quote covers, from the line where it begins."""
    quote, start = _letters(citation.quote), citation.page - lines.first
    text, ends = "", []
    for line in lines.lines[max(start, 0) : start + MOST_CITED_LINES]:
        text += _letters(line)
        ends.append(len(text))
    begin = text.find(quote)
    if begin < 0 or not quote:
        return [citation.page]
    first = sum(end <= begin for end in ends)
    last = sum(end < begin + len(quote) for end in ends)
    return [citation.page + index for index in range(first, last + 1)]


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
