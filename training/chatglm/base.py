"""A ChatGLM3 folder, of the hub's layout or transformers', read without torch's loaders: some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.errors import EngineError
from engine.models import chatglm, lazy_weights, weights
from engine.texts import say_error
from training.chatglm.layout import glm_weights
from training.errors import TrainingError

_DTYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32}
_BLOCK_VALUES = 1 << 22  # 16 MB in float32
_ROWS_TOGETHER = 64  # blocks begin at a multiple: 4-bit blocks of 64 values then never lie across two of ours


class Base:
    """The weights of a ChatGLM3, by GLM's names. Nothing is read before it is asked for."""

    def __init__(self, folder: Path) -> None:
        """Raises TrainingError when the folder holds no ChatGLM3, or not all of it."""
        self.folder = folder
        try:
            self.shape = chatglm.read(folder)
            self._tensors = lazy_weights.match(folder, self.shape).tensors
        except EngineError as error:
            raise TrainingError(say_error(error, "en"), 3) from error
        self._weights = glm_weights(self.shape)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._weights)

    def size(self, name: str) -> tuple[int, ...]:
        """The shape of the tensor."""
        return weights.size(self._weights[name])

    def dtype(self, name: str) -> torch.dtype:
        """As it is stored."""
        return _DTYPES[self._tensors[self._weights[name][0].name].entry.dtype]

    def rows(self, name: str, start: int, stop: int) -> Tensor:
        """(stop - start, ...) as stored. Raises TrainingError when the file does not give them."""
        parts, at = [], 0
        for rows in self._weights[name]:
            first, last = max(start - at, 0), min(stop - at, rows.stop - rows.start)
            if first < last:
                parts.append(self._stored(rows.name, rows.start + first, rows.start + last))
            at += rows.stop - rows.start
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def blocks(self, name: str) -> Iterator[tuple[int, Tensor]]:
        """All rows in order, some at a time: the number of the first, and they as stored."""
        size = self.size(name)
        step = max(1, _BLOCK_VALUES // prod(size[1:]) // _ROWS_TOGETHER) * _ROWS_TOGETHER
        for start in range(0, size[0], step):
            yield start, self.rows(name, start, min(start + step, size[0]))

    def tensor(self, name: str, dtype: torch.dtype, device: str | torch.device = "cpu") -> Tensor:
        """The whole tensor in `dtype`; never a second time in the stored one."""
        values = torch.empty(self.size(name), dtype=dtype, device=device)
        for start, block in self.blocks(name):
            values[start : start + len(block)] = block.to(device)
        return values

    def _stored(self, name: str, start: int, stop: int) -> Tensor:
        try:
            values = self._tensors[name].rows(start, stop)
        except EngineError as error:
            raise TrainingError(say_error(error, "en"), 3) from error
        if values.dtype == np.uint16:  # bfloat16, which numpy lacks
            return torch.from_numpy(values.view(np.int16)).view(torch.bfloat16)
        return torch.from_numpy(values)
