"""Windows of a token file, in the order in which they are learnt: read from the disk when they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.errors import TrainingError


class Windows:
    """Stretches of `length` tokens and the one behind them; each epoch cuts the file at other places."""

    def __init__(self, path: Path, length: int) -> None:
        """Raises TrainingError for a file that is missing, or shorter than two windows."""
        size = path.stat().st_size // 2 if path.is_file() else 0
        if not size:
            raise TrainingError(f"There is no {path}: training.generator.tokens writes it.")
        self._ids = np.memmap(path, np.uint16, "r", shape=(size,))
        self._length = length
        self._count = (size - length) // length  # wherever the first begins
        if self._count < 1:
            raise TrainingError(f"{path} has {size} tokens, too few for windows of {length}.")

    def __len__(self) -> int:
        return self._count

    @property
    def tokens(self) -> int:
        return len(self._ids)

    def read(self, numbers: Sequence[int] | npt.NDArray[np.int64], offset: int = 0) -> npt.NDArray[np.int64]:
        """(windows, length + 1): those of these numbers, when the first begins at `offset` below `length`."""
        starts = offset + np.asarray(numbers, np.int64)[:, None] * self._length
        found: npt.NDArray[np.int64] = self._ids[starts + np.arange(self._length + 1)].astype(np.int64)
        return found

    def step(self, number: int, batch: int, seed: int) -> npt.NDArray[np.int64]:
        """(batch, length + 1): what step `number` learns from, in any process and however often it was resumed.

        An epoch is the windows once, in an order of its own; what does not fill its last batch is passed over.
        """
        in_epoch = self._count // batch
        if not in_epoch:
            raise TrainingError(f"The {self._count} windows make no batch of {batch}.")
        epoch, place = divmod(number, in_epoch)
        choose = np.random.default_rng((seed, epoch))
        offset = int(choose.integers(self._length))
        order = choose.permutation(self._count)
        return self.read(order[place * batch : (place + 1) * batch], offset)
