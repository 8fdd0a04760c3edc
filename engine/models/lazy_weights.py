"""The weights of a checkpoint as CTranslate2's spec takes them, read and converted only when they are saved.

Saving asks each weight, one after the other, for dtype, shape, num_bytes() and to_bytes(): no more than one of them is
in memory at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import BrokenInstallation
from engine.models import checkpoints, weights
from engine.models.chatglm import Shape
from engine.models.checkpoints import Tensor
from engine.models.flaws import refused
from engine.models.quantising import STORED, is_finite, to_float, to_float32, to_int8
from engine.models.weights import Weight

Tell = Callable[[int, int], None]  # bytes done, bytes in all

_BLOCK_VALUES = 1 << 20  # taken through float32 at once: 4 MB for each thread


@dataclass(frozen=True, slots=True)
class Matched:
    """A checkpoint that holds every weight of its shape, in that shape."""

    folder: Path
    places: weights.Places
    tensors: dict[str, Tensor]


def match(folder: Path, shape: Shape) -> Matched:
    tensors, places = checkpoints.tensors(folder), weights.places(shape)
    wanted = {rows.name: rows.shape for rows in weights.every(places)}
    for name in tensors.keys() - wanted.keys():
        if not weights.is_spare(name, shape):
            raise weights.foreign(name).of(folder)
    for name, size in wanted.items():
        if name not in tensors:
            raise refused(folder, "missing_tensor", name=name)
        entry = tensors[name].entry
        if entry.shape != size:
            raise refused(folder, "wrong_shape", name=name, shape=entry.shape, wanted=size)
        if entry.dtype not in checkpoints.READABLE:
            raise refused(folder, "unreadable_type", name=name, dtype=entry.dtype)
    return Matched(folder, places, tensors)


@dataclass(frozen=True, slots=True)
class _Block:
    tensor: Tensor
    start: int  # rows in the tensor
    stop: int
    at: int  # its first row in the weight


class Writer:
    """Reads, checks and converts weights, several blocks at once, and counts."""

    def __init__(self, source: Matched, dtypes: tuple[str, str], pool: ThreadPoolExecutor, tell: Tell) -> None:
        self.source = source
        self.matrix_dtype, self.vector_dtype = dtypes
        self.total_bytes = 0
        self._done_bytes = 0
        self._pool = pool
        self._tell = tell

    def run(self, weight: Weight, work: Callable[[_Block], None]) -> None:
        # consumed to the end, so that the first failure of a block is raised here
        for _ in self._pool.map(work, self._blocks(weight)):
            pass

    def wrote(self, size_bytes: int) -> None:
        self._done_bytes += size_bytes
        self._tell(self._done_bytes, self.total_bytes)

    def not_finite(self, block: _Block) -> BrokenInstallation:
        tensor = block.tensor
        return refused(self.source.folder, "not_finite", name=tensor.entry.name, file=tensor.path.name)

    def too_large(self, block: _Block, dtype: str) -> BrokenInstallation:
        return refused(self.source.folder, "too_large_values", name=block.tensor.entry.name, dtype=dtype)

    def _blocks(self, weight: Weight) -> Iterator[_Block]:
        at = 0
        for rows in weight:
            step = max(1, _BLOCK_VALUES // math.prod(rows.shape[1:]))
            for start in range(rows.start, rows.stop, step):
                stop = min(start + step, rows.stop)
                yield _Block(self.source.tensors[rows.name], start, stop, at)
                at += stop - start


class Floats:
    """A weight in float32, float16 or bfloat16."""

    def __init__(self, writer: Writer, weight: Weight, dtype: str) -> None:
        self.dtype = dtype
        self.shape = weights.size(weight)
        self._writer = writer
        self._weight = weight
        writer.total_bytes += self.num_bytes()

    def is_scalar(self) -> bool:
        return False

    def num_bytes(self) -> int:
        return math.prod(self.shape) * np.dtype(STORED[self.dtype]).itemsize

    def to_bytes(self) -> memoryview:
        values: npt.NDArray[Any] = np.empty(self.shape, STORED[self.dtype])

        def work(block: _Block) -> None:
            values[block.at : block.at + block.stop - block.start] = self._converted(block)

        self._writer.run(self._weight, work)
        self._writer.wrote(self.num_bytes())
        return values.data

    def _converted(self, block: _Block) -> npt.NDArray[Any]:
        stored = block.tensor.rows(block.start, block.stop)
        if not is_finite(stored):
            raise self._writer.not_finite(block)
        values = to_float(stored, self.dtype)
        if not is_finite(values):
            raise self._writer.too_large(block, self.dtype)
        return values


class Quantised:
    """A matrix in int8. Its scales come with it: CTranslate2 saves names in order, `weight` before `weight_scale`."""

    dtype = "int8"

    def __init__(self, writer: Writer, weight: Weight) -> None:
        self.shape = weights.size(weight)
        self.scale = _Scale(self.shape[0])
        self._writer = writer
        self._weight = weight
        writer.total_bytes += self.num_bytes() + self.scale.num_bytes()

    def is_scalar(self) -> bool:
        return False

    def num_bytes(self) -> int:
        return math.prod(self.shape)

    def to_bytes(self) -> memoryview:
        values = np.empty(self.shape, np.int8)
        scales = np.empty(self.shape[0], np.float32)

        def work(block: _Block) -> None:
            rows = slice(block.at, block.at + block.stop - block.start)
            values[rows], scales[rows] = to_int8(to_float32(block.tensor.rows(block.start, block.stop)))
            if not np.isfinite(scales[rows]).all():
                raise self._writer.not_finite(block)

        self._writer.run(self._weight, work)
        self.scale.values = scales
        self._writer.wrote(self.num_bytes() + self.scale.num_bytes())
        return values.data


class _Scale:
    """The factors of a quantised matrix, one for each row; known once the matrix was saved."""

    dtype = "float32"

    def __init__(self, rows: int) -> None:
        self.shape = (rows,)
        self.values: npt.NDArray[np.float32] | None = None

    def is_scalar(self) -> bool:
        return False

    def num_bytes(self) -> int:
        return 4 * self.shape[0]

    def to_bytes(self) -> memoryview:
        assert self.values is not None
        return self.values.data
