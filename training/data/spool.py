"""Texts on disk, by number: what was read once and is wanted again, in any order, while memory stays free."""

from __future__ import annotations

import json
from array import array
from pathlib import Path
from types import TracebackType
from typing import Any


class Spool:
    """Any number of JSON values in one file that only grows. In memory are 8 bytes for each."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._starts = array("q", [0])

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def append(self, value: Any) -> int:
        """The value's number, counted from 0. Values come back as JSON gives them: a tuple as a list."""
        line = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
        self._file.seek(self._starts[-1])
        self._file.write(line)
        self._starts.append(self._starts[-1] + len(line))
        return len(self) - 1

    def __getitem__(self, number: int) -> Any:
        """Raises IndexError, so that the values can be looped over."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        return json.loads(self._file.read(end - start))
