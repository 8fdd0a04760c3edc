"""The lines of JSON files by number, read when they are asked for: the data may be larger than memory."""

from __future__ import annotations

import io
import json
import mmap
import shutil
import tempfile
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self

import zstandard

from training.errors import TrainingError


class Lines:
    """All lines of `paths` that are not blank; a `.zst` is unpacked into a nameless file below `scratch`.

    In memory are 24 bytes for each line. Raises TrainingError for a file that is missing, empty or cannot be unpacked.
    """

    def __init__(self, paths: Sequence[Path], scratch: Path | None = None) -> None:
        self._paths = tuple(paths)
        self._files = [_mapped(path, scratch) for path in paths]
        self._starts = array("q")  # byte in its file
        self._numbers = array("q")  # of the line in its file, from 1
        self._of = array("q")  # which file
        for number in range(len(self._files)):
            before = len(self)
            self._index(number)
            if len(self) == before:
                raise TrainingError(f"{paths[number]} is empty.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, row: int) -> dict[str, Any]:
        """Raises TrainingError, with the file and the line, for what is no JSON object."""
        file, start = self._files[self._of[row]], self._starts[row]
        end = file.find(b"\n", start)
        try:
            value = json.loads(file[start : end if end >= 0 else len(file)])
        except ValueError as error:
            raise self.broken(row, f"it is no JSON ({error})") from error
        if not isinstance(value, dict):
            raise self.broken(row, "it is no JSON object")
        return value

    def broken(self, row: int, why: str) -> TrainingError:
        return TrainingError(f"{self._paths[self._of[row]]}, line {self._numbers[row]}: {why}.")

    def _index(self, file: int) -> None:
        start = 0
        for number, line in enumerate(iter(self._files[file].readline, b""), start=1):
            if line.strip():
                self._starts.append(start)
                self._numbers.append(number)
                self._of.append(file)
            start += len(line)


def _mapped(path: Path, scratch: Path | None) -> mmap.mmap:
    if not path.is_file():
        raise TrainingError(f"There is no file {path}.")
    with tempfile.TemporaryFile(dir=scratch) if path.suffix == ".zst" else path.open("rb") as file:
        if path.suffix == ".zst":
            _unpack(path, file)
        if not file.seek(0, io.SEEK_END):
            raise TrainingError(f"{path} is empty.")
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # holds the file, also when it has no name


def _unpack(path: Path, out: IO[bytes]) -> None:
    try:
        with zstandard.open(path, "rb") as packed:
            shutil.copyfileobj(packed, out, 1 << 20)
    except zstandard.ZstdError as error:
        raise TrainingError(f"{path} cannot be unpacked: {error}.") from error
    out.flush()
