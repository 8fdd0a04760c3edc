"""Where the instruction to the language model is read, changed and previewed, one text for each language."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app import language, wording
from desktop_app.bridge import Bridge, Failure, Reply
from desktop_app.choices import Choices
from desktop_app.widgets.basics import Fitted, Retranslated, TextButton, label, set_role
from desktop_app.widgets.controls import Choice, show_value
from desktop_app.widgets.setting_row import SettingRow
from engine.texts import Language

LINES = 7
PREVIEW_MS = 300  # after the last letter


class InstructionEditor(Fitted, Retranslated, QWidget):
    """The engine checks a text when it is to be kept; what it says against it stands under the text."""

    def __init__(self, bridge: Bridge, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._asked: Reply | None = None
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
        self.state = label("muted", wrap=True)
        self.keep = TextButton("primary")
        self.restore = TextButton("plain", "rotate-cw")
        self.preview_fold = TextButton("fold", "chevron-right")
        self.preview_fold.setCheckable(True)
        self.preview = QPlainTextEdit()
        self.preview.setProperty("role", "field")
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.hide()
        self._soon = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._soon.timeout.connect(self._ask_preview)
        self._build()
        self.language.activated.connect(self._show_text)
        self.edit.textChanged.connect(self._on_edited)
        self.keep.clicked.connect(lambda: self._change(self.edit.toPlainText().strip()))
        self.restore.clicked.connect(lambda: self._change(""))
        self.preview_fold.toggled.connect(self._fold)
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
        column.addWidget(self.preview_fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.preview)
        self.fit()

    def fit(self) -> None:
        for part, lines in ((self.edit, LINES), (self.preview, LINES + 2)):
            part.setFixedHeight(lines * part.fontMetrics().lineSpacing() + 24)

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
        self.preview_fold.say(self.tr("What the model is told"))
        self.preview.setAccessibleName(self.tr("What the model is told"))
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
        self._soon.start()

    def _change(self, text: str) -> None:
        default = self.defaults.get(self.language.currentData(), "").strip()
        self._choices.change(self._setting, "" if text == default else text)

    def _on_edited(self) -> None:
        self._unsaved[self.language.currentData()] = self.edit.toPlainText()
        self._result = ""
        self._show_state()
        self._soon.start()

    def _fold(self, is_open: bool) -> None:
        self.preview_fold.use_icon("chevron-down" if is_open else "chevron-right")
        self.preview.setVisible(is_open)
        self._ask_preview()

    def _ask_preview(self) -> None:
        """The engine fills in what stands there now, with passages as an example; while that is in sight."""
        if self._asked is not None:
            self._asked.drop()
            self._asked = None
        if not self.preview_fold.isChecked():
            return
        told = {"language": self.language.currentData(), "template": self.edit.toPlainText().strip()}
        self._asked = self._bridge.request("preview", **told, style=self._choices.settings.answer_style)
        self._asked.done.connect(self.preview.setPlainText)
        self._asked.failed.connect(lambda failure: self.preview.setPlainText(wording.failure(failure)))

    def _on_kept(self, name: str) -> None:
        if name == "answer_style":
            self._ask_preview()
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
