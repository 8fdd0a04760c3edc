"""The guide's text: set as answers are, with more room above its headings: it is read from its middle."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor

from desktop_app import theme
from desktop_app.widgets.answer_text import AnswerText
from engine.types import Citation

ABOVE = {2: 22, 3: 14}  # pixels above a heading of this level


class GuideText(AnswerText):
    def show_text(
        self, text: str, citations: dict[int, Citation], finished: bool = False, written: bool = False
    ) -> None:
        super().show_text(text, citations, finished, written)
        for block in self.headings():
            made = block.blockFormat()
            made.setTopMargin(theme.scaled(ABOVE.get(made.headingLevel(), 0)))
            QTextCursor(block).setBlockFormat(made)

    def headings(self) -> list[QTextBlock]:
        found, block = [], self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                found.append(block)
            block = block.next()
        return found
