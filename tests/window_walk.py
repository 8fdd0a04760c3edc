"""Walks over a window, as people use it who do not see it well, or have no mouse: names, contrast, the way of Tab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

Pixels = np.ndarray  # (height, width, 3) uint8, red green blue
ENOUGH = 4.5  # contrast of text (WCAG 2.2, 1.4.3)
FEWEST = 8  # points that change where something gets the keyboard
MOST_STEPS = 200
EDGE = 3  # pixels of a control that are its frame


@dataclass(frozen=True)
class Stop:
    """Where Tab came to, and how many points of the window changed with it."""

    widget: QWidget
    changed: int


def controls(root: QWidget) -> list[QWidget]:
    """What can have the keyboard and is in sight, but for the inner parts of what is named as a whole."""
    found = [root, *root.findChildren(QWidget)]
    return [each for each in found if is_control(each) and each.isVisible() and not is_part(each)]


def nameless(root: QWidget) -> list[QWidget]:
    return [each for each in controls(root) if not each.accessibleName()]


def faint(root: QWidget) -> list[tuple[str, float]]:
    """Texts in sight, as far as they are drawn, whose contrast with their ground is not enough; (text, contrast)."""
    picture = pixels(root)
    found = []
    for text, place in texts(root):
        part = picture[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
        if part.size and (measured := text_contrast(part)) < ENOUGH:
            found.append((text, round(measured, 2)))
    return found


def texts(root: QWidget) -> Iterator[tuple[str, QRect]]:
    """What is written in `root`, and where in it."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, QAbstractItemView):
            view = widget.viewport()
            for row in range(widget.model().rowCount() if widget.model() else 0):
                index = widget.model().index(row, 0)
                where = widget.visualRect(index).intersected(view.visibleRegion().boundingRect())
                if index.data() and where.height() > 10:
                    yield str(index.data()), inside(root, view, where)
        elif text := text_of(widget):
            where = widget.visibleRegion().boundingRect()
            if where.height() > 10:
                yield text, inside(root, widget, where)


def text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText() or widget.placeholderText()
    return ""


def tab_through(window: QWidget) -> list[Stop]:
    """Press Tab until it comes round: each stop, in its order. A stop within one control counts, too."""
    stops: list[Stop] = []
    before = pixels(window)
    for _ in range(MOST_STEPS):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        QApplication.processEvents()
        after, widget = pixels(window), window.focusWidget()
        if widget is None or (stops and widget is stops[0].widget):
            break
        stops.append(Stop(widget, int((before != after).any(axis=2).sum())))
        before = after
    return stops


def pixels(widget: QWidget) -> Pixels:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine())[:, : 4 * image.width()]
    return rows.reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def text_contrast(part: Pixels) -> float:
    """Between the commonest colour and the one that differs most from it."""
    colours, counts = np.unique(part.reshape(-1, 3), axis=0, return_counts=True)
    lights = luminance(colours)
    ground = lights[counts.argmax()]
    lighter, darker = np.maximum(lights, ground), np.minimum(lights, ground)
    return float(((lighter + 0.05) / (darker + 0.05)).max())


def luminance(colours: Pixels) -> np.ndarray:
    """Of (n, 3) colours, 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = colours / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def is_control(widget: QWidget) -> bool:
    if isinstance(widget, QLabel):  # its text is its name
        return False
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not widget.isHidden()


def is_part(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    inside_one = isinstance(parent, QComboBox) or widget.objectName().startswith("qt_")
    return inside_one or type(widget).__name__ in ("QComboBoxListView", "QComboBoxPrivateContainer", "QListView")


def inside(root: QWidget, widget: QWidget, where: QRect) -> QRect:
    framed = where.adjusted(EDGE, EDGE, -EDGE, -EDGE)
    return framed.translated(widget.mapTo(root, QPoint(0, 0))).intersected(root.rect())
