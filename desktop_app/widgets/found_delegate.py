"""How a search's hits look: a document's name and folder, and its passages with the words marked."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app import icons, theme, wording
from desktop_app.models.found import ROW, Row
from desktop_app.widgets.basics import draw_text, goes_left
from engine.types import Match

DOCUMENT, PASSAGE, LINE = 44, 60, 20  # pixels
LINES = 2
PLACE_WIDTH = 84
PADDING = 10


class FoundDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        row: Row = index.data(ROW)
        if row.match is None:
            return QSize(100, theme.scaled(DOCUMENT))
        room = option.widget.viewport().width() - 2 * PADDING - 24 - theme.scaled(PLACE_WIDTH)
        metrics = QFontMetrics(_sized(option.font, 13, QFont.Weight.Medium))
        two = metrics.horizontalAdvance(row.citation.quote) > room
        return QSize(100, theme.scaled(PASSAGE if two else PASSAGE - LINE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row: Row = index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        room = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        if row.match is None:
            self._paint_document(painter, option, row, room)
        else:
            self._paint_passage(painter, option, row.match, room)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        tokens = theme.current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if not chosen and not option.state & QStyle.StateFlag.State_MouseOver:
            return
        rect = option.rect.adjusted(2, 1, -2, -1).toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QColor(tokens.accent) if focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent_soft if chosen else tokens.hover))
        painter.drawRoundedRect(rect, 8, 8)

    def _paint_document(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, room: QRect) -> None:
        tokens = theme.current()
        picture = icons.pixmap("file-text", tokens.accent, 16, option.widget.devicePixelRatioF())
        icon = QRect(room.left(), room.top() + (room.height() - 16) // 2 + 2, 16, 16)
        painter.drawPixmap(QStyle.visualRect(option.direction, room, icon).topLeft(), picture)
        name_font = _sized(option.font, 14, QFont.Weight.DemiBold)
        painter.setFont(name_font)
        painter.setPen(QColor(tokens.text))
        words = room.adjusted(24, 4, 0, 0)
        elide = Qt.TextElideMode.ElideMiddle
        name = painter.fontMetrics().elidedText(row.found.path.name, elide, int(words.width() * 0.7))
        draw_text(painter, QStyle.visualRect(option.direction, room, words), name, option.direction)
        taken = painter.fontMetrics().horizontalAdvance(name) + 12
        painter.setFont(_sized(option.font, 12))
        painter.setPen(QColor(tokens.muted))
        folder = painter.fontMetrics().elidedText(str(row.found.path.parent.name), elide, words.width() - taken)
        beside = QStyle.visualRect(option.direction, room, words.adjusted(taken, 1, 0, 0))
        draw_text(painter, beside, folder, option.direction)

    def _paint_passage(self, painter: QPainter, option: QStyleOptionViewItem, match: Match, room: QRect) -> None:
        tokens = theme.current()
        painter.setFont(_sized(option.font, 12))
        painter.setPen(QColor(tokens.muted))
        one = match.citation
        place = wording.place(one.unit, one.page, one.label)
        shown = painter.fontMetrics().elidedText(place, Qt.TextElideMode.ElideMiddle, theme.scaled(PLACE_WIDTH) - 10)
        line = QRect(room.left() + 24, room.top() + theme.scaled(8), theme.scaled(PLACE_WIDTH) - 10, theme.scaled(LINE))
        draw_text(painter, QStyle.visualRect(option.direction, room, line), shown, option.direction)
        text = room.adjusted(24 + theme.scaled(PLACE_WIDTH), theme.scaled(8), 0, 0)
        painter.setPen(QColor(tokens.text))
        text = QStyle.visualRect(option.direction, room, text)
        _draw_marked(painter, one.quote, match.marks, _sized(option.font, 13), text)


def _draw_marked(painter: QPainter, quote: str, marks: tuple[tuple[int, int], ...], font: QFont, room: QRect) -> None:
    """The first lines of a quote; every blank stays one character, so that the marks stay where they are."""
    text = "".join(" " if char.isspace() else char for char in quote)
    layout = QTextLayout(text, font)
    setting = QTextOption(Qt.AlignmentFlag.AlignLeft)
    setting.setTextDirection(Qt.LayoutDirection.RightToLeft if goes_left(quote) else Qt.LayoutDirection.LeftToRight)
    layout.setTextOption(setting)
    formats = []
    for start, end in marks:
        part = QTextLayout.FormatRange()
        part.start, part.length = _utf16(text[:start]), _utf16(text[start:end])
        part.format = QTextCharFormat()
        part.format.setBackground(QColor(theme.current().mark))
        part.format.setFontWeight(QFont.Weight.DemiBold)
        formats.append(part)
    layout.setFormats(formats)
    layout.beginLayout()
    height = 0.0
    for _ in range(LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(room.width())
        line.setPosition(QPointF(0, height))
        height += line.height() + 2
    layout.endLayout()
    layout.draw(painter, QPointF(room.topLeft()))


def _utf16(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _sized(font: QFont, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    made = QFont(font)
    made.setPixelSize(theme.scaled(pixels))
    made.setWeight(weight)
    return made
