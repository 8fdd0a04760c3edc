"""Which texts hold others, word for word, once both are normalised: found by hashing, without holding any text.

A text in another has all its windows of WINDOW characters in common with it. So of each text only the window in its
middle is looked for; where it is met, the whole is compared by a hash of 64 bits, which prefix sums give for any
stretch of a text at once:

    S[k] = sum over i < k of c[i] * B**i        (mod 2**64)
    hash(text[i:j]) = (S[j] - S[i]) * B**-i

In memory are 24 bytes for each sought text, twice while sorted, and the text at hand.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WINDOW = 16  # characters of a normalised text; a shorter one is no passage and is refused

_TOGETHER = 256  # windows that are compared at once: a repetitive text may meet thousands of texts in each

_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse mod 2**64
_INVERSE = pow(_BASE, -1, 2**64)
_MIXED = np.uint64(0xBF58476D1CE4E5B9)  # spreads the code points over the 64 bits

Hashes = npt.NDArray[np.uint64]


class Sought:
    """The texts that are looked for. Give all of them with `add`, then ask `inside` about any text."""

    def __init__(self) -> None:
        self._anchors = array("Q")
        self._wholes = array("Q")
        self._lengths = array("q")
        self._sorted: _Table | None = None
        self._powers = _Powers()

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, text: str) -> int:
        """Its number, counted from 0. `text` is normalised. Raises ValueError when it is shorter than WINDOW."""
        if len(text) < WINDOW:
            raise ValueError(f"{len(text)} characters are fewer than {WINDOW}")
        sums = self._powers.sums(text)
        middle = np.array([(len(text) - WINDOW) // 2])
        self._anchors.append(int(self._powers.stretch(sums, middle, middle + WINDOW)[0]))
        self._wholes.append(int(self._powers.stretch(sums, np.array([0]), np.array([len(text)]))[0]))
        self._lengths.append(len(text))
        self._sorted = None
        return len(self) - 1

    def inside(self, text: str) -> Iterator[int]:
        """The numbers of the sought texts that `text` (normalised) holds or equals, each once, ascending."""
        if len(text) < WINDOW or not len(self):
            return
        table = self._table()
        sums = self._powers.sums(text)
        begins = np.arange(len(text) - WINDOW + 1)
        windows = self._powers.stretch(sums, begins, begins + WINDOW)
        first = np.searchsorted(table.anchors, windows, "left")  # (windows,) into the table
        last = np.searchsorted(table.anchors, windows, "right")
        found: set[int] = set()
        met = np.flatnonzero(last > first)  # where a window is some text's middle
        for places in np.split(met, range(_TOGETHER, len(met), _TOGETHER)):
            counts = last[places] - first[places]
            begins = np.repeat(first[places] - np.cumsum(counts) + counts, counts)
            rows = begins + np.arange(len(begins))  # (candidates,): each window's own stretch of the table
            starts = np.repeat(places, counts) - (table.lengths[rows] - WINDOW) // 2
            ends = starts + table.lengths[rows]
            fits = (starts >= 0) & (ends <= len(text))
            same = self._powers.stretch(sums, starts[fits], ends[fits]) == table.wholes[rows[fits]]
            found.update(np.unique(table.numbers[rows[fits][same]]).tolist())
        yield from sorted(found)

    def _table(self) -> _Table:
        if self._sorted is None:
            anchors = np.array(self._anchors, np.uint64)
            order = np.argsort(anchors, kind="stable")
            wholes, lengths = np.array(self._wholes, np.uint64), np.array(self._lengths, np.int64)
            self._sorted = _Table(anchors[order], wholes[order], lengths[order], order)
        return self._sorted


@dataclass(frozen=True, slots=True)
class _Table:
    """The sought texts by ascending anchor; all (texts,)."""

    anchors: Hashes
    wholes: Hashes
    lengths: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]


class _Powers:
    """B**i and B**-i mod 2**64, as far as the longest text so far needs them."""

    def __init__(self) -> None:
        self._up = np.ones(1, np.uint64)
        self._down = np.ones(1, np.uint64)

    def sums(self, text: str) -> Hashes:
        """(len(text) + 1,): S above."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        self._reach(len(codes))
        sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum((codes + np.uint64(1)) * _MIXED * self._up[: len(codes)], out=sums[1:])
        return sums

    def stretch(self, sums: Hashes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Hashes:
        """The hash of each text[start:end]."""
        hashes: Hashes = (sums[ends] - sums[starts]) * self._down[starts]
        return hashes

    def _reach(self, length: int) -> None:
        while len(self._up) <= length:
            count = np.uint64(pow(_BASE, len(self._up), 2**64)), np.uint64(pow(_INVERSE, len(self._down), 2**64))
            self._up = np.concatenate((self._up, self._up * count[0]))
            self._down = np.concatenate((self._down, self._down * count[1]))
