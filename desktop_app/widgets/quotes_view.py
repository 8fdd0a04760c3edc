"""The quotes above a written answer: open while it is waited for, then folded into one row."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_app.widgets.answer_text import AnswerText
from desktop_app.widgets.basics import Retranslated, TextButton
from engine.types import Citation, Quoted


class QuotesView(Retranslated, QWidget):
    """Signal: `cited` with the Citation whose mark was chosen."""

    cited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.citations: dict[int, Citation] = {}
        self.fold = TextButton("fold", "chevron-down")
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.text = AnswerText()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.text)
        self.fold.toggled.connect(self._on_fold)
        self.text.cited.connect(self._on_cited)
        self.retranslate()

    def show_quotes(self, quoted: Quoted) -> None:
        self.citations = {citation.number: citation for citation in quoted.citations}
        self.text.show_text(quoted.text, self.citations, finished=True)
        self.retranslate()

    def give_way(self) -> None:
        """Fold, unless the person is at the quotes just now."""
        focused = QApplication.focusWidget()
        if not self.underMouse() and not (focused and self.isAncestorOf(focused)):
            self.fold.setChecked(False)

    def retranslate(self) -> None:
        if self.fold.isChecked():
            self.fold.say(self.tr("Word for word from your documents"))
        else:
            self.fold.say(self.tr("Word for word ({count})").format(count=len(self.citations)))
        self.text.setAccessibleName(self.tr("Quotes from your documents"))

    def _on_fold(self, open_: bool) -> None:
        self.fold.use_icon("chevron-down" if open_ else "chevron-right")
        self.text.setVisible(open_)
        self.retranslate()

    def _on_cited(self, number: int) -> None:
        if number in self.citations:
            self.cited.emit(self.citations[number])
