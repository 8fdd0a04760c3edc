"""Keeps a library up to date with the folders that it watches: one process at a time, once or until it is ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from filelock import FileLock, Timeout

from engine.config import Config
from engine.documents.reading import Interrupted
from engine.errors import BrokenInstallation, BusyLibrary, Code, EngineError
from engine.library.indexing import Indexer
from engine.library.store import Root, Store
from engine.library.watching import Watcher, make_watcher
from engine.types import IndexEvent, Stage, Working

logger = logging.getLogger(__name__)

_SETTLE_S = 0.7  # no change for so long: whatever is being copied or saved is probably done
_SETTLE_AT_MOST_S = 5.0
_BETWEEN_LISTINGS_S = 300.0  # changes that no system reports (network folders) are found so
_BETWEEN_LISTINGS_UNWATCHED_S = 60.0  # where the system lets not every folder be watched
_BETWEEN_LISTINGS_FRESH_S = 3.0  # where a file was written to moments before it was read
_AT_LEAST_S = 5.0  # of work before a change interrupts it: constant changes must not starve the embedding
_PROBED_S = 0.3  # how long the lock may seem taken because another process only looks whether it is
_AGAIN_S = 30.0  # after a failure that may pass: a full disk, a drive that is away

Tell = Callable[[IndexEvent | EngineError], None]


class Upkeep:
    """Indexes when something changed. `indexer` is asked for once there is work: it may load a model.

    `is_in_use` says of an indexer whether it is still the one: another embedder may be chosen while it works.
    `rest` is called when there is nothing to do for now: memory can be given back.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        indexer: Callable[[], Indexer],
        is_in_use: Callable[[Indexer], bool],
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._config = config
        self._store = store
        self._indexer = indexer
        self._is_in_use = is_in_use
        self._rest = rest
        self._lock = FileLock(config.index_lock, thread_local=False)
        self._watcher: Watcher | None = None
        self._nudged = threading.Event()
        self._ending = threading.Event()
        self._going = threading.Event()  # cleared while it is paused
        if not config.settings.paused:
            self._going.set()

    def once(self, stop: Callable[[], bool], scans: bool = True) -> Iterator[IndexEvent]:
        """Also while it is paused: this was asked for. Raises BusyLibrary when another process is at it."""
        with self._alone():
            yield from self._indexer().run(lambda: stop() or self._ending.is_set(), scans=scans)

    def follow(self, tell: Tell) -> None:
        """Returns when it is ended; what goes wrong is told, and tried again."""
        watcher = self._watcher = make_watcher(self._nudged.set, self._config.home)
        try:
            while not self._ending.is_set():
                try:
                    self._wait_while_paused(tell)
                    with self._alone():
                        self._follow(watcher, tell)
                except BusyLibrary:
                    self._ending.wait(1)
                except Interrupted:
                    return
                except EngineError as error:
                    logger.error("indexing stopped: %s", error)
                    tell(error)
                    self._ending.wait(_AGAIN_S)
                except Exception as error:  # the thread's edge: without this the library would silently stand still
                    logger.exception("indexing stopped")
                    tell(EngineError(Code.INTERNAL, why=str(error)))
                    self._ending.wait(_AGAIN_S)
        finally:
            watcher.close()

    def entering(self, folder: str) -> None:
        """A folder is about to be listed: from now on its changes count."""
        if self._watcher:
            self._watcher.entering(folder)

    def pause(self) -> None:
        """Nothing is read or embedded in the background until `resume`; what runs ends soon, and what is done stays."""
        self._going.clear()
        self._nudged.set()

    def resume(self) -> None:
        self._going.set()

    def nudge(self) -> None:
        """Something is to be looked at."""
        self._nudged.set()

    def end(self) -> None:
        """For good: whatever runs here returns soon."""
        self._ending.set()
        self._nudged.set()
        self._going.set()

    @property
    def is_ending(self) -> bool:
        return self._ending.is_set()

    def is_elsewhere(self) -> bool:
        """Whether another process indexes this library, or waits to."""
        if self._lock.is_locked:
            return False
        probe = FileLock(self._config.index_lock)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            return True
        except OSError:
            return False  # nobody can: whoever indexes here is told why
        probe.release()
        return False

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=_PROBED_S, poll_interval=_PROBED_S / 10)
        except Timeout as error:
            raise BusyLibrary from error
        except OSError as error:
            why = error.strerror or str(error)
            raise BrokenInstallation(Code.CANNOT_WRITE, path=str(self._config.index_lock), why=why) from error
        try:
            yield
        finally:
            self._lock.release()

    def _wait_while_paused(self, tell: Tell) -> None:
        if self._going.is_set():
            return
        tell(Working(Stage.PAUSED, 0, 0))
        self._rest()
        self._going.wait()
        tell(Working(Stage.SCANNING, 0, 0))

    def _is_held_up(self) -> bool:
        return self._ending.is_set() or not self._going.is_set()

    def _follow(self, watcher: Watcher, tell: Tell) -> None:
        while not self._is_held_up():
            self._nudged.clear()
            roots = self._store.roots()
            watcher.watch(roots)
            indexer = self._indexer()
            changed = partial(self._changed_since, time.monotonic(), indexer)
            for event in indexer.run(self._is_held_up, changed):
                tell(event)
            self._rest()
            self._store.note_watching(watcher.is_whole)
            self._wait_for_change(roots, indexer, _between_listings_s(watcher, self._store))

    def _changed_since(self, started: float, indexer: Indexer) -> bool:
        if not self._is_in_use(indexer):
            return True
        return self._nudged.is_set() and time.monotonic() - started > _AT_LEAST_S

    def _wait_for_change(self, roots: tuple[Root, ...], indexer: Indexer, at_most_s: float) -> None:
        until = time.monotonic() + at_most_s
        while (
            not self._is_held_up()
            and self._is_in_use(indexer)
            and not self._nudged.wait(1)
            and time.monotonic() < until
        ):
            if self._store.roots() != roots:
                return  # another process added or removed one
        latest = time.monotonic() + _SETTLE_AT_MOST_S
        while not self._is_held_up() and self._nudged.is_set() and time.monotonic() < latest:
            self._nudged.clear()
            self._nudged.wait(_SETTLE_S)


def _between_listings_s(watcher: Watcher, store: Store) -> float:
    if store.has_fresh():
        return _BETWEEN_LISTINGS_FRESH_S
    return _BETWEEN_LISTINGS_S if watcher.is_whole else _BETWEEN_LISTINGS_UNWATCHED_S
