"""The one door: builds everything, owns the threads."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from engine.answers.answering import Answerer
from engine.answers.extracting import Extractor
from engine.answers.retrieval import Retriever
from engine.config import SHIPPED_MODELS, Config
from engine.documents.kinds import SUFFIXES, kind_of
from engine.documents.reading import DocumentReader, Interrupted
from engine.errors import BusyLibrary, Code, EngineError, UsageError
from engine.library.indexing import Indexer, Spent
from engine.library.scanning import reachable
from engine.library.store import Root, Store
from engine.library.vectors import VectorIndex
from engine.library.watching import Watcher
from engine.models.catalog import Models
from engine.models.embedder import Embedder
from engine.types import AnswerEvent, Document, Hit, IndexEvent, LibraryStatus, PageImage, TextLines

logger = logging.getLogger(__name__)

_SETTLE_S = 0.7  # no change for so long: whatever is being copied or saved is probably done
_SETTLE_AT_MOST_S = 5.0
_BETWEEN_LISTINGS_S = 300.0  # changes that no system reports (network folders) are found so
_AT_LEAST_S = 5.0  # of work before a change interrupts it: constant changes must not starve the embedding
_AGAIN_S = 30.0  # after a failure that may pass: a full disk, a drive that is away

Tell = Callable[[IndexEvent | EngineError], None]


class Assistant:
    """A library that can be asked. `open` it, and `close` it; methods may be called from any thread."""

    def __init__(self, config: Config, store: Store) -> None:
        self.config = config
        self.models = Models(SHIPPED_MODELS, config.models)
        self.store = store
        self.spent = Spent()
        self._reader = DocumentReader()  # what indexing reads with
        self._viewer = DocumentReader()  # what pages are shown with: never waits for the other
        self._lock = FileLock(config.index_lock, thread_local=False)
        self._nudged = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def open(cls, config: Config) -> Assistant:
        """Raises BrokenInstallation when the library cannot be used. Models load with their first use."""
        return cls(config, Store(config.library))

    def close(self) -> None:
        """Ends the threads and children; what is on disk is complete at any moment anyway."""
        self._closing.set()
        self._nudged.set()
        self._reader.close()
        self._viewer.close()
        if self._thread:
            self._thread.join()
        self.store.close()

    # What is in the library

    def add(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        """Watch folders and files; each path as it is watched, which may be through a folder above it.

        Raises UsageError for a path that does not exist, cannot be read, or is no kind of document.
        """
        wanted = [_root(path) for path in paths]
        return tuple(self._add(root) for root in wanted)

    def remove(self, paths: Iterable[Path]) -> None:
        """Stop watching. Raises UsageError when a path is not watched; then nothing is removed."""
        watched = {root.path for root in self.store.roots()}
        wanted = [_absolute(path) for path in paths]
        for path in wanted:
            if path not in watched:
                raise UsageError(Code.NOT_IN_LIBRARY, path=str(path))
        for path in wanted:
            self.store.remove_root(path)
        self._nudged.set()
        if not self._thread:
            self._forget_unwatched()

    def retry(self, path: Path | None = None) -> None:
        """Let a failed document, or all of them, be read again with the next indexing."""
        self.store.retry(_absolute(path) if path else None)
        self._nudged.set()

    def status(self) -> LibraryStatus:
        folders = self.store.folders(root.path for root in self.store.roots() if reachable(root))
        return LibraryStatus(
            folders=folders,
            indexed=sum(folder.indexed for folder in folders),
            failed=sum(folder.failed for folder in folders),
            waiting=sum(folder.waiting for folder in folders),
            passages=self.store.passage_count(),
            failures=self.store.failures(),
            embedder=self.config.settings.embedder,
            indexing_elsewhere=self._indexing_elsewhere(),
        )

    def documents(self, folder: Path | None = None) -> tuple[Document, ...]:
        return self.store.documents(folder)

    # Indexing

    def index(self, stop: Callable[[], bool] = lambda: False) -> Iterator[IndexEvent]:
        """Bring the library up to date once. Raises BusyLibrary when another process is at it."""
        with self._indexing_alone():
            yield from self._indexer.run(lambda: stop() or self._closing.is_set())

    def watch(self, tell: Tell) -> None:
        """Keep the library up to date from now on, in a thread that also calls `tell`."""
        self._thread = threading.Thread(target=self._keep_up, args=[tell], name="indexing")
        self._thread.start()

    @property
    def peak_child_bytes(self) -> int:
        """The most memory that a child which reads documents has used."""
        return self._reader.peak_child_bytes

    # Asking

    def search(self, query: str, k: int = 10) -> tuple[Hit, ...]:
        return self.retriever.find(query, k)

    def ask(self, question: str, stop: Callable[[], bool] = lambda: False) -> Iterator[AnswerEvent]:
        """The events of an answer; with `stop` true it ends after the piece at hand."""
        return Answerer(self.retriever, self._extractor).ask(question, stop)

    def page(self, path: Path, page: int, scale: float) -> PageImage:
        """A page as a picture of `scale` pixels a point. Raises UnreadableDocument, UsageError."""
        with _file_there(path):
            return self._viewer.render(path, page, scale)

    def lines(self, path: Path, first: int, count: int) -> TextLines:
        """Lines of a document that has no pages. Raises UnreadableDocument, UsageError."""
        with _file_there(path):
            return self._viewer.lines(path, first, count)

    @cached_property
    def embedder(self) -> Embedder:
        """Raises UsageError or BrokenInstallation when the chosen model is missing or damaged."""
        return Embedder.open(self.models.folder(self.config.settings.embedder), self.config.threads)

    @cached_property
    def vectors(self) -> VectorIndex:
        return VectorIndex(self.store, self.config.vectors, self.embedder.id, self.embedder.dimension)

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(self.store, self.vectors, self.embedder)

    @cached_property
    def _extractor(self) -> Extractor:
        return Extractor(self.store, self.vectors, self.embedder)

    @cached_property
    def _indexer(self) -> Indexer:
        return Indexer(self.store, self._reader, self.embedder, self.vectors, self.spent)

    # Behind the door

    def _add(self, root: Root) -> Path:
        roots = self.store.roots()
        above = next((known for known in roots if _holds(known, root.path)), None)
        if above:
            return above.path
        self.store.add_root(root, replacing=[known.path for known in roots if _holds(root, known.path)])
        self._nudged.set()
        return root.path

    def _forget_unwatched(self) -> None:
        try:
            with self._indexing_alone():
                self.store.forget_unwatched()
                self.store.drop_orphans()
        except BusyLibrary:
            pass  # the process that is indexing does it

    @contextmanager
    def _indexing_alone(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise BusyLibrary from error
        try:
            yield
        finally:
            self._lock.release()

    def _indexing_elsewhere(self) -> bool:
        if self._lock.is_locked:
            return False
        probe = FileLock(self.config.index_lock)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return True
        probe.release()
        return False

    def _keep_up(self, tell: Tell) -> None:
        watcher = Watcher(self._nudged.set)
        try:
            while not self._closing.is_set():
                try:
                    with self._indexing_alone():
                        self._follow(watcher, tell)
                except BusyLibrary:
                    self._closing.wait(1)
                except Interrupted:
                    return
                except EngineError as error:
                    logger.error("indexing stopped: %s", error)
                    tell(error)
                    self._closing.wait(_AGAIN_S)
        finally:
            watcher.close()

    def _follow(self, watcher: Watcher, tell: Tell) -> None:
        while not self._closing.is_set():
            self._nudged.clear()
            roots = self.store.roots()
            watcher.watch(roots)
            started = time.monotonic()
            for event in self._indexer.run(lambda since=started: self._interrupts(since)):  # type: ignore[misc]
                tell(event)
            self._wait_for_change(roots)

    def _interrupts(self, since: float) -> bool:
        return self._closing.is_set() or (self._nudged.is_set() and time.monotonic() - since > _AT_LEAST_S)

    def _wait_for_change(self, roots: tuple[Root, ...]) -> None:
        until = time.monotonic() + _BETWEEN_LISTINGS_S
        while not self._nudged.wait(1) and time.monotonic() < until:
            if self.store.roots() != roots:
                return  # another process added or removed one
        latest = time.monotonic() + _SETTLE_AT_MOST_S
        while not self._closing.is_set() and self._nudged.is_set() and time.monotonic() < latest:
            self._nudged.clear()
            self._nudged.wait(_SETTLE_S)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - `resolve` would follow links: people know their paths


def _root(path: Path) -> Root:
    path = _absolute(path)
    if not path.exists():
        raise UsageError(Code.NO_SUCH_PATH, path=str(path))
    root = Root(path, not path.is_dir())
    if root.is_file and kind_of(path) is None:
        raise UsageError(Code.NOT_A_DOCUMENT, path=str(path), kinds=" ".join(SUFFIXES))
    if not reachable(root):
        raise UsageError(Code.NO_PERMISSION, path=str(path))
    return root


def _holds(root: Root, path: Path) -> bool:
    return path == root.path or (not root.is_file and path.is_relative_to(root.path))


@contextmanager
def _file_there(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise UsageError(Code.NO_SUCH_PATH, path=str(path)) from error
