"""The marks inside an answer, small rounded pills that are links: a citation's number, or the sign of no support."""

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

MARK = QTextFormat.ObjectTypes.UserObject + 1
SIGN = QTextFormat.Property.UserProperty + 1  # what is drawn: "1", "2", ..., "?"
STALE = QTextFormat.Property.UserProperty + 2  # its words are no longer where it points to
NO_SUPPORT = "?"
PLACEHOLDER = "\ufffc"  # what a document holds where an object stands
LINK = "citation:"
RAISED = 2  # pixels above the base line
BESIDE = 2  # pixels to the words around: in Chinese there is no blank between them


def mark_format(sign: str, tip: str, stale: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setObjectType(MARK)
    made.setProperty(SIGN, sign)
    made.setProperty(STALE, stale)
    made.setAnchor(True)
    made.setAnchorHref(f"{LINK}{sign}")
    made.setToolTip(tip)
    made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
    return made


def sign_at(document: QTextDocument, position: int) -> str:
    """The sign of the mark that stands at a position, "" where there is none."""
    if document.characterAt(position) != PLACEHOLDER:
        return ""
    cursor = QTextCursor(document)
    cursor.setPosition(position + 1)
    return cursor.charFormat().property(SIGN) or ""


class MarkPainter(QPyTextObject):
    """Draws the marks of one document. `focused` is the position of the mark that has the keyboard, or -1."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.focused = -1
        # Qt asks for both with every paint; made anew each time, they took most of it
        self._fonts: dict[str, QFont] = {}
        self._sizes: dict[tuple[str, str], QSizeF] = {}
        document.documentLayout().registerHandler(MARK, self)

    def intrinsicSize(self, document: QTextDocument, position: int, text_format: QTextFormat) -> QSizeF:
        sign = text_format.property(SIGN)
        key = (document.defaultFont().key(), sign)
        if key not in self._sizes:
            self._sizes[key] = _size(QFontMetricsF(self._font(document)), sign)
        return self._sizes[key]

    def drawObject(
        self, painter: QPainter, rect: QRectF, document: QTextDocument, position: int, text_format: QTextFormat
    ) -> None:
        ground, ink = self._colours(position, text_format)
        pill = rect.adjusted(BESIDE, 0, -BESIDE, -RAISED)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(pill, pill.height() * 0.4, pill.height() * 0.4)
        painter.setFont(self._font(document))
        painter.setPen(QColor(ink))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text_format.property(SIGN))
        painter.restore()

    def _font(self, document: QTextDocument) -> QFont:
        font = document.defaultFont()
        key = font.key()
        if key not in self._fonts:
            self._fonts[key] = _made(font)
        return self._fonts[key]

    def _colours(self, position: int, text_format: QTextFormat) -> tuple[str, str]:
        tokens = theme.current()
        if position == self.focused:
            return tokens.accent, tokens.accent_text
        if text_format.property(SIGN) == NO_SUPPORT:
            return tokens.hover, tokens.muted
        if text_format.property(STALE):
            return tokens.danger_soft, tokens.danger
        return tokens.accent_soft, tokens.accent


def _size(metrics: QFontMetricsF, sign: str) -> QSizeF:
    width = metrics.horizontalAdvance(sign) + metrics.height() * 0.7
    return QSizeF(max(width, metrics.height()) + 2 * BESIDE, metrics.height() + RAISED)


def _made(font: QFont) -> QFont:
    made = QFont(font)
    made.setPixelSize(max(11, round(font.pixelSize() * 0.78)))
    made.setWeight(QFont.Weight.DemiBold)
    return made
