"""The lines of JSON files by number, read when they are asked for: the data may be larger than memory."""

from __future__ import annotations

import json
import shutil
import tempfile
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

import zstandard

from training.errors import TrainingError


class Lines:
    """All lines of `paths` that are not blank; a `.zst` is unpacked into a nameless file below `scratch`.

    In memory are 16 bytes for each line. Raises TrainingError for a file that is missing, empty or cannot be unpacked.
    """

    def __init__(self, paths: Sequence[Path], scratch: Path | None = None) -> None:
        self._paths = tuple(paths)
        self._files = [_opened(path, scratch) for path in paths]
        self._starts = array("q")  # byte in its file
        self._numbers = array("q")  # of the line in its file, from 1
        self._firsts = array("q")  # of each file, among all lines
        for path, file in zip(self._paths, self._files, strict=True):
            self._firsts.append(len(self))
            self._index(file)
            if len(self) == self._firsts[-1]:
                raise TrainingError(f"{path} is empty.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, row: int) -> dict[str, Any]:
        """Raises TrainingError, with the file and the line, for what is no JSON object."""
        file = self._files[self._file_of(row)]
        file.seek(self._starts[row])
        try:
            value = json.loads(file.readline())
        except ValueError as error:
            raise self.broken(row, f"it is no JSON ({error})") from error
        if not isinstance(value, dict):
            raise self.broken(row, "it is no JSON object")
        return value

    def broken(self, row: int, why: str) -> TrainingError:
        return TrainingError(f"{self._paths[self._file_of(row)]}, line {self._numbers[row]}: {why}.")

    def _file_of(self, row: int) -> int:
        return next(number for number in reversed(range(len(self._files))) if self._firsts[number] <= row)

    def _index(self, file: BinaryIO) -> None:
        start = 0
        for number, line in enumerate(file, start=1):
            if line.strip():
                self._starts.append(start)
                self._numbers.append(number)
            start += len(line)


def _opened(path: Path, scratch: Path | None) -> BinaryIO:
    if not path.is_file():
        raise TrainingError(f"There is no file {path}.")
    if path.suffix != ".zst":
        return path.open("rb")  # open as long as the lines are wanted, as the other
    unpacked = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115
    try:
        with zstandard.open(path, "rb") as packed:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
    except zstandard.ZstdError as error:
        raise TrainingError(f"{path} cannot be unpacked: {error}.") from error
    unpacked.seek(0)
    return unpacked
