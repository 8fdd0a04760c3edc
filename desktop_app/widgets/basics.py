"""The smallest parts: buttons that keep their icon's colour, labels by role, a label that shortens itself."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStyle, QToolButton, QWidget

from desktop_app import icons, theme


class Retranslated:
    """A widget whose `retranslate` sets every text that it shows. Comes before the Qt class."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class Fitted:
    """A widget whose `fit` sets the sizes that follow from the font. Comes before the Qt class."""

    _FITTING = (QEvent.Type.FontChange, QEvent.Type.StyleChange)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in self._FITTING:
            self.fit()


class OwnEscape:
    """A part that Escape closes before the window hears of it. Comes before the Qt class."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)


class Tinted:
    """A button whose icon follows the theme; `tint` and `tint_checked` name tokens. Comes before the Qt class."""

    icon_name = ""
    tint = "muted"
    tint_checked = ""
    _dyed: tuple[str, ...] = ()

    def use_icon(self, name: str, tint: str = "muted", checked: str = "") -> None:
        self.icon_name, self.tint, self.tint_checked = name, tint, checked
        self._dye()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.icon_name:
            self._dye()

    def _dye(self) -> None:
        tokens, size = theme.current(), self.iconSize()
        checked = getattr(tokens, self.tint_checked) if self.tint_checked else ""
        wanted = (self.icon_name, getattr(tokens, self.tint), checked)
        if wanted == self._dyed:  # palettes change more often than colours
            return
        self._dyed = wanted
        gap = size.width() - size.height()
        self.setIcon(icons.icon(self.icon_name, getattr(tokens, self.tint), size.height(), checked, gap))


class IconButton(Tinted, QToolButton):
    """A square button with an icon; what it does is its tool tip and its accessible name."""

    def __init__(self, icon: str, size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "icon")
        self.setIconSize(QSize(size, size))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.use_icon(icon)

    def say(self, text: str, keys: str = "") -> None:
        """Name the button, with its keyboard shortcut if it has one."""
        self.setToolTip(f"{text} ({keys})" if keys else text)
        self.setAccessibleName(text)


class TextButton(Tinted, QPushButton):
    """A button with words, in a role: primary, quiet, chip or plain."""

    def __init__(self, role: str = "plain", icon: str = "", tint: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setIconSize(QSize(19, 16))
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon:
            self.use_icon(icon, tint)

    def say(self, text: str, accessible: str = "") -> None:
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(accessible or text)


class IconLabel(QLabel):
    """An icon that is no button."""

    def __init__(self, icon: str, size: int = 24, tint: str = "accent", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size, self._tint = icon, size, tint
        self._dyed: tuple[str, ...] = ()
        self.setFixedSize(size, size)
        self._dye()

    def rename(self, icon: str, tint: str) -> None:
        self._name, self._tint = icon, tint
        self._dye()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dye()

    def _dye(self) -> None:
        colour = getattr(theme.current(), self._tint)
        if (self._name, colour) == self._dyed:
            return
        self._dyed = (self._name, colour)
        self.setPixmap(icons.pixmap(self._name, colour, self._size, self.devicePixelRatioF()))


class ElidedLabel(QLabel):
    """One line that is shortened in the middle where there is no room; the whole is its tool tip."""

    def __init__(self, role: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._mode = mode

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, room.width())
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        draw_text(painter, room, shown, self.layoutDirection(), self.alignment())
        painter.end()


def draw_text(
    painter: QPainter,
    room: QRect,
    text: str,
    direction: Qt.LayoutDirection,
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line in `room`, at the leading side unless `alignment` says else, its signs and numbers in the order of its
    own language."""
    side = QStyle.visualAlignment(direction, alignment & Qt.AlignmentFlag.AlignHorizontal_Mask)
    own = Qt.LayoutDirection.RightToLeft if goes_left(text) else Qt.LayoutDirection.LeftToRight
    painter.save()
    painter.setLayoutDirection(own)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | side, text)
    painter.restore()


def goes_left(text: str) -> bool:
    """Whether a text is of a language that is written from right to left: its first letter says so."""
    first = next((char for char in text if char.isalpha()), "")
    return bool(first) and unicodedata.bidirectional(first) in ("R", "AL")


def label(role: str, wrap: bool = False) -> QLabel:
    """A label of plain text: nothing that it shows is ever taken for markup."""
    made = QLabel()
    made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return made


def set_role(widget: QWidget, role: str, name: str = "role") -> None:
    """Change a property that the style sheet looks at, and let it look again."""
    if widget.property(name) == role:
        return
    widget.setProperty(name, role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
