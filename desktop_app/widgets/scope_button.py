"""The button in the question box that says what is asked, and opens the choice of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app import scopes
from desktop_app.bridge import Bridge
from desktop_app.library_state import LibraryState
from desktop_app.widgets.basics import Retranslated, TextButton
from desktop_app.widgets.scope_popup import ScopePopup
from engine.types import EVERYTHING, Document, Scope

WIDEST = 230  # pixels of a name


class ScopeButton(Retranslated, TextButton):
    """Signal: `changed` with the Scope. `open_one` gives the document beside the conversation, if any."""

    changed = Signal(object)

    def __init__(
        self, bridge: Bridge, state: LibraryState, open_one: Callable[[], Path | None], parent: QWidget | None = None
    ) -> None:
        super().__init__("quiet", "list-filter", parent=parent)
        self.scope = EVERYTHING
        self._bridge = bridge
        self._state = state
        self._open_one = open_one
        self.popup = ScopePopup(self)
        self.popup.chosen.connect(lambda paths: self.use(Scope(paths)))
        self.clicked.connect(self.choose)
        self.retranslate()

    def use(self, scope: Scope) -> None:
        if scope != self.scope:
            self.scope = scope
            self.retranslate()
            self.changed.emit(scope)

    def choose(self) -> None:
        """Open the choice above the button."""
        status = self._state.status
        folders = [folder.path for folder in status.folders] if status else []
        self.popup.show_choices(folders, self.scope.paths, self._open_one())
        self._bridge.request("documents", folder=None).done.connect(self._on_documents)
        self.popup.adjustSize()
        self.popup.move(self.mapToGlobal(QPoint(0, -self.popup.sizeHint().height() - 6)))
        self.popup.show()
        self.popup.words.setFocus()

    def retranslate(self) -> None:
        name = scopes.name(self.scope)
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, WIDEST)
        self.use_icon("list-filter", "muted" if self.scope == EVERYTHING else "accent")
        self.say(shown, self.tr("What is asked: {name}").format(name=name))
        paths = "\n".join(str(path) for path in self.scope.paths[:20])
        self.setToolTip(paths or self.tr("Choose what is asked: everything, what is open, or folders and files"))

    def _on_documents(self, documents: tuple[Document, ...]) -> None:
        self.popup.add_files(document.path for document in documents)
