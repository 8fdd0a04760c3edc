"""The first step: in which language, and how light."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.choices import Choices
from desktop_app.widgets.basics import Retranslated
from desktop_app.widgets.controls import Choice, show_value
from desktop_app.widgets.setting_row import SettingRow

VALUES = {"language": ("", "en", "zh"), "theme": ("", "light", "dark")}


class WelcomeLook(Retranslated, QFrame):
    """Signal: `chosen` with a setting's name and value."""

    chosen = Signal(str, object)

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.language, self.theme = Choice(), Choice()
        self._rows = {"language": SettingRow(self.language), "theme": SettingRow(self.theme)}
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(16)
        for name, row in self._rows.items():
            column.addWidget(row)
            for value in VALUES[name]:
                row.control.addItem("", value)
            show_value(row.control, getattr(choices.settings, name))
            row.control.activated.connect(lambda at, name=name: self.chosen.emit(name, VALUES[name][at]))
        self.retranslate()

    def retranslate(self) -> None:
        self._rows["language"].say(self.tr("Language"), self.tr("Of the window; documents may be in either."))
        self._rows["theme"].say(self.tr("Theme"))
        for index, text in enumerate((self.tr("As the system"), "English", "简体中文")):
            self.language.setItemText(index, text)
        for index, text in enumerate((self.tr("As the system"), self.tr("Light"), self.tr("Dark"))):
            self.theme.setItemText(index, text)
