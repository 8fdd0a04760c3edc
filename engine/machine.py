"""The machine as it is now: its cores and who keeps them busy, its power, its memory. Asked of the system."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

import psutil

from engine.library.pacing import Sample

_READER_BYTES = 1_000_000_000  # that a reading child may come to need, with what is kept of its documents


class ThisMachine:
    """What `pacing` wants to know."""

    def __init__(self) -> None:
        self.cores = cores()
        self._own = psutil.Process()

    def sample(self) -> Sample:
        busy = psutil.cpu_times()
        idle = busy.idle + getattr(busy, "iowait", 0.0)
        # guest times are counted in user and nice already
        all_of_it = sum(busy) - idle - getattr(busy, "guest", 0.0) - getattr(busy, "guest_nice", 0.0)
        return Sample(all_of_it, self._ours(), _on_battery())

    def _ours(self) -> float:
        seconds = 0.0
        with contextlib.suppress(psutil.Error):
            times = self._own.cpu_times()  # those of children that have ended are in it
            seconds = times.user + times.system + times.children_user + times.children_system
            for child in self._own.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    one = child.cpu_times()
                    seconds += one.user + one.system
        return seconds


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def readers() -> int:
    """How many documents may be read at once: one a core, as far as there is memory for them."""
    return max(1, min(cores(), int(psutil.virtual_memory().available) // _READER_BYTES))


def be_considerate() -> None:
    """From now on everything else goes first, for the processor and for the disk; children that are started too."""
    own = psutil.Process()
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            own.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            own.nice(min(19, own.nice() + 10))
    if sys.platform == "linux":
        with contextlib.suppress(psutil.Error, OSError):
            own.ionice(psutil.IOPRIO_CLASS_BE, 7)


def give_memory_back() -> None:
    """What the C library keeps of freed memory goes back to the system, where it can be asked to."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _on_battery() -> bool:
    battery = None
    # psutil lists /sys/class/power_supply without asking whether it is there: in a container it is not
    with contextlib.suppress(OSError):
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return battery is not None and battery.power_plugged is False
