"""The icon in the system's tray: how the library stands, and what can be done without the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from desktop_app import wording
from desktop_app.library_state import LibraryState


class Tray(QObject):
    """Signals: `open_wanted`, `ask_wanted`, `quit_wanted`; `pause_wanted` with whether indexing is to pause.

    Its icon shows itself only after `icon.show()`.
    """

    open_wanted = Signal()
    ask_wanted = Signal()
    pause_wanted = Signal(bool)
    quit_wanted = Signal()

    def __init__(self, icon: QIcon, state: LibraryState, window: QWidget) -> None:
        super().__init__(window)
        self._state = state
        self.icon = QSystemTrayIcon(icon, self)
        self.menu = QMenu(window)
        self._open = self.menu.addAction("", self.open_wanted.emit)
        self._ask = self.menu.addAction("", self.ask_wanted.emit)
        self.pause = self.menu.addAction("", lambda: self.pause_wanted.emit(not self._state.paused))
        self.menu.addSeparator()
        self._quit = self.menu.addAction("", self.quit_wanted.emit)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(self.open_wanted)
        state.changed.connect(self.retranslate)
        state.progressed.connect(self.retranslate)
        self.menu.installEventFilter(self)
        self.retranslate()

    def retranslate(self) -> None:
        self._open.setText(self.tr("Open Inkstone"))
        self._ask.setText(self.tr("Ask a question"))
        self.pause.setText(self.tr("Go on with indexing") if self._state.paused else self.tr("Pause indexing"))
        self._quit.setText(self.tr("Quit Inkstone"))
        self.icon.setToolTip(f"Inkstone\n{self._standing()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return super().eventFilter(watched, event)

    def _on_activated(self, how: QSystemTrayIcon.ActivationReason) -> None:
        if how in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_wanted.emit()

    def _standing(self) -> str:
        """How the library stands; no name of a document."""
        status, working = self._state.status, self._state.working
        if status is None:
            return self.tr("Opening the library…")
        if self._state.paused:
            return self.tr("Indexing is paused")
        if working is not None:
            left = wording.time_left(working.seconds_left)
            return self.tr("Indexing, {left}").format(left=left) if left else self.tr("Indexing…")
        return self.tr("Up to date: {documents}").format(documents=wording.documents(status.indexed))


def is_there() -> bool:
    """Whether this desktop has a tray."""
    return QApplication.platformName() != "offscreen" and QSystemTrayIcon.isSystemTrayAvailable()
