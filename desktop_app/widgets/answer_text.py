"""The text of an answer: Markdown that grows while it arrives, with citation marks to click."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QToolTip, QWidget

from desktop_app import language, theme, wording
from desktop_app.widgets.citation_mark import LINK, NO_SUPPORT, PLACEHOLDER, MarkPainter, mark_format, sign_at
from desktop_app.widgets.markdown import JOINER, Marks, StreamingMarkdown, is_code, is_quote
from engine.types import Citation, Standing

_FUZZY = Qt.HitTestAccuracy.FuzzyHit
GROUND = 8  # pixels that the ground of code and quotes stands out above and below


class AnswerText(QTextBrowser):
    """As high as its text. Signal: `cited` with the number of the mark that was clicked or chosen with Enter."""

    cited = Signal(object)
    _pixels = 0  # of the font that the text was shown with
    _shown: tuple[str, dict[int, Citation], bool] = ("", {}, False)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self._marks = MarkPainter(self.document())
        self._markdown = StreamingMarkdown(self.document())
        self._stale: dict[int, Standing] = {}
        self._looks = _looks()
        self.anchorClicked.connect(self._on_link)
        self.selectionChanged.connect(self._follow_focus)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_text(
        self, text: str, citations: dict[int, Citation], finished: bool = False, written: bool = False
    ) -> None:
        """`written` by a model: then [?] is the sign of a sentence without support. In a quote it is just text."""
        self._shown, self._looks = (text, citations, written), _looks()
        self._markdown.show(text, self._marks_of(citations, written), finished)

    def mark_stale(self, stale: dict[int, Standing]) -> None:
        """The marks whose words are no longer in their documents."""
        if stale != self._stale:
            self._stale = stale
            self._show_again()

    def has_unsupported(self) -> bool:
        return self.mark_position(NO_SUPPORT) >= 0

    def loadResource(self, kind: int, name: QUrl) -> None:
        """Nothing is ever loaded for an answer: no picture from the network or the disk."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        changed = event.type() in (QEvent.Type.PaletteChange, QEvent.Type.LanguageChange)
        if changed and self._looks != _looks():  # palettes change more often than colours
            self._show_again()
        elif event.type() == QEvent.Type.FontChange and self.font().pixelSize() != self._pixels:
            self._pixels = self.font().pixelSize()
            self._show_again()

    def _show_again(self) -> None:
        text, citations, written = self._shown
        if text:
            self._markdown.forget()
            self.show_text(text, citations, finished=True, written=written)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the conversation scrolls

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)
        self._follow_focus()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)
        self._follow_focus()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copied text has its marks as [1], not as the objects that are drawn."""
        cursor = self.textCursor()
        parts = cursor.selection().toPlainText().replace(JOINER, "").split(PLACEHOLDER)
        positions = range(cursor.selectionStart(), cursor.selectionEnd())
        signs = [sign for at in positions if (sign := sign_at(self.document(), at))]
        marks = [f"[{sign}]" for sign in signs] + [""] * len(parts)
        copied = QMimeData()
        copied.setText("".join(part + mark for part, mark in zip(parts, marks, strict=False)))
        return copied

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        block = self._first_in(event.rect())
        while block.isValid() and self._top(block) <= event.rect().bottom():
            grounded = is_quote(block) or is_code(block)
            block = self._draw_group(painter, block) if grounded else block.next()
        painter.end()
        super().paintEvent(event)

    def _first_in(self, rect: QRect) -> QTextBlock:
        """The block at the top of what is to be drawn, or the one where its code or quote begins."""
        at = self.document().documentLayout().hitTest(QPointF(0, max(0, rect.top() - GROUND)), _FUZZY)
        block = self.document().findBlock(max(0, at)).previous()
        while block.isValid() and (is_quote(block) or is_code(block)):
            block = block.previous()
        return block if block.isValid() else self.document().begin()

    def _top(self, block: QTextBlock) -> float:
        return self.document().documentLayout().blockBoundingRect(block).top() - GROUND

    def _draw_group(self, painter: QPainter, first: QTextBlock) -> QTextBlock:
        """Draw the ground of a run of code lines, or of one quote; returns the block after it."""
        layout, tokens, quote = self.document().documentLayout(), theme.current(), is_quote(first)
        last = first
        while _goes_on(last):
            last = last.next()
        area = layout.blockBoundingRect(first).united(layout.blockBoundingRect(last))
        ground = QRectF(0, area.top() - GROUND, self.viewport().width(), area.height() + 2 * GROUND)
        painter.setBrush(QColor(tokens.surface if quote else tokens.code))
        painter.drawRoundedRect(ground, 8, 8)
        if quote:
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(QRectF(0, ground.top() + 6, 3, ground.height() - 12), 1.5, 1.5)
        return last.next()

    def _marks_of(self, citations: dict[int, Citation], written: bool) -> Marks:
        marks = {}
        for number, one in citations.items():
            standing = self._stale.get(number, Standing.FRESH)
            tip = wording.passage_tip(one, standing)
            marks[str(number)] = mark_format(str(number), tip, standing is not Standing.FRESH)
        return marks | {NO_SUPPORT: mark_format(NO_SUPPORT, wording.no_support())} if written else marks

    def _fit(self, size: QSizeF) -> None:
        last = self.document().lastBlock()
        below = GROUND if is_code(last) or is_quote(last) else 0
        height = max(math.ceil(size.height()), self.fontMetrics().height()) + below
        if height != self.height():
            self.setFixedHeight(height)

    def _on_link(self, link: QUrl) -> None:
        address = link.toString()
        sign = address.removeprefix(LINK)
        if sign == NO_SUPPORT:
            self._explain_no_support()
        elif address.startswith(LINK):
            self.cited.emit(int(sign))

    def _explain_no_support(self) -> None:
        """Where the sign is, and for those who hear the window."""
        place = self.cursorRect(self.textCursor()).bottomLeft()
        QToolTip.showText(self.viewport().mapToGlobal(place), wording.no_support(), self)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, wording.no_support()))

    def _follow_focus(self) -> None:
        """The mark that Tab has reached is drawn strong."""
        cursor = self.textCursor()
        one = self.hasFocus() and cursor.selectionEnd() - cursor.selectionStart() == 1
        before, self._marks.focused = self._marks.focused, cursor.selectionStart() if one else -1
        self.viewport().update()
        if one and self._marks.focused != before and (tip := cursor.charFormat().toolTip()):
            place = self.cursorRect(cursor).bottomLeft()
            QToolTip.showText(self.viewport().mapToGlobal(place), tip, self)

    def mark_position(self, sign: int | str) -> int:
        """Where the first mark with a sign stands in the text, or -1."""
        found = self.document().find(PLACEHOLDER)
        while not found.isNull():
            if sign_at(self.document(), found.selectionStart()) == str(sign):
                return found.selectionStart()
            found = self.document().find(PLACEHOLDER, found)
        return -1

    def mark_cursor(self, sign: int | str) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self.mark_position(sign))
        return cursor


def _goes_on(block: QTextBlock) -> bool:
    """Whether the next block belongs to the same quote or code. A quote ends with its mark."""
    following = block.next()
    if not following.isValid() or is_code(block) != is_code(following):
        return False
    return is_code(block) or (is_quote(following) and not block.text().rstrip().endswith(PLACEHOLDER))


def _looks() -> tuple[theme.Tokens, str]:
    """What the text's colours and the words of its tips go by."""
    return theme.current(), language.current()
