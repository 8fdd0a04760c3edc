"""Where the instruction to the language model is read and changed, one text for each language."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app import language, wording
from desktop_app.bridge import Failure
from desktop_app.choices import Choices
from desktop_app.widgets.basics import Retranslated, TextButton, label, set_role
from desktop_app.widgets.controls import Choice, show_value
from desktop_app.widgets.setting_row import SettingRow
from engine.texts import Language

LINES = 7


class InstructionEditor(Retranslated, QWidget):
    """The engine checks a text when it is to be kept; what it says against it stands under the text."""

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self.defaults: dict[Language, str] = {}
        self._unsaved: dict[Language, str] = {}
        self._result: Failure | Literal["kept", ""] = ""
        self.language = Choice()
        self.language.addItem("English", "en")
        self.language.addItem("简体中文", "zh")
        show_value(self.language, language.current())
        self._row = SettingRow(self.language)
        self.edit = QPlainTextEdit()
        self.edit.setProperty("role", "field")
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(LINES * self.edit.fontMetrics().lineSpacing() + 24)
        self.state = label("muted", wrap=True)
        self.keep = TextButton("primary")
        self.restore = TextButton("plain", "rotate-cw")
        self._build()
        self.language.activated.connect(self._show_text)
        self.edit.textChanged.connect(self._on_edited)
        self.keep.clicked.connect(lambda: self._change(self.edit.toPlainText().strip()))
        self.restore.clicked.connect(lambda: self._change(""))
        choices.kept.connect(self._on_kept)
        choices.refused.connect(self._on_refused)
        self._show_text()
        self.retranslate()

    def _build(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.restore)
        foot.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._row)
        column.addWidget(self.edit)
        column.addLayout(foot)

    def show_defaults(self, defaults: dict[Language, str]) -> None:
        """Our own texts came: they stand there where the person has none."""
        self.defaults = defaults
        self._show_text()

    def retranslate(self) -> None:
        self._row.say(
            self.tr("Instruction to the model"),
            self.tr(
                "What the model is told before each question: {passages} becomes the numbered passages, "
                "{decline} the sentence for a question that they do not answer."
            ),
        )
        self.edit.setAccessibleName(self.tr("Instruction to the model"))
        self.keep.say(self.tr("Check and save"))
        self.restore.say(self.tr("Restore the default"))
        self._show_state()

    @property
    def _setting(self) -> str:
        return f"instruction_{self.language.currentData()}"

    @property
    def _kept(self) -> str:
        """The text in use."""
        default = self.defaults.get(self.language.currentData(), "").strip()
        return getattr(self._choices.settings, self._setting).strip() or default

    def _show_text(self) -> None:
        self._result = ""
        self.edit.blockSignals(True)
        self.edit.setPlainText(self._unsaved.get(self.language.currentData(), self._kept))
        self.edit.blockSignals(False)
        self._show_state()

    def _change(self, text: str) -> None:
        default = self.defaults.get(self.language.currentData(), "").strip()
        self._choices.change(self._setting, "" if text == default else text)

    def _on_edited(self) -> None:
        self._unsaved[self.language.currentData()] = self.edit.toPlainText()
        self._result = ""
        self._show_state()

    def _on_kept(self, name: str) -> None:
        if name == self._setting:
            self._unsaved.pop(self.language.currentData(), None)
            self._show_text()
            self._result = "kept"
            self._show_state()

    def _on_refused(self, name: str, failure: Failure) -> None:
        if name == self._setting:
            self._result = failure
            self._show_state()

    def _show_state(self) -> None:
        own = bool(getattr(self._choices.settings, self._setting))
        edited = self.edit.toPlainText().strip() != self._kept
        self.keep.setEnabled(edited and bool(self.edit.toPlainText().strip()))
        self.restore.setEnabled(own or edited)
        refused = isinstance(self._result, Failure)
        set_role(self.state, "danger" if refused else "muted")
        self.state.setText(wording.failure(self._result) if refused else self._state_text(own, edited))

    def _state_text(self, own: bool, edited: bool) -> str:
        if edited:
            return self.tr("Changed, not saved yet.")
        if self._result == "kept":
            return self.tr("Saved. It holds from the next question on.")
        if own:
            return self.tr("Your own text is in use.")
        return self.tr("This is the default.") if self._kept else ""
