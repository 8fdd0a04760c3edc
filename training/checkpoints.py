"""The latest checkpoint of a run: on the disk whole or not at all, and continued only by a run of the same settings."""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import torch
from torch import Tensor

from training.errors import TrainingError

FILE = "state.pt"


def save(folder: Path, state: Mapping[str, Any], settings: Mapping[str, object]) -> None:
    """Replaces the checkpoint in `folder`. `state`: tensors, numbers, strings, and lists and dicts of them.

    Raises OSError, after which the earlier checkpoint is still there as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{FILE}.new"
    try:
        with temporary.open("wb") as file:
            stream = _Watched(file, temporary)
            try:
                torch.save({"settings": dict(settings), "state": dict(state)}, stream)
            except RuntimeError as error:  # torch says only that a write failed, not why
                raise stream.failure or error from error
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / FILE)
    finally:
        temporary.unlink(missing_ok=True)


def load(folder: Path, settings: Mapping[str, object], device: str | torch.device = "cpu") -> dict[str, Any] | None:
    """What `save` was given, or None when nothing was saved yet.

    Raises TrainingError when it is damaged, or was saved by a run with other settings: it names the first of them.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        saved = torch.load(path, map_location=device, weights_only=True)
        earlier, state = saved["settings"], saved["state"]
    except (RuntimeError, EOFError, LookupError, TypeError, ValueError, pickle.UnpicklingError) as error:
        raise TrainingError(f"{path} is damaged and cannot be continued; delete it to begin again.", 3) from error
    for key in sorted(earlier.keys() | settings.keys()):
        if earlier.get(key) != settings.get(key):
            raise TrainingError(
                f"{path} was saved with {key} {earlier.get(key)!r}, but this run has {settings.get(key)!r}: "
                "start it as before, or choose another --out."
            )
    return dict(state)


def check_shapes(path: Path, saved: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> None:
    """Raises TrainingError unless the saved tensors have the names and shapes of the model's own."""
    for name in sorted(saved.keys() ^ own.keys()):
        where = "the model lacks" if name in saved else "it lacks"
        raise TrainingError(f"{path} belongs to another model: {where} {name}.")
    for name, value in own.items():
        if saved[name].shape != value.shape:
            shapes = f"{tuple(saved[name].shape)} instead of {tuple(value.shape)}"
            raise TrainingError(f"{path} belongs to another model: {name} has the shape {shapes}.")


class _Watched:
    """A file that remembers why a write failed."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self.failure: OSError | None = None
        self._file = file
        self._path = path

    def write(self, data: Any) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = OSError(error.errno, error.strerror, str(self._path))
            raise self.failure from error

    def flush(self) -> None:
        self._file.flush()
