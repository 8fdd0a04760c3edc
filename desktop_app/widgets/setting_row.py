"""One setting: its name and a sentence about it at the left, what changes it at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app import theme
from desktop_app.widgets.basics import Fitted, label

CONTROL_WIDTH = 220


class SettingRow(Fitted, QWidget):
    """`control` None: there is nothing to change, only to read."""

    def __init__(self, control: QWidget | None = None) -> None:
        self.control = control
        super().__init__()
        self._name = label("plain", wrap=True)
        self._hint = label("muted", wrap=True)
        self._hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._name)
        texts.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(28)
        row.addLayout(texts, 1)
        if control is None:
            self._hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        else:
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
            self._name.setBuddy(control)
        self.fit()

    def fit(self) -> None:
        if self.control is not None:
            self.control.setFixedWidth(theme.scaled(CONTROL_WIDTH))

    def say(self, name: str, hint: str = "") -> None:
        self._name.setText(name)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        if self.control is not None:
            self.control.setAccessibleName(name)
            self.control.setAccessibleDescription(hint)
