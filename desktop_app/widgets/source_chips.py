"""The sources under an answer, one button each: "1  backup.md · line 12"."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app import wording
from desktop_app.widgets.basics import Retranslated, TextButton
from desktop_app.widgets.flow_layout import FlowLayout
from engine.types import Citation, Standing

NAME_WIDTH = 220  # pixels: a longer file name is shortened in the middle


class SourceChips(Retranslated, QWidget):
    """Signal: `cited` with the number of the source that was clicked."""

    cited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[int, tuple[TextButton, Citation]] = {}
        self._stale: dict[int, Standing] = {}
        self._row = FlowLayout()
        self.setLayout(self._row)

    def show_citations(self, citations: Iterable[Citation]) -> None:
        for citation in citations:
            if citation.number not in self._chips:
                chip = TextButton("chip", "file-text", "accent")
                chip.setCheckable(True)
                chip.clicked.connect(lambda _=False, number=citation.number: self.cited.emit(number))
                self._row.addWidget(chip)
                self._chips[citation.number] = (chip, citation)
        self.retranslate()

    def mark_stale(self, stale: dict[int, Standing]) -> None:
        """The sources whose words are no longer in their documents."""
        self._stale = stale
        for number, (chip, _) in self._chips.items():
            chip.use_icon(*(("triangle-alert", "danger") if number in stale else ("file-text", "accent")))
        self.retranslate()

    def replace(self, citation: Citation) -> None:
        """The words of a source stand elsewhere in its document now."""
        if citation.number in self._chips:
            self._chips[citation.number] = (self._chips[citation.number][0], citation)

    def mark_open(self, number: int | None) -> None:
        """Show which source is open beside the conversation."""
        for own, (chip, _) in self._chips.items():
            chip.setChecked(own == number)

    def chips(self) -> list[TextButton]:
        return [chip for chip, _ in self._chips.values()]

    def retranslate(self) -> None:
        for chip, citation in self._chips.values():
            metrics = chip.fontMetrics()
            name = metrics.elidedText(citation.path.name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH)
            where = wording.place(citation.unit, citation.page, citation.label)
            spoken = self.tr("Source {number}: {source}")
            spoken_now = spoken.format(number=citation.number, source=wording.source(citation))
            stale = wording.stale(self._stale.get(citation.number, Standing.FRESH))
            chip.say(f"{citation.number}  {name} · {where}", f"{spoken_now}. {stale}" if stale else spoken_now)
            chip.setToolTip("\n\n".join(filter(None, [stale, str(citation.path), citation.quote[:300]])))
