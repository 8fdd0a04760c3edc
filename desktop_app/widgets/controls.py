"""Controls of the settings: a choice, numbers and a tick, with arrows in the theme's colour."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QStyleOptionSpinBox,
)

from desktop_app import icons, theme


class Unwheeled:
    """A control that leaves the mouse wheel to the page that it stands on. Comes before the Qt class."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Choice(Unwheeled, QComboBox):
    """A box to choose from."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        arrow = icons.pixmap("chevron-down", theme.current().muted, 16, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.setOpacity(1 if self.isEnabled() else 0.4)
        left = 10 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self.width() - 26
        painter.drawPixmap(left, (self.height() - 16) // 2, arrow)
        painter.end()


class Stepped(Unwheeled):
    """A number with a step up and a step down; it tells of what is typed when that is complete."""

    def __init__(self) -> None:
        super().__init__()
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(10, 0, 0, 0)  # the style sheet's padding stops at the buttons
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToNearestValue)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        painter = QPainter(self)
        parts = (("chevron-up", QStyle.SubControl.SC_SpinBoxUp), ("chevron-down", QStyle.SubControl.SC_SpinBoxDown))
        steps = self.stepEnabled()
        ways = (QAbstractSpinBox.StepEnabledFlag.StepUpEnabled, QAbstractSpinBox.StepEnabledFlag.StepDownEnabled)
        for (name, part), way in zip(parts, ways, strict=True):
            place = self.style().subControlRect(QStyle.ComplexControl.CC_SpinBox, option, part, self)
            painter.setOpacity(1 if self.isEnabled() and steps & way else 0.4)
            arrow = icons.pixmap(name, theme.current().muted, 12, self.devicePixelRatioF())
            painter.drawPixmap(place.center().x() - 5, place.center().y() - 5, arrow)
        painter.end()


class Number(Stepped, QSpinBox):
    def __init__(self, least: int, most: int, step: int) -> None:
        super().__init__()
        self.setRange(least, most)
        self.setSingleStep(step)


class Decimal(Stepped, QDoubleSpinBox):
    def __init__(self, least: float, most: float, step: float) -> None:
        super().__init__()
        self.setDecimals(2)
        self.setRange(least, most)
        self.setSingleStep(step)


class Tick(QCheckBox):
    """Something that is on or off."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        check = icons.pixmap("check", theme.current().accent_text, 14, self.devicePixelRatioF())
        painter.setOpacity(1 if self.isEnabled() else 0.4)
        painter.drawPixmap(place.center().x() - 6, place.center().y() - 6, check)
        painter.end()


Control = Choice | Number | Decimal | Tick


def value_of(control: Control) -> str | int | float | bool:
    if isinstance(control, Choice):
        return control.currentData()
    if isinstance(control, Tick):
        return control.isChecked()
    return control.value()


def show_value(control: Control, value: str | int | float | bool) -> None:
    """Show a value without telling anybody."""
    control.blockSignals(True)
    if isinstance(control, Choice):
        control.setCurrentIndex(max(0, control.findData(value)))
    elif isinstance(control, Tick):
        control.setChecked(bool(value))
    else:
        control.setValue(value)
    control.blockSignals(False)
    control.update()
