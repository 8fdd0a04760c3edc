"""The engine's side of recognising: one page at a time, in a child process of its own that may be killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.documents.limits import OCR_DEADLINE_S, OCR_MEMORY_BYTES
from engine.documents.passwords import Passwords
from engine.documents.processes import ChildLeft
from engine.documents.protocol import Cut, RecognisePage
from engine.documents.reading import DocumentReader
from engine.types import Chunk


class ScanReader(DocumentReader):
    """Recognises pages of PDFs. The child loads the models with the first page, and keeps them until `rest`."""

    def __init__(
        self,
        threads: int,
        deadline_s: float = OCR_DEADLINE_S,
        memory_bytes: int = OCR_MEMORY_BYTES,
        passwords: Passwords | None = None,
    ) -> None:
        super().__init__(deadline_s, memory_bytes, passwords=passwords)
        self._threads = threads

    def recognise(self, path: Path, page: int, leave: Callable[[], bool]) -> tuple[Chunk, ...] | None:
        """The passages of one page, none where there is no text; None once `leave` is true, which ends the child.

        Raises UnreadableDocument (NO_OCR where the models cannot be loaded), FileNotFoundError, Interrupted.
        """
        try:
            reply = self._one_reply(path, page, RecognisePage(str(path), page, self._threads), leave)
        except ChildLeft:
            return None
        assert isinstance(reply, Cut)
        return reply.chunks
