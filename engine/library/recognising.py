"""The slow queue: scanned pages are recognised one after another, once everything else is read and embedded.

Every page is a transaction of its own and found from then on; a kill costs the page at hand. Files that are new or
changed come first: the page at hand is then left, and done again later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.documents.limits import LOST_PAGES
from engine.errors import UnreadableDocument
from engine.library.scanning import found_file
from engine.library.store import FoundFile, Store
from engine.types import Chunk, Failed, Indexed, IndexEvent, Reason, Stage, Working

TRIES = 2  # of a page that hangs or crashes its child: once may have been the machine's fault

Asked = Callable[[], bool]


class PageRecogniser(Protocol):
    def recognise(self, path: Path, page: int, leave: Asked) -> Sequence[Chunk] | None:
        """The passages of one page; None once `leave` is true. Raises UnreadableDocument, FileNotFoundError."""
        ...

    def rest(self) -> None:
        """Give back the memory of the models."""
        ...


@dataclass(slots=True)
class Recognition:
    """`is_there` says whether text can and may be recognised."""

    store: Store
    recogniser: PageRecogniser
    is_there: Asked
    _left: tuple[int, int] | None = field(default=None, init=False)  # the page that was left last

    def prepare(self) -> None:
        """Before anything is read: with recognition a document of scanned pages waits, without it has failed."""
        self.store.use_ocr(self.is_there())

    def run(self, stop: Asked, changed: Asked) -> Iterator[IndexEvent]:
        """Recognise what waits and tell it. `stop` and `changed` are asked many times a second, also within a page.

        A page that was left for a change is not left again: files that change all the time must not keep it for ever.
        """
        if not self.store.scans_left():
            return
        try:
            yield from self._pages(stop, changed)
        finally:
            self.recogniser.rest()

    def _pages(self, stop: Asked, changed: Asked) -> Iterator[IndexEvent]:
        pace = _Pace(self.store)
        after = 0  # contents up to this one are done, or cannot be reached now
        while not stop() and (scan := self.store.next_scan(after)):
            content_id, page = scan
            file = self._file(content_id)
            if file is None:
                after = content_id
                continue
            yield pace.working(file)
            leave = stop if scan == self._left else lambda: stop() or changed()
            self._left = scan
            if leave():
                return
            try:
                chunks = self.recogniser.recognise(file.path, page, leave)
            except FileNotFoundError:
                after = content_id
                continue
            except UnreadableDocument as error:
                if error.reason is Reason.NO_OCR:
                    self.store.use_ocr(False)
                    return
                if error.reason is Reason.ENCRYPTED:  # passwords are forgotten with the process
                    after = content_id
                    continue
                self.store.miss_scan(content_id, page, error.reason, TRIES, LOST_PAGES)
            else:
                if chunks is None:
                    return
                self.store.put_scan(content_id, page, chunks)
            pace.step()
            yield from self._ended(content_id)

    def _file(self, content_id: int) -> FoundFile | None:
        """A file that still holds this content."""
        for file in self.store.holders(content_id):
            with suppress(OSError):
                if found_file(file.path, file.root, file.path.stat()) == file:
                    return file
        return None

    def _ended(self, content_id: int) -> Iterator[IndexEvent]:
        outcome = self.store.scans_outcome(content_id)
        if outcome is None or outcome[0]:
            return
        _, reason, passages = outcome
        for file in self.store.holders(content_id):
            yield Failed(file.path, reason) if reason else Indexed(file.path, passages)


class _Pace:
    """How far the queue is, and how long it will take: from what this library has measured."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._total = store.scans_left()
        self._seconds = float(store.meta("seconds_per_scan") or 0)
        self._steps = 0
        self._started = time.monotonic()

    def working(self, file: FoundFile) -> Working:
        left = self._store.scans_left()
        done = max(self._total - left, 0)
        seconds = left * self._seconds if self._seconds else None
        return Working(Stage.RECOGNISING, done, max(self._total, left), file.path, file.root, seconds)

    def step(self) -> None:
        self._steps += 1
        self._seconds = (time.monotonic() - self._started) / self._steps
        self._store.set_meta("seconds_per_scan", f"{self._seconds:.2f}")
