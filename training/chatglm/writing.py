"""Writes a ChatGLM3 folder in the hub's layout or in transformers', a few rows at a time: config, tokenizer, weights.

safetensors' own writer wants all tensors of a file in memory; here a file's header is written first, for which names,
types and shapes are enough, and then each block of rows as it comes (https://huggingface.co/docs/safetensors).
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from engine.errors import EngineError
from engine.models.arriving import arriving
from engine.texts import say_error
from training.chatglm.base import Base
from training.chatglm.layout import chatglm_config, glm_config, joined
from training.errors import TrainingError
from training.progress import Progress

Layout = Literal["chatglm", "glm"]
Blocks = Callable[[str], Iterator[Tensor]]  # a tensor of GLM's by its name: its rows, some at a time

SHARD_BYTES = 2 * 10**9
_STORED = {torch.float16: "F16", torch.bfloat16: "BF16", torch.float32: "F32"}
_KEPT = (  # beside the weights and config.json; code is none of it
    "tokenizer.model",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "generation_config.json",
    "MODEL_LICENSE",
    "LICENSE",
)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A tensor to write: the tensors of GLM's that it is made of, row under row."""

    name: str
    parts: tuple[str, ...]
    shape: tuple[int, ...]
    size_bytes: int


def write(base: Base, blocks: Blocks, folder: Path, layout: Layout, dtype: torch.dtype, **more: object) -> None:
    """Writes `folder`, which is not there yet, in the shape of `base`; it appears when it is whole.

    `more` goes into config.json. Raises TrainingError when it exists or cannot be written.
    """
    if folder.exists():
        raise TrainingError(f"{folder} exists already: choose another --out.")
    planned = [*_planned(base, layout, dtype)]
    total = sum(tensor.size_bytes for tensor in planned)
    _check_room(folder, total)
    try:
        with arriving(folder) as temporary, Progress(total >> 20, "Writing (MB)") as progress:
            _write_shards(temporary, planned, blocks, dtype, total, progress)
            config = _config(base, layout, dtype) | more
            (temporary / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
            for name in _KEPT:
                if (base.folder / name).is_file():
                    shutil.copyfile(base.folder / name, temporary / name)
    except EngineError as error:
        raise TrainingError(say_error(error, "en"), 3) from error


# --- what is written ---------------------------------------------------------------------------------------------


def _planned(base: Base, layout: Layout, dtype: torch.dtype) -> Iterator[_Planned]:
    shape = base.shape
    names: Any = joined(shape.layers, qkv_bias=shape.qkv_bias, tied=shape.tied)
    if layout == "glm":
        names = ((name, (name,)) for name in base.names)
    for name, parts in names:
        sizes = [base.size(part) for part in parts]
        size = (sum(size[0] for size in sizes), *sizes[0][1:])
        yield _Planned(name, parts, size, prod(size) * dtype.itemsize)


def _config(base: Base, layout: Layout, dtype: torch.dtype) -> dict[str, Any]:
    """That of the base where it has this layout, less what is about code: else one made from its shape."""
    name = str(dtype).removeprefix("torch.")
    if layout == base.shape.layout:
        known: dict[str, Any] = json.loads((base.folder / "config.json").read_text("utf-8"))
        known.pop("auto_map", None)  # names of files with code, which is not copied
        return known | {"torch_dtype": name}
    config = glm_config(base.shape)
    if layout == "chatglm":
        return chatglm_config(config, base.shape.max_tokens, torch_dtype=name)
    return config.to_dict() | {"architectures": ["GlmForCausalLM"], "torch_dtype": name}


def _check_room(folder: Path, size_bytes: int) -> None:
    there = next(parent for parent in folder.absolute().parents if parent.exists())
    free = shutil.disk_usage(there).free
    if free < size_bytes:
        needed, left = f"{size_bytes / 1e9:.1f} GB", f"{free / 1e9:.1f} GB"
        raise TrainingError(f"{folder} needs {needed}, but only {left} of the disk are free.", 3)


# --- weights -----------------------------------------------------------------------------------------------------


def _write_shards(
    folder: Path, planned: Sequence[_Planned], blocks: Blocks, dtype: torch.dtype, total: int, progress: Progress
) -> None:
    shards = _sharded(planned)
    names = ["model.safetensors"]
    if len(shards) > 1:
        names = [f"model-{number + 1:05}-of-{len(shards):05}.safetensors" for number in range(len(shards))]
        places = {tensor.name: name for name, shard in zip(names, shards, strict=True) for tensor in shard}
        index = {"metadata": {"total_size": total}, "weight_map": places}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n", "utf-8")
    for name, shard in zip(names, shards, strict=True):
        _write_shard(folder / name, shard, blocks, dtype, progress)


def _sharded(planned: Sequence[_Planned]) -> list[list[_Planned]]:
    shards: list[list[_Planned]] = [[]]
    for tensor in planned:
        if shards[-1] and sum(each.size_bytes for each in shards[-1]) + tensor.size_bytes > SHARD_BYTES:
            shards.append([])
        shards[-1].append(tensor)
    return shards


def _write_shard(
    path: Path, tensors: Sequence[_Planned], blocks: Blocks, dtype: torch.dtype, progress: Progress
) -> None:
    with path.open("wb") as file:
        file.write(_header(tensors, dtype))
        written = 0
        for tensor in tensors:
            for part in tensor.parts:
                for block in blocks(part):
                    stored = block.to(dtype).contiguous().view(torch.uint8).numpy()
                    file.write(stored.data)
                    before, written = written >> 20, written + stored.nbytes
                    progress.step((written >> 20) - before)


def _header(tensors: Sequence[_Planned], dtype: torch.dtype) -> bytes:
    entries: dict[str, object] = {"__metadata__": {"format": "pt"}}
    at = 0
    for tensor in tensors:
        end = at + tensor.size_bytes
        entries[tensor.name] = {"dtype": _STORED[dtype], "shape": tensor.shape, "data_offsets": [at, end]}
        at = end
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text
