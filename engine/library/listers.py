"""Lists roots so that one that hangs, as a share does whose server is gone, holds up nothing but itself."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from engine.library.listing import Batch, Listing, Walk, Wish
from engine.library.store import Root

logger = logging.getLogger(__name__)

_SILENT_S = 20.0  # without a sign of life: a disk that has to spin up takes about half of it
_LOOKS_S = 0.2  # between looks whether to stop
_WAITING = 4  # batches listed ahead of whoever takes them: memory stays bounded


class Stopped(Exception):
    """Listing was ended early: what was told so far must not be taken for all there is."""


@dataclass(slots=True)
class Lister:
    """A system call that hangs cannot be ended, so each root is listed in a thread that is left behind if need be."""

    silent_s: float = _SILENT_S
    _hanging: dict[str, threading.Thread] = field(default_factory=dict)

    def list(self, roots: Iterable[Root], wish: Wish, stop: Callable[[], bool]) -> Listing:
        """What stands below `roots`, listed while it is walked through. Walking raises Stopped."""
        listing = Listing(())
        listing.files = self._files(listing, roots, wish, stop)
        return listing

    def _files(
        self, listing: Listing, roots: Iterable[Root], wish: Wish, stop: Callable[[], bool]
    ) -> Iterator[tuple[Root, Batch]]:
        for root in roots:
            name = str(root.path)
            before = self._hanging.get(name)
            if before and before.is_alive():
                listing.unreachable.add(name)
                continue
            walk = Walk(root, wish)
            sender = _Sender(walk)
            try:
                for batch in sender.batches(self.silent_s, stop):
                    if batch:
                        yield root, batch
            except TimeoutError:
                logger.warning("%s has been silent for %.0f s and is left as it was", name, self.silent_s)
                self._hanging[name] = sender.thread
                listing.unreachable.add(name)
                continue
            finally:
                sender.given_up.set()
            listing.unreachable |= walk.told.unreachable
            listing.volumes |= walk.told.volumes
            listing.excluded |= walk.told.excluded
            listing.folders += walk.told.folders


class _Sender:
    """Walks in a thread of its own and hands over what it finds."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._arriving: queue.Queue[Batch | BaseException | None] = queue.Queue(_WAITING)
        self.given_up = threading.Event()
        self.thread = threading.Thread(target=self._send, name="listing", daemon=True)

    def batches(self, silent_s: float, stop: Callable[[], bool]) -> Iterator[Batch]:
        """Raises TimeoutError when nothing comes for so long, Stopped, and whatever went wrong in the walk."""
        self.thread.start()
        latest = time.monotonic() + silent_s
        while True:
            if stop():
                raise Stopped
            try:
                arrived = self._arriving.get(timeout=_LOOKS_S)
            except queue.Empty:
                if time.monotonic() > latest:
                    raise TimeoutError from None
                continue
            if arrived is None:
                return
            if isinstance(arrived, BaseException):
                raise arrived
            yield arrived
            latest = time.monotonic() + silent_s

    def _send(self) -> None:
        end: BaseException | None = None
        try:
            for batch in self._walk.batches():
                self._put(batch)
                if self.given_up.is_set():
                    return
        except BaseException as error:  # the thread's edge: whoever waits is told
            end = error
        self._put(end)

    def _put(self, what: Batch | BaseException | None) -> None:
        while not self.given_up.is_set():
            with contextlib.suppress(queue.Full):
                self._arriving.put(what, timeout=_LOOKS_S)
                return
