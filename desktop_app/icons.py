"""One-colour SVG icons (Lucide, ISC licence), tinted when they are asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent / "resources" / "icons"
RATIOS = (1, 2)
# that point along the line of text, and so the other way where that goes from right to left
ALONG = {"chevron-left", "chevron-right", "list", "panel-left", "send", "text-search", "undo-2"}


def icon(name: str, colour: str, size: int = 20, checked: str = "", gap: int = 0) -> QIcon:
    """The icon in `colour`, sharp up to a device pixel ratio of 2; in `checked` while its button is on.

    `gap` pixels stay free behind it, at its right where text goes from left to right: the room before a button's words,
    which Qt makes too narrow.
    """
    made = QIcon()
    for ratio in RATIOS:
        plain = pixmap(name, colour, size, ratio, gap)
        made.addPixmap(plain)
        made.addPixmap(_faint(plain), QIcon.Mode.Disabled)
        if checked:
            made.addPixmap(pixmap(name, checked, size, ratio, gap), QIcon.Mode.Normal, QIcon.State.On)
    return made


def pixmap(name: str, colour: str, size: int, ratio: float, gap: int = 0) -> QPixmap:
    source = (FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    made = QPixmap(round((size + gap) * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    mirrored = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    painter = QPainter(made)
    if mirrored:
        painter.translate(gap * ratio, 0)
    if mirrored and name in ALONG:
        painter.translate(size * ratio, 0)
        painter.scale(-1, 1)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def _faint(plain: QPixmap) -> QPixmap:
    made = QPixmap(plain.size())
    made.setDevicePixelRatio(plain.devicePixelRatio())
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setOpacity(0.35)
    painter.drawPixmap(0, 0, plain)
    painter.end()
    return made
