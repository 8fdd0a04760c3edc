"""What a search is limited to: folders and files, kinds of documents, when they were changed, and the language."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.bridge import Bridge
from desktop_app.library_state import LibraryState
from desktop_app.widgets.basics import Retranslated
from desktop_app.widgets.controls import Choice
from desktop_app.widgets.flow_layout import FlowLayout
from desktop_app.widgets.scope_button import ScopeButton
from engine.types import Scope

DAY_NS = 24 * 3600 * 10**9
ENDINGS = {
    "pdf": (".pdf",),
    "office": tuple(f".{name}" for name in "docx docm doc pptx pptm ppt odt odp rtf".split()),
    "tables": tuple(f".{name}" for name in "xlsx xlsm xls ods csv tsv".split()),
    "text": tuple(f".{name}" for name in "txt text md markdown rst org adoc tex log epub".split()),
    "web": tuple(f".{name}" for name in "html htm xhtml mhtml mht".split()),
    "mail": tuple(f".{name}" for name in "eml msg mbox".split()),
}


class SearchFilters(Retranslated, QWidget):
    """Signal: `changed` when something else is limited."""

    changed = Signal()

    def __init__(self, bridge: Bridge, state: LibraryState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "clear")
        self.places = ScopeButton(bridge, state, lambda: None)
        self.kind, self.age, self.language = Choice(), Choice(), Choice()
        row = FlowLayout()
        self.setLayout(row)
        row.addWidget(self.places)
        for choice in (self.kind, self.age, self.language):
            choice.setProperty("role", "filter")
            choice.currentIndexChanged.connect(self.changed)
            row.addWidget(choice)
        self.places.changed.connect(self.changed)
        self.retranslate()

    @property
    def scope(self) -> Scope:
        days = self.age.currentData() or 0
        return replace(
            self.places.scope,
            endings=ENDINGS.get(self.kind.currentData(), ()),
            since_ns=time.time_ns() - days * DAY_NS if days else 0,
            language=self.language.currentData() or "",
        )

    def clear(self) -> None:
        self.places.use(Scope())
        for choice in (self.kind, self.age, self.language):
            choice.setCurrentIndex(0)

    def retranslate(self) -> None:
        kinds = (
            (self.tr("Any kind"), ""),
            (self.tr("PDF"), "pdf"),
            (self.tr("Letters and slides"), "office"),
            (self.tr("Tables"), "tables"),
            (self.tr("Text and notes"), "text"),
            (self.tr("Web pages"), "web"),
            (self.tr("Mail"), "mail"),
        )
        ages = (
            (self.tr("Any time"), 0),
            (self.tr("Last 7 days"), 7),
            (self.tr("Last 30 days"), 30),
            (self.tr("Last year"), 365),
        )
        languages = ((self.tr("Any language"), ""), (self.tr("English"), "en"), (self.tr("Chinese"), "zh"))
        for choice, name, options in (
            (self.kind, self.tr("Kind of document"), kinds),
            (self.age, self.tr("When it was changed"), ages),
            (self.language, self.tr("Language of the passage"), languages),
        ):
            choice.setAccessibleName(name)
            at = max(0, choice.currentIndex())
            choice.blockSignals(True)
            choice.clear()
            for text, value in options:
                choice.addItem(text, value)
            choice.setCurrentIndex(at)
            choice.blockSignals(False)
