"""Tells the person of reports: calmly, one at a time, and about the same thing once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from desktop_app.bridge import Bridge, Failure
from desktop_app.crashes import Crashes, without_home
from desktop_app.widgets.crash_dialog import CrashDialog
from desktop_app.window import MainWindow


class Reporting(QObject):
    """A failure of the window opens the dialog, and so does an engine that stays down; where it was started again, a
    notice offers the report."""

    def __init__(self, crashes: Crashes, bridge: Bridge, window: MainWindow) -> None:
        super().__init__(window)
        self._crashes = crashes
        self._window = window
        self._engine_report: Path | None = None
        self.dialog: CrashDialog | None = None
        crashes.reported.connect(self._on_report)  # may come from another thread: so a method, and no lambda
        bridge.died.connect(self._on_death)
        bridge.restarting.connect(self._on_restarting)
        bridge.stopped.connect(self._on_stopped)

    def tell_of_last_run(self, report: Path) -> None:
        """The last run ended in a crash."""
        self._window.notice.tell(
            lambda: self.tr("The last time, Inkstone ended unexpectedly. A report lies in {path}.").format(
                path=without_home(str(report))
            ),
            lambda: self.tr("See the report"),
            lambda: self.show_report(report, about_engine=False),
        )

    def show_report(self, report: Path, about_engine: bool) -> None:
        if self.dialog is not None:
            return
        self.dialog = CrashDialog(report, about_engine, self._window)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.show()

    def _on_report(self, report: Path) -> None:
        self.show_report(report, about_engine=False)

    def _on_death(self, code: int, by_signal: bool) -> None:
        self._engine_report = self._crashes.on_engine_death(code, by_signal)

    def _on_restarting(self) -> None:
        report = self._engine_report
        if report is not None:
            self._window.tell_restarted(lambda: self.show_report(report, about_engine=True))

    def _on_stopped(self, failure: Failure) -> None:
        if failure.kind == "interrupted" and self._engine_report is not None and self._window.isVisible():
            self.show_report(self._engine_report, about_engine=True)

    def _on_closed(self) -> None:
        self.dialog.deleteLater()
        self.dialog = None
