"""How many cores indexing may use: all that others leave, and fewer on battery. At least one: it always goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_SAMPLE_S = 3.0  # what is measured over less says little
_ON_BATTERY = 0.5  # of the cores


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds of processor time since the machine started, by whom, and where its power comes from."""

    all: float
    ours: float
    on_battery: bool


class Machine(Protocol):
    cores: int

    def sample(self) -> Sample: ...


def allowed(cores: int, others: float, on_battery: bool) -> int:
    """Of `cores`, where other programs keep `others` busy (0 to `cores`)."""
    most = cores * (_ON_BATTERY if on_battery else 1.0)
    return max(1, min(int(most), round(cores - others)))


class Pace:
    """Asked as often as wanted, it looks at the machine now and then. Any thread may ask."""

    def __init__(
        self,
        machine: Machine,
        gives_way: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._machine = machine
        self._gives_way = gives_way
        self._clock = clock
        self._at = clock()
        self._before = machine.sample()
        self._allowed = allowed(machine.cores, 0.0, self._before.on_battery)

    def __call__(self) -> int:
        """Cores that may be used now."""
        if not self._gives_way():
            return self._machine.cores
        elapsed = self._clock() - self._at
        if elapsed >= _SAMPLE_S:
            now, before = self._machine.sample(), self._before
            others = ((now.all - before.all) - (now.ours - before.ours)) / elapsed
            self._allowed = allowed(self._machine.cores, max(0.0, others), now.on_battery)
            self._before, self._at = now, self._clock()
        return self._allowed
