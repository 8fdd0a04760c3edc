"""Where the program is while nobody looks at its window: in the tray, where there is one and the person wants it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QIcon

from desktop_app import tray
from desktop_app.bridge import Bridge
from desktop_app.notifying import Heralding, Notifier
from desktop_app.tray import Tray
from desktop_app.window import MainWindow

LOOK_AGAIN_MS = 1000  # at login the tray may come after us
LOOKS = 30


class Presence(QObject):
    """Signals: `open_wanted`, and `ask_wanted` by the tray's menu."""

    open_wanted = Signal()
    ask_wanted = Signal()

    def __init__(
        self, window: MainWindow, bridge: Bridge, icon: QIcon, has_tray: Callable[[], bool] = tray.is_there
    ) -> None:
        super().__init__(window)
        self._window = window
        self._choices = window.choices
        self._has_tray = has_tray
        self._looks = 0
        self._told = False
        self.tray = Tray(icon, window.state, window)
        self.notifier = Notifier(window, self.tray.icon)
        self.heralding = Heralding(bridge, self._choices, window.state, window.chat.sessions, self.notifier)
        self.tray.open_wanted.connect(self.open_wanted)
        self.tray.ask_wanted.connect(self.ask_wanted)
        self.tray.pause_wanted.connect(lambda paused: self._choices.change("paused", paused))
        self.tray.quit_wanted.connect(window.quit)
        self._choices.kept.connect(lambda name: name == "tray" and self._show_icon())
        window.stays = self.stays
        window.hidden_away.connect(self._tell_where)

    def begin(self, hidden: bool) -> None:
        """Show the window, or, where that is wanted and can be, only the icon."""
        self._show_icon()
        if not hidden:
            self._window.show()
        elif self._choices.settings.tray:
            self._hide_when_there_is_a_tray()
        else:
            self._window.showMinimized()

    def stays(self) -> bool:
        """Whether a window that is closed goes on in the tray."""
        return self._choices.settings.tray and self._has_tray()

    def close(self) -> None:
        """The window goes."""
        self.tray.icon.hide()

    def _show_icon(self) -> None:
        self.tray.icon.setVisible(self.stays())

    def _hide_when_there_is_a_tray(self) -> None:
        self._looks += 1
        if self.stays():
            self._show_icon()
        elif self._looks < LOOKS:
            QTimer.singleShot(LOOK_AGAIN_MS, self, self._hide_when_there_is_a_tray)
        else:
            self._window.showMinimized()

    def _tell_where(self) -> None:
        """Once in a run: who closes a window expects that the program has ended."""
        if not self._told and self._choices.settings.notify:
            self._told = True
            self.notifier.tell(self.tr("Inkstone goes on"), self.tr("You find it in the tray. Quit it there."))
