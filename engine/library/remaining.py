"""How long indexing will still take, from what this run and this library have measured."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_KNOWN_AFTER_S = 2.0  # of reading: what a run's first files take says little
_KNOWN_SHARE = 0.03  # of the bytes


class Speed:
    """How quickly it goes: what was done in the last minute, since a machine has quiet and busy times."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, over_s: float = 60.0) -> None:
        self._clock = clock
        self._over_s = over_s
        self._noted = deque([(clock(), 0)])  # when, and how much was done by then

    def after(self, done: int) -> float:
        """A second, now that `done` is done; above 0 once anything is."""
        now = self._clock()
        self._noted.append((now, done))
        while len(self._noted) > 2 and self._noted[1][0] <= now - self._over_s:
            self._noted.popleft()
        began, before = self._noted[0]
        return max(done - before, 1) / max(now - began, 1e-3)


class Remaining:
    """While files are read: their reading, and the embedding that follows it.

    `waiting` passages have no vector yet, `rate` is how many a second this machine embeds, 0 while that is unknown.
    """

    def __init__(
        self, total_bytes: int, waiting: int, rate: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._waiting = waiting
        self._rate = rate
        self._found = 0
        self._total = total_bytes
        self._read = 0
        self._clock = clock
        self._started = clock()

    def advance(self, size_bytes: int, passages: int) -> None:
        """A file of this size was read and has so many passages to be embedded."""
        self._read += size_bytes
        self._found += passages

    def seconds_left(self) -> float | None:
        """None while too little was read to tell, or nothing was ever embedded."""
        spent = self._clock() - self._started
        if not self._rate or spent < _KNOWN_AFTER_S or self._read < _KNOWN_SHARE * self._total:
            return None
        share_left = (self._total - self._read) / self._read
        return spent * share_left + (self._waiting + self._found * (1 + share_left)) / self._rate
