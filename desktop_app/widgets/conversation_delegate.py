"""How a kept conversation looks in the list: its title, where searched words stand, a pin, and a menu's button."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app import icons, theme
from desktop_app.models.conversations import CONVERSATION
from desktop_app.widgets.basics import draw_text
from engine.types import Conversation

ROW, TWO_LINES, PART = 36, 54, 32  # pixels
PADDING = 10
BUTTON = 26


class ConversationDelegate(QStyledItemDelegate):
    """Signal: `menu_wanted` with the index and the place on the screen. `opened` is the id of the one in sight."""

    menu_wanted = Signal(object, object)
    opened = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        one = index.data(CONVERSATION)
        if one is None:
            return QSize(80, theme.scaled(PART))
        return QSize(80, theme.scaled(TWO_LINES if one.glimpse else ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        one = index.data(CONVERSATION)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if one is None:
            self._paint_part(painter, option, str(index.data()))
        else:
            self._paint_row(painter, option, one)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> QWidget:
        field = QLineEdit(parent)
        field.setProperty("role", "field")
        field.setAccessibleName(self.tr("Name of the conversation"))
        return field

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        editor.setGeometry(option.rect.adjusted(2, 1, -2, -1))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        pressed = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)
        if (
            pressed
            and index.data(CONVERSATION)
            and _visual(option, option.rect, menu_rect(option.rect)).contains(event.position().toPoint())
        ):
            if event.type() == QEvent.Type.MouseButtonRelease:
                place = _visual(option, option.rect, menu_rect(option.rect)).bottomLeft()
                self.menu_wanted.emit(index, option.widget.viewport().mapToGlobal(place))
            return True
        return super().editorEvent(event, model, option, index)

    def _paint_part(self, painter: QPainter, option: QStyleOptionViewItem, name: str) -> None:
        painter.setFont(_sized(option.font, 12))
        painter.setPen(QColor(theme.current().muted))
        draw_text(painter, option.rect.adjusted(PADDING, 8, -PADDING, 0), name, option.direction)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, one: Conversation) -> None:
        tokens = theme.current()
        rect = option.rect.adjusted(2, 1, -2, -1)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if one.id == self.opened or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft if one.id == self.opened else tokens.hover))
            painter.drawRoundedRect(rect, 8, 8)
        if focused:
            painter.setPen(QColor(tokens.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        right = PADDING
        if hovered or focused:
            self._draw_icon(painter, option, "ellipsis", _visual(option, option.rect, menu_rect(option.rect)).center())
            right = BUTTON + 4
        elif one.pinned:
            self._draw_icon(painter, option, "pin", _visual(option, option.rect, menu_rect(option.rect)).center())
            right = BUTTON + 4
        self._draw_texts(painter, option, one, _visual(option, rect, rect.adjusted(PADDING - 2, 0, -right, 0)))

    def _draw_texts(self, painter: QPainter, option: QStyleOptionViewItem, one: Conversation, room: QRect) -> None:
        tokens = theme.current()
        title = QRect(room.left(), room.top() + 4, room.width(), theme.scaled(24)) if one.glimpse else room
        for text, size, colour, place in (
            (one.title, 14, tokens.text, title),
            (
                one.glimpse,
                12,
                tokens.muted,
                QRect(room.left(), room.top() + theme.scaled(27), room.width(), theme.scaled(20)),
            ),
        ):
            painter.setFont(_sized(option.font, size))
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            draw_text(painter, place, shown, option.direction)

    def _draw_icon(self, painter: QPainter, option: QStyleOptionViewItem, name: str, centre: QPoint) -> None:
        picture = icons.pixmap(name, theme.current().muted, 16, option.widget.devicePixelRatioF())
        painter.drawPixmap(centre - QPoint(8, 8), picture)


def _visual(option: QStyleOptionViewItem, bounds: QRect, place: QRect) -> QRect:
    """A place within `bounds`, on the other side where text goes from right to left."""
    return QStyle.visualRect(option.direction, bounds, place)


def menu_rect(row: QRect) -> QRect:
    """Where a row's button for its menu is."""
    return QRect(
        row.right() - BUTTON - 4, row.top() + (min(row.height(), theme.scaled(ROW)) - BUTTON) // 2, BUTTON, BUTTON
    )


def _sized(font: QFont, pixels: int) -> QFont:
    made = QFont(font)
    made.setPixelSize(theme.scaled(pixels))
    return made
