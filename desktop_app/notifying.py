"""Says that something has ended to a person who is looking elsewhere: the desktop's own notifications, a few words.

They hold counts and no more: a notification stands on a locked screen too.
"""

from __future__ import annotations

import shutil
import sys

from PySide6.QtCore import QElapsedTimer, QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from desktop_app.bridge import Bridge
from desktop_app.choices import Choices
from desktop_app.library_state import LibraryState
from desktop_app.session import Session
from desktop_app.sessions import Sessions
from engine.types import Stop

SHOWN_MS = 8000
LONG_MS = 20_000  # indexing that took less is nothing to tell


class Notifier(QObject):
    """Shows one notification at a time, by the tray's icon where there is one."""

    def __init__(self, window: QWidget, icon: QSystemTrayIcon) -> None:
        super().__init__(window)
        self._window = window
        self._icon = icon

    def tell(self, title: str, text: str) -> None:
        QApplication.alert(self._window)
        if self._icon.isVisible():
            self._icon.showMessage(title, text, self._icon.icon(), SHOWN_MS)
        elif said := command(title, text):
            QProcess.startDetached(said[0], said[1:])
        elif not sys.platform.startswith("linux"):  # there only an icon in the tray can say it
            self._icon.show()
            self._icon.showMessage(title, text, self._icon.icon(), SHOWN_MS)
            QTimer.singleShot(2 * SHOWN_MS, self, self._icon.hide)


class Heralding(QObject):
    """What is worth telling while the window is not looked at: a long indexing has ended, a question is answered."""

    def __init__(
        self, bridge: Bridge, choices: Choices, state: LibraryState, sessions: Sessions, notifier: Notifier
    ) -> None:
        super().__init__(notifier)
        self._choices = choices
        self._state = state
        self._notifier = notifier
        self._age = QElapsedTimer()
        self._worked_ms = -1  # how long indexing went, once it has ended and nothing was told of it yet
        bridge.restarting.connect(self._age.invalidate)
        state.progressed.connect(self._on_progress)
        state.changed.connect(self._on_status)
        sessions.finished.connect(self._on_finished)

    def _on_progress(self) -> None:
        if self._state.working is not None and not self._age.isValid():
            self._age.start()
        elif self._state.working is None and self._age.isValid():
            self._worked_ms = self._age.elapsed()
            self._age.invalidate()

    def _on_status(self) -> None:
        worked, self._worked_ms = self._worked_ms, -1
        status = self._state.status
        if worked >= LONG_MS and status is not None and not status.waiting and not self._state.paused:
            self._tell(self.tr("Indexing is done"), self.tr("%Ln document(s) can be searched.", "", status.indexed))

    def _on_finished(self, session: Session) -> None:
        answers = session.conversation.answers
        if not answers:
            return
        if answers[-1].failure is not None:
            self._tell(self.tr("A question could not be answered"), self.tr("Inkstone says why."))
        elif answers[-1].answer is not None and answers[-1].answer.stop != Stop.STOPPED:
            self._tell(self.tr("Your question is answered"), self.tr("The answer is in Inkstone's window."))

    def _tell(self, title: str, text: str) -> None:
        window = self._notifier.parent()
        if self._choices.settings.notify and not (window.isVisible() and window.isActiveWindow()):
            self._notifier.tell(title, text)


def command(title: str, text: str) -> list[str]:
    """What shows a notification on a Linux desktop, [] where no such program is there."""
    if not sys.platform.startswith("linux"):
        return []
    if program := shutil.which("notify-send"):
        return [program, "--app-name=Inkstone", "--icon=inkstone", "--hint=string:desktop-entry:inkstone", title, text]
    if program := shutil.which("gdbus"):
        where = "org.freedesktop.Notifications"
        call = ["call", "--session", f"--dest={where}", "--object-path=/org/freedesktop/Notifications"]
        hints = "{'desktop-entry': <'inkstone'>}"
        return [
            program,
            *call,
            f"--method={where}.Notify",
            "Inkstone",
            "0",
            "inkstone",
            title,
            text,
            "[]",
            hints,
            str(SHOWN_MS),
        ]
    return []
