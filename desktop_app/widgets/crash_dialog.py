"""Says that something went wrong, where the report lies, and what is in it; the person decides who gets it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app import desktop, theme
from desktop_app.crashes import without_home
from desktop_app.widgets.basics import Retranslated, TextButton, label

WIDTH, HEIGHT = 620, 440


class CrashDialog(Retranslated, QDialog):
    """About one report, whose file is read when it is opened. It stops nothing: the window goes on behind it."""

    def __init__(self, report: Path, about_engine: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report = report
        self._about_engine = about_engine
        self.setProperty("role", "page")
        self.resize(theme.scaled(WIDTH), theme.scaled(HEIGHT))
        self._title = label("heading", wrap=True)
        self._said = label("plain", wrap=True)
        self.where = label("muted", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setProperty("role", "field")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.copy = TextButton("plain", "copy")
        self.reveal = TextButton("plain", "folder-open")
        self.close_button = TextButton("primary")
        self.close_button.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.copy)
        foot.addWidget(self.reveal)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (self._title, self._said, self.where, self.text):
            column.addWidget(part)
        column.addLayout(foot)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.reveal.clicked.connect(lambda: desktop.show_in_folder(self.report))
        self.close_button.clicked.connect(self.accept)
        self.text.setPlainText(_text_of(report))
        self.close_button.setFocus()
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Report"))
        self._title.setText(
            self.tr("The engine stopped unexpectedly") if self._about_engine else self.tr("Something went wrong")
        )
        self._said.setText(
            self.tr(
                "Your library and your documents are safe, and you can go on. What follows was written to a file and "
                "sent nowhere: it names places in the program and perhaps files, and holds no text of your documents "
                "or questions. "
                "To have it mended, give it to whoever you got Inkstone from."
            )
        )
        self.where.setText(self.tr("Saved as {path}").format(path=without_home(str(self.report))))
        self.text.setAccessibleName(self.tr("Text of the report"))
        self.copy.say(self.tr("Copy the report"))
        self.reveal.say(self.tr("Show in folder"))
        self.close_button.say(self.tr("Close"))


def _text_of(report: Path) -> str:
    try:
        return report.read_text("utf-8", "replace")
    except OSError:
        return ""
