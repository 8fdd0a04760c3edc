"""Bringing the library up to date: list, read, embed; nearly a straight line, and safe to kill at any moment.

Reading comes before embedding, so that every document is found by its words within seconds and by its meaning as the
vectors follow. A few documents are one transaction, a batch of vectors another: what is on disk is always true, and
the next run goes on with whatever is missing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Container, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from engine.documents.kinds import READING_VERSION, SKIMMED, Kind, kind_of
from engine.library.giving_way import GivingWay
from engine.library.keeping import Keeper, SkimKeeper
from engine.library.listers import Lister
from engine.library.listing import Wish
from engine.library.looking_ahead import Key, LookAhead, Reader, Slot
from engine.library.recognising import Recognition
from engine.library.remaining import Remaining, Speed
from engine.library.scanning import Changes
from engine.library.stepping import changes_since, refuse
from engine.library.store import FoundFile, Store, Vectors
from engine.library.vectors import VectorIndex
from engine.types import IndexEvent, Reading, Removed, Stage, Working

_BATCH = 32  # passages embedded for one transaction: what a kill costs at the most
_ABSORBED = 10_000  # passages embedded: the graphs take them, so that they need not wait in memory
_BATCH_A_WORKER = 4  # or so many for each that embeds
_WORTH_SKIMMING = 16  # new PDFs, or so large: fewer are read within seconds anyway
_WORTH_SKIMMING_BYTES = 10_000_000
_LOOK_S = 0.2  # between questions whether to stop


class PassageEmbedder(Protocol):
    @property
    def id(self) -> str: ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(slots=True)
class Spent:
    """Seconds in each stage of this run."""

    scanning: float = 0.0
    reading: float = 0.0
    storing: float = 0.0
    embedding: float = 0.0
    indexing: float = 0.0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Background:
    """How much of the machine indexing takes."""

    workers: int = 1  # documents read, and passages embedded, side by side at the most
    pace: Callable[[], int] = lambda: 1  # how many of them may work now
    giving_way: GivingWay = field(default_factory=GivingWay)  # to whom waits for an answer


@dataclass(slots=True)
class Indexer:
    """One pass after another over the roots. `run` is called by one thread, which holds the index lock."""

    store: Store
    reader: Reader
    embedder: PassageEmbedder
    vectors: VectorIndex
    wish: Callable[[], Wish] = Wish  # asked before each listing
    spent: Spent = field(default_factory=Spent)
    recognition: Recognition | None = None
    lister: Lister = field(default_factory=Lister)
    background: Background = field(default_factory=Background)

    def run(
        self,
        stop: Callable[[], bool] = lambda: False,
        changed: Callable[[], bool] = lambda: False,
        scans: bool = True,
    ) -> Iterator[IndexEvent]:
        """Bring the library up to date and tell what happens. `stop` is asked between documents and batches.

        `changed` ends the embedding early, so that new files are read first. It never ends the reading: one file that
        is written all the time would keep the others from being read. Without `scans` these wait for another run.
        """
        if self.recognition:
            self.recognition.prepare()
        self.store.refresh_keywords()
        self.store.use_embedder(self.embedder.id)
        self._finish_embedder(stop)
        yield Working(Stage.SCANNING, 0, 0)
        changes = self._changes(stop)
        yield from self._read_all(changes, stop)
        if stop():
            return
        self.store.drop_orphans()
        yield from self._embed_all(lambda: stop() or changed())
        with _timed(self.spent, "indexing"):
            self.vectors.absorb(stop)
            self.vectors.save()
        if not changed():  # which may mean that another embedder was chosen
            self._finish_embedder(stop)
        if scans:
            yield from self._recognise_all(stop, changed)
        if not stop() and not changed():
            yield Working(Stage.IDLE, 0, 0)

    def _changes(self, stop: Callable[[], bool]) -> Changes:
        with _timed(self.spent, "scanning"):
            return changes_since(self.store, self.lister, self.wish(), stop)

    def _read_all(self, changes: Changes, stop: Callable[[], bool]) -> Iterator[IndexEvent]:
        yield from refuse(self.store, changes.refused)
        moved = {(file.size_bytes, file.mtime_ns): file for file in changes.gone}
        self.store.forget([file.id for file in changes.gone])
        yield from (Removed(file.path) for file in changes.gone)
        files: Sequence[FoundFile] = changes.to_read
        if not files:
            return
        rate = float(self.store.meta("passages_per_second") or 0)
        waiting = self.store.waiting_passages()
        files = yield from self._skim_all(files, stop)
        remaining = Remaining(sum(file.size_bytes for file in files), waiting, rate)
        known = self.store.known_contents(READING_VERSION)
        ahead = self._look_ahead(files, self.reader.read, known)
        try:
            keeper = Keeper(self.store, moved)
            for done, file in enumerate(files):
                yield Working(Stage.READING, done, len(files), file.path, file.root, remaining.seconds_left())
                slot = yield from self._taken(ahead, keeper, stop)
                if slot is None:
                    break
                remaining.advance(file.size_bytes, slot.passages)
            yield from self._kept(keeper)
        finally:
            ahead.close()
            self.reader.rest()

    def _skim_all(
        self, files: Sequence[FoundFile], stop: Callable[[], bool]
    ) -> Generator[IndexEvent, None, Sequence[FoundFile]]:
        """Many new PDFs are found by their bare text first; gives the files in the order in which to read them."""
        never_read = self.store.never_read()
        new = [file for file in files if kind_of(file.path) is Kind.PDF and file.path in never_read]
        if len(new) < _WORTH_SKIMMING and sum(file.size_bytes for file in new) < _WORTH_SKIMMING_BYTES:
            return files
        known = self.store.known_contents(READING_VERSION) | self.store.known_contents(SKIMMED)
        ahead = self._look_ahead(new, self.reader.skim, known)
        keeper = SkimKeeper(self.store, {})
        try:
            for done, file in enumerate(new):
                yield Working(Stage.SKIMMING, done, len(new), file.path, file.root)
                slot = yield from self._next(ahead, keeper, stop)
                if slot is None:
                    break
                keeper.collect(slot)
                if keeper.is_due:
                    yield from self._kept(keeper)
            yield from self._kept(keeper)
        finally:
            ahead.close()
        skimmed = set(new)
        return sorted(files, key=lambda file: file in skimmed)  # what is not found by any word yet goes first

    def _look_ahead(
        self, files: Sequence[FoundFile], read: Callable[[Path], Reading], known: Container[Key]
    ) -> LookAhead:
        background = self.background
        return LookAhead(files, read, self.reader.interrupt, known, background.workers, background.pace)

    def _taken(
        self, ahead: LookAhead, keeper: Keeper, stop: Callable[[], bool]
    ) -> Generator[IndexEvent, None, Slot | None]:
        """The next file, collected; None when it is to stop. What was collected is kept as soon as it is due."""
        slot = yield from self._next(ahead, keeper, stop)
        if slot is None:
            return None
        if slot.outcome is None:
            if slot.twin:  # it may be among what was collected
                yield from self._kept(keeper)
            if self.store.content(slot.sha256, slot.kind, READING_VERSION) is None:
                ahead.resolve(slot)
        keeper.collect(slot)
        if keeper.is_due:
            yield from self._kept(keeper)
        return slot

    def _next(
        self, ahead: LookAhead, keeper: Keeper, stop: Callable[[], bool]
    ) -> Generator[IndexEvent, None, Slot | None]:
        """The next file; None when it is to stop."""
        while not stop():
            with _timed(self.spent, "reading"):
                slot = ahead.take(_LOOK_S)
            if slot:
                return slot
            if keeper.is_due:
                yield from self._kept(keeper)
        return None

    def _kept(self, keeper: Keeper) -> Iterator[IndexEvent]:
        with _timed(self.spent, "storing"):
            events = keeper.keep()
        yield from events

    def _recognise_all(self, stop: Callable[[], bool], changed: Callable[[], bool]) -> Iterator[IndexEvent]:
        """A page's passages are embedded as soon as they are there, without a word: it is a matter of a second."""
        if self.recognition is None:
            return
        before = self.spent.passages
        for event in self.recognition.run(stop, changed):
            yield event
            deque(self._embed_all(stop), maxlen=0)
        deque(self._embed_all(stop), maxlen=0)
        if self.spent.passages > before:
            with _timed(self.spent, "indexing"):
                self.vectors.absorb(stop)
                self.vectors.save()

    def _embed_all(self, stop: Callable[[], bool]) -> Iterator[IndexEvent]:
        total = self.store.waiting_passages()
        done = 0
        started, speed = time.monotonic(), Speed()
        batch = max(_BATCH, _BATCH_A_WORKER * self.background.workers)
        while not stop() and (rows := self.store.unembedded(batch)):
            with _timed(self.spent, "embedding"):
                vectors = self._embedded([embedded_text(heading, text) for _, _, heading, text in rows])
            with _timed(self.spent, "storing"):
                self.store.put_vectors([(id, content) for id, content, _, _ in rows], vectors)
            done += len(rows)
            self.spent.passages += len(rows)
            if done % _ABSORBED < len(rows):
                with _timed(self.spent, "indexing"):
                    self.vectors.absorb(stop)
                    self.vectors.save()
            rate = speed.after(done)
            path, root = self.store.holder(rows[-1][1]) or (None, None)
            yield Working(Stage.EMBEDDING, done, total, path, root, max(total - done, 0) / rate)
        if done >= _BATCH:
            self.store.set_meta("passages_per_second", f"{done / (time.monotonic() - started):.2f}")

    def _finish_embedder(self, stop: Callable[[], bool]) -> None:
        """Search with the embedder at work from now on, once every passage has a vector of it and the graphs have."""
        if self.store.next_embedder() is None or self.store.waiting_passages():
            return
        with _timed(self.spent, "indexing"):
            self.vectors.absorb(stop)
            if not stop() and self.store.finish_embedder():
                self.vectors.save()

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        """Each on its own, so that a question waits for no more than the passages at hand."""
        with ThreadPoolExecutor(max(1, min(self.background.workers, self.background.pace())), "embedding") as workers:
            return np.concatenate([*workers.map(self._embedded_one, texts)])

    def _embedded_one(self, text: str) -> Vectors:
        self.background.giving_way.stand_back()
        return self.embedder.embed_passages([text])


def embedded_text(heading: str, text: str) -> str:
    """What the embedder sees of a passage: its heading says what the text is about."""
    return f"{heading}\n{text}" if heading else text


@contextmanager
def _timed(spent: Spent, stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    setattr(spent, stage, getattr(spent, stage) + time.perf_counter() - started)
