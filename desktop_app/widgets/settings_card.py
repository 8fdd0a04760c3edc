"""A card of settings that belong together: a heading, and a row for each with what changes it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Failure
from desktop_app.choices import Choices
from desktop_app.widgets.basics import Retranslated, label
from desktop_app.widgets.controls import Choice, Control, Tick, show_value, value_of
from desktop_app.widgets.setting_row import SettingRow


class SettingsCard(Retranslated, QFrame):
    """Keeps each control's value under its setting's name; a value that is refused goes back, with the reason.

    Whoever inherits says the texts in `retranslate`, and calls this one's too.
    """

    def __init__(self, choices: Choices, controls: Mapping[str, Control], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._choices = choices
        self._refusal: Failure | None = None
        self.controls = dict(controls)
        self.rows = {name: SettingRow(control) for name, control in self.controls.items()}
        self.title = label("heading")
        self.trouble = label("danger", wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 18, 20, 20)
        self.column.setSpacing(16)
        for part in (self.title, self.trouble, *self.rows.values()):
            self.column.addWidget(part)
        for name, control in self.controls.items():
            show_value(control, getattr(choices.settings, name))
            self._signal_of(control).connect(lambda _, name=name: self.change(name, value_of(self.controls[name])))
        choices.kept.connect(self._on_kept)
        choices.refused.connect(self._on_refused)

    def change(self, name: str, value: str | int | float | bool) -> None:
        """What a control is for; whoever inherits may do more."""
        self._choices.change(name, value)

    def tell(self, failure: Failure | None) -> None:
        """Say above the rows why something was not done; None: nothing is wrong any more."""
        self._refusal = failure
        self.trouble.setText(wording.failure(failure) if failure else "")
        self.trouble.setVisible(failure is not None)

    def retranslate(self) -> None:
        self.tell(self._refusal)

    def _signal_of(self, control: Control) -> object:
        if isinstance(control, Choice):
            return control.activated
        return control.toggled if isinstance(control, Tick) else control.valueChanged

    def _on_kept(self, name: str) -> None:
        if name in self.controls:
            show_value(self.controls[name], getattr(self._choices.settings, name))
            self.tell(None)

    def _on_refused(self, name: str, failure: Failure) -> None:
        if name in self.controls:
            show_value(self.controls[name], getattr(self._choices.settings, name))
            self.tell(failure)
