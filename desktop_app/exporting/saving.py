"""Asks where to, and writes: a conversation as a document, or what was thought of answers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app import wording
from desktop_app.bridge import Bridge, Failure
from desktop_app.exporting.conversation import Kept, write
from engine.errors import EngineError
from engine.types import Exchange

LONGEST_NAME = 60  # characters of a title that name its file


class Saving(QObject):
    """Signal: `told` with a function that gives a sentence about how it went."""

    told = Signal(object)

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window

    def ask_where(self, conversation: int, title: str, ending: str) -> None:
        """`ending`: "md", "html" or "pdf"."""
        name = "".join(char if char.isalnum() or char in "-_" else " " for char in title)
        proposed = self._documents() / f"{' '.join(name.split())[:LONGEST_NAME] or 'Inkstone'}.{ending}"
        chosen, _ = QFileDialog.getSaveFileName(self._window, self.tr("Export the conversation"), str(proposed))
        if chosen:
            path = Path(chosen)
            self.export(conversation, title, path if path.suffix else path.with_suffix(f".{ending}"))

    def export(self, conversation: int, title: str, path: Path) -> None:
        """Write a conversation to a file, as its ending says."""
        reply = self._bridge.request("exchanges", conversation=conversation)
        reply.done.connect(lambda exchanges: self._write(path, title, exchanges))
        reply.failed.connect(self._tell)

    def ask_where_feedback(self) -> None:
        proposed = str(self._documents() / "inkstone-feedback.jsonl")
        chosen, _ = QFileDialog.getSaveFileName(self._window, self.tr("Export all thumbs up and down"), proposed)
        if chosen:
            self.export_feedback(Path(chosen))

    def export_feedback(self, path: Path) -> None:
        reply = self._bridge.request("feedback", path=path)
        reply.done.connect(lambda count: self.told.emit(lambda: self._feedback_text(count, path)))
        reply.failed.connect(self._tell)

    def _write(self, path: Path, title: str, exchanges: tuple[Exchange, ...]) -> None:
        try:
            write(path, Kept(title, exchanges))
        except EngineError as error:
            self._tell(Failure("told", error))
        else:
            self.told.emit(lambda: self.tr("The conversation was written to {path}.").format(path=path))

    def _tell(self, failure: Failure) -> None:
        self.told.emit(lambda: wording.failure(failure))

    def _feedback_text(self, count: int, path: Path) -> str:
        return self.tr("%Ln judged answer(s) were written to {path}.", "", count).format(path=path)

    def _documents(self) -> Path:
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
