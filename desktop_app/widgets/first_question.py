"""The third step: a first question, with proposals where it is known what the documents hold."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop_app import language
from desktop_app.widgets.basics import Retranslated, TextButton, label

# The sample's own questions, in the language that is spoken; a test asks each of them (tests/engine/test_samples.py).
PROPOSED = {
    "en": (
        "How long is a repair guaranteed?",
        "When are broad beans sown?",
        "What does borrowing a green bicycle cost?",
    ),
    "zh": ("绿茶用多少度的水冲泡？", "青石岭环线全程多少公里？", "红茶可以保存多久？"),
}


class FirstQuestion(Retranslated, QWidget):
    """Signal: `asked` with the question."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_sample = False
        self._is_empty = True
        self.words = QLineEdit()
        self.words.setProperty("role", "search")
        self._hint = label("muted", wrap=True)
        self.proposals = [TextButton("chip") for _ in PROPOSED["en"]]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addWidget(self._hint)
        for at, button in enumerate(self.proposals):
            column.addWidget(button)
            button.clicked.connect(lambda _=False, at=at: self.asked.emit(PROPOSED[language.current()][at]))
        self.words.returnPressed.connect(self.ask)
        self.setFocusProxy(self.words)
        self.retranslate()

    def ask(self) -> None:
        if words := self.words.text().strip():
            self.asked.emit(words)

    def show_library(self, has_sample: bool, is_empty: bool) -> None:
        """What there is to ask about."""
        self._has_sample, self._is_empty = has_sample, is_empty
        self.retranslate()

    def retranslate(self) -> None:
        self.words.setPlaceholderText(self.tr("Ask a question"))
        self.words.setAccessibleName(self.tr("Your first question"))
        self.words.setVisible(not self._is_empty)
        for button, question in zip(self.proposals, PROPOSED[language.current()], strict=True):
            button.say(question)
            button.setVisible(self._has_sample)
        if self._is_empty:
            self._hint.setText(
                self.tr(
                    "There is nothing to ask about yet: go back and add a folder or the sample library, or begin later."
                )
            )
        elif self._has_sample:
            self._hint.setText(self.tr("Ask anything, or begin with one of these:"))
        else:
            self._hint.setText(
                self.tr(
                    "Ask for something that stands in your documents: a date, a rule, a number, a name. "
                    "The answer shows where it stands; what is not there is not made up."
                )
            )
