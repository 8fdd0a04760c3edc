"""What an answer waits for, and about how long: one quiet line."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStyle, QWidget

from desktop_app import theme, wording
from desktop_app.widgets.basics import Retranslated, label
from engine.types import Sources, Wait, Waiting

STEP_MS = 120
ROUND = 14  # steps in which the light goes once over the dots


class Dots(QWidget):
    """Three dots with a light that goes slowly over them; they stand still where the system wants no motion."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(26, 16)
        self._step = 0
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._advance)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().accent))
        for dot in range(3):
            away = abs((self._step - 3 * dot) % ROUND - 3)
            painter.setOpacity(max(0.3, 1 - 0.25 * away))
            painter.drawEllipse(QRectF(1 + 9 * dot, 5.5, 5, 5))
        painter.end()

    def _advance(self) -> None:
        self._step = (self._step + 1) % ROUND
        self.update()


class StateLine(Retranslated, QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: Sources | Waiting | None = None
        self._age = QElapsedTimer()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.retranslate)
        self.text = label("muted", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Dots(), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        self.retranslate()

    def show_state(self, state: Sources | Waiting) -> None:
        self._state = state
        self._age.start()
        if self.isVisible():
            self._second.start()
        self.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._second.start()
        self.retranslate()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()

    def retranslate(self) -> None:
        self.text.setText(self._sentence())

    def _sentence(self) -> str:
        state = self._state
        if state is None:
            return self.tr("Searching your library…")
        if isinstance(state, Sources):
            return self.tr("Reading %Ln passage(s)…", "", len(state.hits))
        seconds = (state.seconds or 0) - self._age.elapsed() / 1000
        if seconds < 1:  # nothing was measured yet, or it takes longer than was thought
            return self.tr("{what}…").format(what=self._what(state.wait))
        return self.tr("{what}, about {time}").format(what=self._what(state.wait), time=wording.duration(seconds))

    def _what(self, wait: Wait) -> str:
        if wait == Wait.LOADING:
            return self.tr("Loading the model")
        if wait == Wait.QUEUED:
            return self.tr("Waiting for the previous question to finish")
        return self.tr("Reading the passages")
