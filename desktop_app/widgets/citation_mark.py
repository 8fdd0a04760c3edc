"""The mark of a citation inside an answer: a small rounded pill that is a link."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from desktop_app import theme
from engine.types import Citation

MARK = QTextFormat.ObjectTypes.UserObject + 1
NUMBER = QTextFormat.Property.UserProperty + 1
PLACEHOLDER = "\ufffc"  # what a document holds where an object stands
LINK = "citation:"
RAISED = 2  # pixels above the base line


def mark_format(citation: Citation, tip: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setObjectType(MARK)
    made.setProperty(NUMBER, citation.number)
    made.setAnchor(True)
    made.setAnchorHref(f"{LINK}{citation.number}")
    made.setToolTip(tip)
    made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
    return made


def number_at(document: QTextDocument, position: int) -> int | None:
    """The number of the mark that stands at a position, or None where there is none."""
    if document.characterAt(position) != PLACEHOLDER:
        return None
    cursor = QTextCursor(document)
    cursor.setPosition(position + 1)
    return cursor.charFormat().property(NUMBER)


class MarkPainter(QPyTextObject):
    """Draws the marks of one document. `focused` is the position of the mark that has the keyboard, or -1."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.focused = -1
        document.documentLayout().registerHandler(MARK, self)

    def intrinsicSize(self, document: QTextDocument, position: int, text_format: QTextFormat) -> QSizeF:
        metrics = QFontMetricsF(_font(document))
        width = metrics.horizontalAdvance(str(text_format.property(NUMBER))) + metrics.height() * 0.7
        return QSizeF(max(width, metrics.height()) + 2, metrics.height() + RAISED)

    def drawObject(
        self, painter: QPainter, rect: QRectF, document: QTextDocument, position: int, text_format: QTextFormat
    ) -> None:
        tokens = theme.current()
        strong = position == self.focused
        pill = rect.adjusted(1, 0, -1, -RAISED)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent if strong else tokens.accent_soft))
        painter.drawRoundedRect(pill, pill.height() * 0.4, pill.height() * 0.4)
        painter.setFont(_font(document))
        painter.setPen(QColor(tokens.accent_text if strong else tokens.accent))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(text_format.property(NUMBER)))
        painter.restore()


def _font(document: QTextDocument) -> QFont:
    font = QFont(document.defaultFont())
    font.setPixelSize(max(11, round(font.pixelSize() * 0.78)))
    font.setWeight(QFont.Weight.DemiBold)
    return font
