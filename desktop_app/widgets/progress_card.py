"""What indexing does now, how long it still takes, and the button that pauses it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app import wording
from desktop_app.widgets.basics import Retranslated
from desktop_app.widgets.working_card import WorkingCard
from engine.types import LibraryStatus, Stage, Working


class ProgressCard(Retranslated, WorkingCard):
    """Signal: `pause_wanted` with whether it is to pause. It shows itself while there is something to say."""

    pause_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("pause", parent)
        self._status: LibraryStatus | None = None
        self._working: Working | None = None
        self._paused = False
        self.button.clicked.connect(lambda: self.pause_wanted.emit(not self._paused))
        self.retranslate()

    def show_state(self, status: LibraryStatus | None, working: Working | None, paused: bool) -> None:
        self._status, self._working, self._paused = status, working, paused
        self.setVisible(paused or working is not None)
        self.bar.setVisible(working is not None and not paused)
        if working is not None:
            self.bar.setRange(0, working.total if working.stage != Stage.SCANNING else 0)
            self.bar.setValue(working.done)
        self.retranslate()

    def retranslate(self) -> None:
        self.icon.rename("pause" if self._paused else "rotate-cw", "muted")
        self.button.use_icon("play" if self._paused else "pause", "text")
        self.bar.setAccessibleName(self.tr("Indexing progress"))
        self.button.say(self.tr("Resume") if self._paused else self.tr("Pause"), self._button_name())
        self.state.setText(self.tr("Indexing is paused") if self._paused else self._doing())
        self.more.setText(self._paused_more() if self._paused else self._left())

    def _button_name(self) -> str:
        return self.tr("Resume indexing") if self._paused else self.tr("Pause indexing")

    def _doing(self) -> str:
        stage = self._working.stage if self._working else Stage.SCANNING
        if stage == Stage.SKIMMING:
            return self.tr("Looking through new documents")
        if stage == Stage.READING:
            return self.tr("Reading documents")
        if stage == Stage.EMBEDDING:
            return self.tr("Preparing search by meaning")
        if stage == Stage.RECOGNISING:
            return self.tr("Recognising scans")
        return self.tr("Looking for documents")

    def _left(self) -> str:
        working = self._working
        if working is None or working.stage == Stage.SCANNING:
            return self.tr("You can ask meanwhile.")
        done, total = wording.number(working.done), wording.number(working.total)
        parts = [self._counted(working.stage).format(done=done, total=total), wording.time_left(working.seconds_left)]
        return " · ".join(part for part in parts if part)

    def _counted(self, stage: Stage) -> str:
        if stage == Stage.EMBEDDING:
            return self.tr("{done} of {total} passages")
        if stage == Stage.RECOGNISING:
            return self.tr("{done} of {total} pages")
        return self.tr("{done} of {total} documents")

    def _paused_more(self) -> str:
        waiting = self._status.waiting if self._status else 0
        if not waiting:
            return self.tr("New and changed documents wait until it goes on. What was read stays searchable.")
        return self.tr("%Ln document(s) wait(s) until it goes on. What was read stays searchable.", "", waiting)
