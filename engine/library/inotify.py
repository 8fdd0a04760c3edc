"""The one door to Linux's inotify: folders, watched one by one as they are listed, tell that something in them changed.

watchdog walks through a tree by itself to watch it: it blocks meanwhile, takes in what is excluded, and says nothing
where the system's limit leaves folders unwatched. Here the listing does the walking. man 7 inotify has the constants.
"""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import select
import struct
import threading
from collections.abc import Callable
from pathlib import Path

logger = logging.getLogger(__name__)

_ATTRIBUTES, _WRITTEN, _MOVED_FROM, _MOVED_TO, _CREATED, _DELETED = 0x4, 0x8, 0x40, 0x80, 0x100, 0x200
_SELF_DELETED, _SELF_MOVED, _UNMOUNTED, _OVERFLOWN = 0x400, 0x800, 0x2000, 0x4000
_ONLY_FOLDERS, _NOT_UNLINKED, _IS_FOLDER = 0x1000000, 0x4000000, 0x40000000
# Not IN_MODIFY: a log would tell with every line. What stays open is found by the listings from time to time.
_MASK = (
    (_ATTRIBUTES | _WRITTEN | _MOVED_FROM | _MOVED_TO | _CREATED | _DELETED | _SELF_DELETED | _SELF_MOVED)
    | _ONLY_FOLDERS
    | _NOT_UNLINKED
)
_ABOUT_ITSELF = _SELF_DELETED | _SELF_MOVED | _UNMOUNTED | _OVERFLOWN
_EVENT = struct.Struct("iIII")
_BUFFER_BYTES = 2**16


_LIMIT = Path("/proc/sys/fs/inotify/max_user_watches")


def limit_of_watches() -> int:
    """How many folders all programs of one person may watch, 0 where that cannot be told."""
    try:
        return int(_LIMIT.read_text())
    except (OSError, ValueError):
        return 0


class Inotify:
    """Calls `changed` from its own thread. `is_news` is asked of a name, and whether it is a folder's.

    Raises OSError (EMFILE) where the system's limit of instances is reached.
    """

    def __init__(self, changed: Callable[[], None], is_news: Callable[[str, bool], bool]) -> None:
        self._changed = changed
        self._is_news = is_news
        self._library = ctypes.CDLL(None, use_errno=True)
        self._lock = threading.Lock()  # held while the descriptor is used, so that nothing uses a closed one
        self._descriptor: int | None = self._library.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self._descriptor == -1:
            raise OSError(ctypes.get_errno(), "inotify instances")
        self._ended, self._end = os.pipe()
        self._thread = threading.Thread(target=self._listen, args=[self._descriptor], name="watching", daemon=True)
        self._thread.start()

    def add(self, folder: str) -> None:
        """Watch a folder, not what is below it. Raises OSError with ENOSPC at the system's limit."""
        with self._lock:
            if self._descriptor is None:
                return
            added = self._library.inotify_add_watch(self._descriptor, os.fsencode(folder), _MASK)
        if added == -1 and ctypes.get_errno() in (errno.ENOSPC, errno.ENOMEM):
            raise OSError(errno.ENOSPC, "inotify watches")  # anything else: it went away, or the listing tells

    def close(self) -> None:
        with self._lock:
            if self._descriptor is None:
                return
            os.write(self._end, b".")
            descriptor, self._descriptor = self._descriptor, None
        self._thread.join()
        for each in (descriptor, self._ended, self._end):
            os.close(each)

    def _listen(self, descriptor: int) -> None:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        poll.register(self._ended, select.POLLIN)
        while not any(ready == self._ended for ready, _ in poll.poll()):
            try:
                events = os.read(descriptor, _BUFFER_BYTES)
            except BlockingIOError:
                continue
            if self._tells(events):
                self._changed()

    def _tells(self, events: bytes) -> bool:
        at = 0
        while at < len(events):
            _, mask, _, length = _EVENT.unpack_from(events, at)
            name = events[at + _EVENT.size : at + _EVENT.size + length].rstrip(b"\0")
            at += _EVENT.size + length
            if mask & _ABOUT_ITSELF or (name and self._is_news(os.fsdecode(name), bool(mask & _IS_FOLDER))):
                return True
        return False
