"""The settings about reading and indexing: what is passed over, and how much of the computer may be used."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app import wording
from desktop_app.bridge import Failure
from desktop_app.choices import Choices
from desktop_app.widgets.basics import Fitted, Retranslated, TextButton, label, set_role
from desktop_app.widgets.controls import Number, Tick
from desktop_app.widgets.setting_row import SettingRow
from desktop_app.widgets.settings_card import SettingsCard

LINES = 4


class IndexingSettings(SettingsCard):
    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        cores = os.cpu_count() or 1
        controls = {
            "give_way": Tick(),
            "threads": Number(0, max(cores, choices.settings.threads), 1),
            "ocr": Tick(),
            "max_file_mb": Number(0, 100000, 50),
            "obey_gitignore": Tick(),
        }
        self._started_with = choices.settings.threads
        super().__init__(choices, controls, parent)
        self.rules = RulesEditor(choices)
        self.column.addWidget(self.rules)
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        self.title.setText(self.tr("Reading and indexing"))
        self.controls["threads"].setSpecialValueText(self.tr("All cores"))
        self.controls["max_file_mb"].setSpecialValueText(self.tr("By kind"))
        self.controls["max_file_mb"].setSuffix(self.tr(" MB"))
        for name, (title, hint) in self._texts().items():
            self.rows[name].say(title, hint)

    def _texts(self) -> dict[str, tuple[str, str]]:
        return {
            "give_way": (
                self.tr("Save the battery, and make room for other programs"),
                self.tr("Indexing takes half of the cores on battery, and fewer where others are busy."),
            ),
            "threads": (self.tr("Cores"), self._threads_hint()),
            "ocr": (
                self.tr("Recognise scans"),
                self.tr("The text of pages that are pictures, one page after another once all else is done."),
            ),
            "max_file_mb": (
                self.tr("Largest file"),
                self.tr("Larger ones are listed and not read; by kind it is 5 MB for source code, 2 GB for PDF."),
            ),
            "obey_gitignore": (
                self.tr("Obey .gitignore"),
                self.tr("What a folder's .gitignore passes over is not read here either."),
            ),
        }

    def _threads_hint(self) -> str:
        hint = self.tr("How many of the processor's cores embedding and answering may use.")
        if self._choices.settings.threads == self._started_with:
            return hint
        return hint + " " + self.tr("This holds from the next start of Inkstone on.")

    def _on_kept(self, name: str) -> None:
        super()._on_kept(name)
        if name == "threads":
            self.rows["threads"].say(*self._texts()["threads"])


class RulesEditor(Fitted, Retranslated, QWidget):
    """What is passed over in all folders, a rule a line."""

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        self.edit = QPlainTextEdit()
        super().__init__(parent)
        self._choices = choices
        self._failure: Failure | None = None
        self._is_kept = False
        self._row = SettingRow()
        self.edit.setProperty("role", "field")
        self.edit.setTabChangesFocus(True)
        self.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # patterns are no text of a language
        self.state = label("muted", wrap=True)
        self.keep = TextButton("primary")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._row)
        column.addWidget(self.edit)
        column.addLayout(foot)
        self.edit.textChanged.connect(self._on_edited)
        self.keep.clicked.connect(lambda: self._choices.change("exclude", self._text()))
        choices.kept.connect(self._on_kept)
        choices.refused.connect(self._on_refused)
        self._show_rules()
        self.fit()
        self.retranslate()

    def fit(self) -> None:
        self.edit.setFixedHeight(LINES * self.edit.fontMetrics().lineSpacing() + 24)

    def retranslate(self) -> None:
        self._row.say(
            self.tr("Passed over everywhere"),
            self.tr("Rules as in .gitignore, a line each: *.log, drafts/, !keep.log. What they hold is not read."),
        )
        self.edit.setAccessibleName(self.tr("Passed over everywhere"))
        self.edit.setPlaceholderText("*.log\ndrafts/")
        self.keep.say(self.tr("Save the rules"))
        self._show_state()

    def _text(self) -> str:
        return "\n".join(line.rstrip() for line in self.edit.toPlainText().splitlines() if line.strip())

    def _show_rules(self) -> None:
        self.edit.blockSignals(True)
        self.edit.setPlainText(self._choices.settings.exclude)
        self.edit.blockSignals(False)

    def _on_edited(self) -> None:
        self._failure, self._is_kept = None, False
        self._show_state()

    def _on_kept(self, name: str) -> None:
        if name == "exclude":
            self._failure, self._is_kept = None, True
            self._show_rules()
            self._show_state()

    def _on_refused(self, name: str, failure: Failure) -> None:
        if name == "exclude":
            self._failure = failure
            self._show_state()

    def _show_state(self) -> None:
        edited = self._text() != self._choices.settings.exclude
        self.keep.setEnabled(edited)
        set_role(self.state, "danger" if self._failure else "muted")
        if self._failure:
            self.state.setText(wording.failure(self._failure))
        elif edited:
            self.state.setText(self.tr("Changed, not saved yet."))
        else:
            self.state.setText(self.tr("Saved. The folders are looked through at once.") if self._is_kept else "")
