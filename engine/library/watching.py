"""Something below a root has changed: a nudge, never state; the listing tells what. The one door to watchdog."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from engine.documents.kinds import kind_of
from engine.library.clouds import document_of
from engine.library.excluding import DEFAULTS, GIT_IGNORE_FILE, IGNORE_FILE, Rules
from engine.library.inotify import Inotify, limit_of_watches
from engine.library.store import Root, Store
from engine.types import Notice

logger = logging.getLogger(__name__)

_OF_INTEREST = frozenset({"created", "modified", "moved", "deleted", "closed"})
_RULES = Rules.of("", DEFAULTS)


class Watcher(Protocol):
    """Calls `changed` from a thread of its own, often several times for one change."""

    def watch(self, roots: Iterable[Root]) -> None:
        """Watch just these roots from now on; called before each listing. Returns at once."""

    def entering(self, folder: str) -> None:
        """This folder of theirs is about to be listed."""

    @property
    def is_whole(self) -> bool:
        """Whether every change is told of, as far as the system tells of it."""

    def close(self) -> None: ...


def make_watcher(changed: Callable[[], None], own_folder: Path) -> Watcher:
    """The one that suits the system."""
    return FolderWatcher(changed) if sys.platform == "linux" else TreeWatcher(changed, own_folder)


def watching_notices(store: Store) -> tuple[Notice, ...]:
    """What the person can do where not every folder is watched."""
    folders = store.unwatched_folders()
    if not folders:
        return ()
    limit = limit_of_watches()
    wanted = max(2**19, 2 ** (2 * max(folders, limit)).bit_length())
    return (Notice("folders_unwatched", {"folders": str(folders), "limit": str(limit), "wanted": str(wanted)}),)


def is_news(name: str, is_folder: bool) -> bool:
    """Whether a change to something of this name may matter to the library."""
    if name in (IGNORE_FILE, GIT_IGNORE_FILE):
        return True
    if not is_folder and kind_of(Path(name)) is None:
        return kind_of(Path(document_of(name))) is not None
    return not _RULES.excludes(name, name, is_folder)


class FolderWatcher:
    """Linux: each folder is watched by itself, when it is listed."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._roots: frozenset[Root] = frozenset()
        self._inotify: Inotify | None = None
        self._is_full = False

    def watch(self, roots: Iterable[Root]) -> None:
        wanted = frozenset(roots)
        if wanted != self._roots or self._inotify is None:
            self.close()
            self._roots = wanted
            try:
                self._inotify = Inotify(self._changed, is_news)
            except OSError as error:
                logger.warning("nothing is watched, folders are listed from time to time instead: %s", error)
        self._is_full = False  # others may have left some room since

    def entering(self, folder: str) -> None:
        if self._inotify is None or self._is_full:
            return
        try:
            self._inotify.add(folder)
        except OSError as error:
            self._is_full = error.errno == errno.ENOSPC
            logger.warning(
                "the system lets no more folders be watched than fs.inotify.max_user_watches says; %s and others are "
                "listed from time to time instead",
                folder,
            )

    @property
    def is_whole(self) -> bool:
        return self._inotify is not None and not self._is_full

    def close(self) -> None:
        if self._inotify:
            self._inotify.close()
        self._inotify = None


class TreeWatcher(FileSystemEventHandler):
    """Windows and macOS: the system watches whole trees. Starting may take long, so a thread does it."""

    def __init__(self, changed: Callable[[], None], own_folder: Path) -> None:
        self._changed = changed
        self._own_folder = str(own_folder)
        self._observer = Observer()
        self._observer.daemon = True
        self._watched: dict[_Place, ObservedWatch] = {}
        self._refused = False
        self._starting: threading.Thread | None = None
        self._observer.start()

    def watch(self, roots: Iterable[Root]) -> None:
        if self._starting and self._starting.is_alive():
            return  # with the next call
        self._starting = threading.Thread(target=self._watch, args=[tuple(roots)], name="watching", daemon=True)
        self._starting.start()

    def entering(self, folder: str) -> None:
        pass

    @property
    def is_whole(self) -> bool:
        return not self._refused

    def close(self) -> None:
        if self._starting:
            self._starting.join(timeout=1)  # it may hang in a share that does
        self._observer.stop()
        self._observer.join(timeout=1)

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in _OF_INTEREST or os.fsdecode(event.src_path).startswith(self._own_folder):
            return
        if event.is_directory and event.event_type == "modified":
            return  # whatever was made or removed in it tells for itself
        names = (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
        if any(is_news(Path(name).name, event.is_directory) for name in names):
            self._changed()

    def _watch(self, roots: tuple[Root, ...]) -> None:
        # A single file is watched through its folder: editors replace files, and a watch on the old one is lost.
        folders: dict[Path, bool] = {}
        for root in roots:
            folder = root.path.parent if root.is_file else root.path
            folders[folder] = folders.get(folder, False) or not root.is_file
        wanted = set(_places(folders))
        for place in self._watched.keys() - wanted:
            self._observer.unschedule(self._watched.pop(place))
        self._refused = False
        for place in wanted - self._watched.keys():
            try:
                self._watched[place] = self._observer.schedule(self, str(place.path), recursive=place.recursive)
                self._changed()  # what changed before it was watched is found by another listing
            except OSError as error:
                self._refused = True
                logger.warning("cannot watch %s, it is listed from time to time instead: %s", place.path, error)


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
            real = path.resolve()  # a link itself tells nothing
            stat = real.stat()
            yield _Place(real, recursive, stat.st_dev, stat.st_ino)
