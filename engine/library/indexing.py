"""Bringing the library up to date: list, read, embed; nearly a straight line, and safe to kill at any moment.

Reading comes before embedding, so that every document is found by its words within seconds and by its meaning as the
vectors follow. Each document is one transaction, each batch of vectors another: what is on disk is always true, and
the next run goes on with whatever is missing.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.documents.kinds import READING_VERSION, kind_of
from engine.errors import UnreadableDocument
from engine.hashing import sha256_of
from engine.library.recognising import Recognition
from engine.library.scanning import Changes, compare, found_file, list_roots
from engine.library.store import FoundFile, KnownFile, Store, Vectors
from engine.library.vectors import VectorIndex
from engine.types import Failed, Indexed, IndexEvent, Reading, Reason, Removed, Stage, Working

logger = logging.getLogger(__name__)

_BATCH = 32  # passages embedded for one transaction: what a kill costs at the most


class PassageEmbedder(Protocol):
    @property
    def id(self) -> str: ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors: ...


class Reader(Protocol):
    def read(self, path: Path) -> Reading: ...


@dataclass(slots=True)
class Spent:
    """Seconds in each stage of this run."""

    scanning: float = 0.0
    reading: float = 0.0
    storing: float = 0.0
    embedding: float = 0.0
    indexing: float = 0.0
    passages: int = 0


@dataclass(slots=True)
class Indexer:
    """One pass after another over the roots. `run` is called by one thread, which holds the index lock."""

    store: Store
    reader: Reader
    embedder: PassageEmbedder
    vectors: VectorIndex
    own_folder: Path | None = None  # the library's own: its log would be news for ever
    spent: Spent = field(default_factory=Spent)
    recognition: Recognition | None = None

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
        yield Working(Stage.SCANNING, 0, 0)
        changes = self._changes()
        yield from self._read_all(changes, stop)
        if stop():
            return
        self.store.drop_orphans()
        yield from self._embed_all(lambda: stop() or changed())
        with _timed(self.spent, "indexing"):
            self.vectors.absorb(stop)
            self.vectors.save()
        if scans:
            yield from self._recognise_all(stop, changed)
        if not stop() and not changed():
            yield Working(Stage.IDLE, 0, 0)

    def _changes(self) -> Changes:
        with _timed(self.spent, "scanning"):
            roots = self.store.roots()
            listing = list_roots(roots, self._is_wanted)
            changes = compare(listing, self.store.known_files(READING_VERSION), roots)
            self.store.see(changes.to_read)
        return changes

    def _is_wanted(self, path: Path) -> bool:
        return kind_of(path) is not None and not (self.own_folder and path.is_relative_to(self.own_folder))

    def _read_all(self, changes: Changes, stop: Callable[[], bool]) -> Iterator[IndexEvent]:
        moved = {(file.size_bytes, file.mtime_ns): file for file in changes.gone}
        self.store.forget([file.id for file in changes.gone])
        yield from (Removed(file.path) for file in changes.gone)
        clock = Clock(self.store, sum(file.size_bytes for file in changes.to_read))
        for done, file in enumerate(changes.to_read):
            if stop():
                return
            left = clock.seconds_left()
            yield Working(Stage.READING, done, len(changes.to_read), file.path, file.root, left)
            event = self._read(file, moved)
            yield event
            clock.advance(file.size_bytes, event.passages if isinstance(event, Indexed) else 0)

    def _read(self, file: FoundFile, moved: dict[tuple[int, int], KnownFile]) -> IndexEvent:
        kind = kind_of(file.path) or ""
        try:
            with _timed(self.spent, "reading"):
                sha256 = sha256_of(file.path)
            known = self.store.content(sha256, kind, READING_VERSION)
            if known is not None:
                self.store.link(file, known)
                before = moved.get((file.size_bytes, file.mtime_ns))
                return self._told(file, before.path if before else None)
            with _timed(self.spent, "reading"):
                outcome = self._outcome(file.path)
                stat = file.path.stat()
        except FileNotFoundError:
            self.store.forget_path(file.path)
            return Removed(file.path)
        except OSError:
            self.store.fail_file(file, Reason.NO_ACCESS)
            return Failed(file.path, Reason.NO_ACCESS)
        if found_file(file.path, file.root, stat) != file:
            # written to meanwhile: what was read may be half of it, so it is read again with the next pass
            return Failed(file.path, Reason.CHANGING)
        with _timed(self.spent, "storing"):
            self.store.put(file, sha256, kind, READING_VERSION, outcome)
        return self._told(file, None)

    def _outcome(self, path: Path) -> Reading | Reason:
        try:
            return self.reader.read(path)
        except UnreadableDocument as error:
            return error.reason

    def _told(self, file: FoundFile, moved_from: Path | None) -> IndexEvent:
        reason, passages = self.store.outcome(file.path)
        if reason:
            logger.info("failed %s: %s", file.path, reason)
            return Failed(file.path, reason)
        logger.info("read %s: %d passages", file.path, passages)
        return Indexed(file.path, passages, moved_from)

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
        done, last = 0, 0
        started = time.monotonic()
        while not stop() and (rows := self.store.unembedded(last, _BATCH)):
            with _timed(self.spent, "embedding"):
                vectors = self.embedder.embed_passages([embedded_text(heading, text) for _, _, heading, text in rows])
            with _timed(self.spent, "storing"):
                self.store.put_vectors([(id, content) for id, content, _, _ in rows], vectors)
            done, last = done + len(rows), rows[-1][0]
            self.spent.passages += len(rows)
            rate = done / (time.monotonic() - started)
            path, root = self.store.holder(rows[-1][1]) or (None, None)
            yield Working(Stage.EMBEDDING, done, total, path, root, max(total - done, 0) / rate)
        if done >= _BATCH:
            self.store.set_meta("passages_per_second", f"{done / (time.monotonic() - started):.2f}")


class Clock:
    """How long reading, and the embedding that follows it, will take: from what this library has measured."""

    def __init__(self, store: Store, total_bytes: int) -> None:
        self._embedding_rate = float(store.meta("passages_per_second") or 0)
        self._waiting = store.waiting_passages()
        self._found = 0
        self._left = total_bytes
        self._read = 0
        self._started = time.monotonic()

    def advance(self, size_bytes: int, passages: int) -> None:
        self._read += size_bytes
        self._left -= size_bytes
        self._found += passages

    def seconds_left(self) -> float | None:
        """None before anything was read, or ever embedded."""
        if not self._read or not self._embedding_rate:
            return None
        share_left = self._left / self._read
        passages = self._waiting + self._found * (1 + share_left)
        return (time.monotonic() - self._started) * share_left + passages / self._embedding_rate


def embedded_text(heading: str, text: str) -> str:
    """What the embedder sees of a passage: its heading says what the text is about."""
    return f"{heading}\n{text}" if heading else text


@contextmanager
def _timed(spent: Spent, stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    setattr(spent, stage, getattr(spent, stage) + time.perf_counter() - started)
