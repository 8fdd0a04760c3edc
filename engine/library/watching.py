"""The one door to watchdog: something below a root has changed. A nudge, never state: the listing tells what."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from engine.library.store import Root

logger = logging.getLogger(__name__)

_OF_INTEREST = frozenset({"created", "modified", "moved", "deleted", "closed"})


class Watcher(FileSystemEventHandler):
    """Calls `changed` from its own thread, often several times for one change."""

    def __init__(self, changed: Callable[[], None], own_folder: Path) -> None:
        self._changed = changed
        self._own_folder = str(own_folder)
        self._observer = Observer()
        self._observer.daemon = True
        self._watched: dict[_Place, ObservedWatch] = {}
        self._observer.start()

    def watch(self, roots: Iterable[Root]) -> None:
        """Watch just these roots from now on; one that cannot be watched now is tried with the next call."""
        # A single file is watched through its folder: editors replace files, and a watch on the old one is lost.
        folders: dict[Path, bool] = {}
        for root in roots:
            folder = root.path.parent if root.is_file else root.path
            folders[folder] = folders.get(folder, False) or not root.is_file
        wanted = set(_places(folders))
        for place in self._watched.keys() - wanted:
            self._observer.unschedule(self._watched.pop(place))
        for place in wanted - self._watched.keys():
            try:
                self._watched[place] = self._observer.schedule(self, str(place.path), recursive=place.recursive)
            except OSError as error:
                logger.warning("cannot watch %s, it is listed from time to time instead: %s", place.path, error)

    def close(self) -> None:
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _OF_INTEREST and not str(event.src_path).startswith(self._own_folder):
            self._changed()


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder and its identity: one that was deleted and made again needs another watch."""

    path: Path
    recursive: bool
    device: int
    inode: int


def _places(folders: dict[Path, bool]) -> Iterator[_Place]:
    for path, recursive in folders.items():
        with contextlib.suppress(OSError):  # not there now
            stat = path.stat()
            yield _Place(path, recursive, stat.st_dev, stat.st_ino)
