"""Where folders and files may be dropped: the zone on the library page, and a veil over the rest of the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.widgets.basics import IconLabel, Retranslated, label


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders that are being dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropZone(Retranslated, QFrame):
    """Says that things may be dropped, and shows when they are about to be. The window takes the drop itself."""

    def __init__(self, veil: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._veil = veil
        self._hovered = veil
        self._icon = IconLabel("upload", 28)
        self._title = label("name")
        self._hint = label("muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 22)
        column.setSpacing(6)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (self._title, self._hint):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(text)
        column.addStretch(1)
        self.retranslate()

    @property
    def is_hovered(self) -> bool:
        return self._hovered

    def set_hovered(self, hovered: bool) -> None:
        self._hovered = hovered
        self.update()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Drop folders or files here"))
        self._hint.setText(self.tr("They are read where they are and never changed, moved or sent anywhere."))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(tokens.accent_soft)
        if self._veil:
            painter.fillRect(self.rect(), QColor(tokens.bg))
        edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._veil:
            edge.adjust(24, 24, -24, -24)
        pen = QPen(QColor(tokens.accent if self._hovered else tokens.border), 2)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(ground if self._hovered else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(edge, 14, 14)
        painter.end()
