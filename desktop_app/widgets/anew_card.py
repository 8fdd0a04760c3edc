"""The library is embedded with another model: how far that is, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app import wording
from desktop_app.widgets.basics import Retranslated
from desktop_app.widgets.working_card import WorkingCard
from engine.types import Anew, Stage, Working


class AnewCard(Retranslated, WorkingCard):
    """Signal: `back_wanted` with the name of the model that is searched with until then."""

    back_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("undo-2", parent)
        self._anew: Anew | None = None
        self._working: Working | None = None
        self.button.clicked.connect(lambda: self._anew and self.back_wanted.emit(self._anew.before))
        self.hide()
        self.retranslate()

    def show_state(self, anew: Anew | None, working: Working | None) -> None:
        """`anew` is as old as the last status; what indexing tells is newer."""
        self._anew = anew
        self._working = working if working is not None and working.stage == Stage.EMBEDDING else None
        self.setVisible(anew is not None)
        if anew is not None:
            self.bar.setRange(0, max(1, self._total))
            self.bar.setValue(self._done)
        self.retranslate()

    @property
    def _total(self) -> int:
        return self._anew.total

    @property
    def _done(self) -> int:
        """Passages: those left to do are counted down by what indexing tells."""
        if self._working is None:
            return self._anew.done
        left = self._working.total - self._working.done
        return max(self._anew.done, min(self._anew.total, self._anew.total - left))

    def retranslate(self) -> None:
        self.bar.setAccessibleName(self.tr("How much of the library is embedded"))
        self.button.say(self.tr("Keep {name}").format(name=self._anew.before if self._anew else ""))
        if self._anew is None:
            return
        self.state.setText(self.tr("Your library is embedded with {name}").format(name=self._anew.embedder))
        count = self.tr("{done} of {total} passages").format(
            done=wording.number(self._done), total=wording.number(self._total)
        )
        left = wording.time_left(self._working.seconds_left if self._working else None)
        until = self.tr("until then {name} finds").format(name=self._anew.before)
        self.more.setText(" · ".join(part for part in (count, left, until) if part))
