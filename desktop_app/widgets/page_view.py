"""One page of a document as a picture, with its cited passages marked as by a highlighter."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop_app import theme
from engine.types import Box, PageImage

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
MARGIN = 16
MOST_PIXELS_WIDE = 4000
NEARLY = 0.02  # of the right scale: such a picture is neither stretched nor asked for again
A4 = QSizeF(595, 842)  # points: the shape to expect before the first page came
PAPER_YELLOW = QColor("#fff0a6")  # paper is white in both themes, and so are its marks
PAPER_YELLOW_STRONG = QColor("#ffd23f")


class PageView(QAbstractScrollArea):
    """Signal: `scale_wanted` when the page should be drawn anew at another scale (`scale`)."""

    scale_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptDrops(False)
        self._page_size = A4  # points
        self._picture: QImage | None = None
        self._picture_scale = 1.0  # device pixels a point
        self._marks: tuple[tuple[Box, bool], ...] = ()  # and whether it belongs to the citation that was clicked
        self._zoom = ZOOMS.index(1.0)
        self._scroll_to_mark = False
        self._soon = QTimer(self, singleShot=True, interval=150)
        self._soon.timeout.connect(self.scale_wanted)

    @property
    def picture(self) -> QImage | None:
        """The page as it is shown, marks and all; None while it is awaited."""
        return self._picture

    @property
    def scale(self) -> float:
        """Device pixels a point at which a picture would be sharp now."""
        wanted = self._wanted_ratio() * self.devicePixelRatioF()
        return min(wanted, MOST_PIXELS_WIDE / self._page_size.width())

    def await_page(self) -> None:
        """Show an empty sheet of the page's shape until `show_page`."""
        self._picture = None
        self._fit()
        self.viewport().update()

    def show_page(self, image: PageImage, marks: Sequence[tuple[Box, bool]], scroll: bool) -> None:
        """Show the page with its marks; `scroll` brings the first strong mark into sight."""
        self._page_size = QSizeF(image.width / image.scale, image.height / image.scale)
        self._picture_scale = image.scale
        self._marks = tuple(marks)
        self._picture = highlighted(QImage.fromData(image.png, "PNG"), self._marks, image.scale)
        self._fit()
        if scroll:
            self._scroll_to_strong()
        self.viewport().update()
        if abs(self.scale / image.scale - 1) > NEARLY:
            self._soon.start()

    def zoom(self, steps: int) -> None:
        """Larger (1) or smaller (-1), keeping the middle in the middle."""
        middle = self._middle()
        self._zoom = min(max(self._zoom + steps, 0), len(ZOOMS) - 1)
        self._fit()
        self._centre(middle)
        self._soon.start()
        self.viewport().update()

    @property
    def can_zoom(self) -> tuple[bool, bool]:
        return self._zoom > 0, self._zoom < len(ZOOMS) - 1

    def mark_rect(self, box: Box) -> QRectF:
        """Where a box is in the viewport."""
        ratio = self._points_to_view()
        sheet = self._sheet()
        corner = QPointF(sheet.left() + box.x0 * ratio, sheet.top() + box.y0 * ratio)
        return QRectF(corner, QSizeF((box.x1 - box.x0) * ratio, (box.y1 - box.y0) * ratio))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, sheet = theme.current(), self._sheet()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), QColor(tokens.raised))
        if self._picture is None:
            painter.fillRect(sheet, QColor(tokens.surface))
            self._draw_blank_sheet(painter, sheet, QColor(tokens.hover))
        else:
            painter.drawImage(sheet, self._picture)
        painter.setPen(QColor(tokens.border))
        painter.drawRect(sheet.toAlignedRect().adjusted(-1, -1, 0, 0))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if self._scroll_to_mark:
            self._scroll_to_strong()
        self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._soon.start()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._scroll_to_mark = False
        self.viewport().update()

    def _wanted_ratio(self) -> float:
        return max(self.viewport().width() - 2 * MARGIN, 50) / self._page_size.width() * ZOOMS[self._zoom]

    def _points_to_view(self) -> float:
        """Pixels of the viewport a point: such that a picture of about the right size is shown pixel by pixel."""
        wanted, own = self._wanted_ratio(), self._picture_scale / self.devicePixelRatioF()
        return own if self._picture is not None and abs(own / wanted - 1) <= NEARLY else wanted

    def _sheet(self) -> QRectF:
        """The page in the viewport."""
        view, size = self.viewport(), self._page_size * self._points_to_view()
        left = max(MARGIN, int(view.width() - size.width()) // 2) - self.horizontalScrollBar().value()
        return QRectF(QPointF(left, MARGIN - self.verticalScrollBar().value()), size)

    def _fit(self) -> None:
        """Bars for the sheet as it is now. What they move by themselves is no person's scrolling."""
        to_mark = self._scroll_to_mark
        sheet, view = self._sheet(), self.viewport()
        for bar, size, room in (
            (self.horizontalScrollBar(), sheet.width(), view.width()),
            (self.verticalScrollBar(), sheet.height(), view.height()),
        ):
            bar.setRange(0, max(0, math.ceil(size) + 2 * MARGIN - room))
            bar.setPageStep(room)
            bar.setSingleStep(24)
        self._scroll_to_mark = to_mark

    def _scroll_to_strong(self) -> None:
        strong = [box for box, is_strong in self._marks if is_strong]
        if strong:
            top = min(strong, key=lambda box: (box.y0, box.x0))
            rect = self.mark_rect(top)
            vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
            vertical.setValue(vertical.value() + round(rect.top() - self.viewport().height() / 3))
            horizontal.setValue(horizontal.value() + round(rect.left() - self.viewport().width() / 3))
        else:
            self.verticalScrollBar().setValue(0)
        self._scroll_to_mark = True  # until the person scrolls

    def _middle(self) -> QPointF:
        ratio, sheet, view = self._points_to_view(), self._sheet(), self.viewport().rect().center()
        return QPointF((view.x() - sheet.left()) / ratio, (view.y() - sheet.top()) / ratio)

    def _centre(self, point: QPointF) -> None:
        ratio, view = self._points_to_view(), self.viewport().rect()
        self.horizontalScrollBar().setValue(round(point.x() * ratio + MARGIN - view.width() / 2))
        self.verticalScrollBar().setValue(round(point.y() * ratio + MARGIN - view.height() / 2))

    def _draw_blank_sheet(self, painter: QPainter, sheet: QRectF, colour: QColor) -> None:
        step = max(10.0, sheet.height() / 40)
        for row in range(5, 32):
            if row % 8 == 4:
                continue
            width = sheet.width() * (0.5 if row % 8 == 3 else 0.76)
            bar = QRectF(sheet.left() + sheet.width() * 0.12, sheet.top() + row * step, width, step * 0.4)
            painter.fillRect(bar, colour)


def highlighted(page: QImage, marks: Sequence[tuple[Box, bool]], scale: float) -> QImage:
    """The page with its marks multiplied onto it, so that the text stays black. `scale`: pixels a point."""
    made = page.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.setPen(Qt.PenStyle.NoPen)
    for box, strong in sorted(marks, key=lambda mark: mark[1]):
        painter.setBrush(PAPER_YELLOW_STRONG if strong else PAPER_YELLOW)
        rect = QRectF(QPointF(box.x0 - 1.5, box.y0 - 0.5), QPointF(box.x1 + 1.5, box.y1 + 0.5))
        corners = QRectF(rect.topLeft() * scale, rect.bottomRight() * scale)
        painter.drawRoundedRect(corners, 2.5 * scale, 2.5 * scale)
    painter.end()
    return made
