"""The one door to watchdog: something below a root has changed. A nudge, never state: the listing tells what."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from engine.library.store import Root

logger = logging.getLogger(__name__)

_OF_INTEREST = frozenset({"created", "modified", "moved", "deleted", "closed"})


class Watcher(FileSystemEventHandler):
    """Calls `changed` from its own thread, often several times for one change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._observer = Observer()
        self._observer.daemon = True
        self._watched: dict[Path, object] = {}
        self._observer.start()

    def watch(self, roots: Iterable[Root]) -> None:
        """Watch just these roots from now on; one that cannot be watched now is tried with the next call."""
        # A single file is watched through its folder: editors replace files, and a watch on the old one is lost.
        folders = {root.path.parent if root.is_file else root.path: not root.is_file for root in roots}
        wanted = {path: recursive for path, recursive in folders.items() if path.exists()}
        for path in self._watched.keys() - wanted.keys():
            self._observer.unschedule(self._watched.pop(path))  # type: ignore[arg-type]
        for path, recursive in wanted.items():
            if path in self._watched:
                continue
            try:
                self._watched[path] = self._observer.schedule(self, str(path), recursive=recursive)
            except OSError as error:
                logger.warning("cannot watch %s, it is listed from time to time instead: %s", path, error)

    def close(self) -> None:
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _OF_INTEREST:
            self._changed()
