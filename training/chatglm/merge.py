"""Adds what an adapter has learnt to its ChatGLM3: a folder that `inkstone models import` converts.

    python -m training.chatglm.merge --base chatglm3-6b --adapter runs/qlora/adapter --out runs/qlora/merged
    inkstone models import runs/qlora/merged --compute-type int8

LoRA's change of a matrix is B·A·alpha/rank, IA³'s a factor for each row or column. Both are applied to a few rows at a
time, read from the base and written at once: 12.5 GB of weights need a few hundred MB of memory.

QLoRA learns above a base in 4 bits, yet its change is added to the 16-bit one here. Most of it stands for the task;
what makes up for the error of the 4-bit numbers is out of place above the exact ones, which do the rest better.
`--onto quantised` adds it to the numbers that it was trained above, the 4-bit error included: compare both where it
matters.
Without --adapter the base alone is written: a way from one layout to the other.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from training.chatglm import nf4
from training.chatglm.base import Base
from training.chatglm.methods import FACTS, METHODS
from training.chatglm.writing import write
from training.errors import TrainingError, ended_by

DTYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32}
_BEFORE = "base_model.model."  # peft's, in the names of an adapter's tensors

Change = Callable[[str, int, Tensor], Tensor]  # a tensor's name, the first of the rows, the rows: the changed rows


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--base", type=Path, required=True, help="the ChatGLM3 folder that the adapter was trained above"
    )
    parser.add_argument("--adapter", type=Path, help="the adapter's folder")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument("--layout", choices=("glm", "chatglm"), default="chatglm")
    parser.add_argument("--dtype", choices=("stored", *DTYPES), default="stored", help="of what is written")
    parser.add_argument("--onto", choices=("exact", "quantised"), default="exact", help="for QLoRA: which base")
    arguments = parser.parse_args(words)
    return ended_by(lambda: merge(arguments))


def merge(arguments: argparse.Namespace) -> int:
    base = Base(arguments.base)
    dtype = DTYPES.get(arguments.dtype) or base.dtype(base.names[0])
    change, facts = read_adapter(arguments.adapter, base) if arguments.adapter else (unchanged, {})
    exact = arguments.onto == "exact"

    def blocks(name: str) -> Iterator[Tensor]:
        for start, rows in base.blocks(name) if exact else quantised_blocks(base, name):
            yield change(name, start, rows)

    more = {"inkstone_prompt_version": facts["prompt_version"]} if "prompt_version" in facts else {}
    write(base, blocks, arguments.out, arguments.layout, dtype, **more)
    print(f"{arguments.out}: {arguments.layout} layout, {str(dtype).removeprefix('torch.')}")
    return 0


def unchanged(_name: str, _start: int, rows: Tensor) -> Tensor:
    return rows


def quantised_blocks(base: Base, name: str) -> Iterator[tuple[int, Tensor]]:
    """The rows as training sees them: of the layers' matrices, what is left of them after four bits."""
    if not name.startswith("model.layers.") or len(base.size(name)) == 1:
        yield from base.blocks(name)
        return
    numbers, meaning = nf4.quantised((rows for _, rows in base.blocks(name)), base.size(name), torch.float32, "cpu")
    yield 0, nf4.dequantised(numbers, meaning)


# --- the adapter -------------------------------------------------------------------------------------------------


def read_adapter(folder: Path, base: Base) -> tuple[Change, dict[str, Any]]:
    """What the adapter does to rows, and what its training wrote about itself.

    Raises TrainingError: no adapter, one that cannot become part of matrices, one of another shape.
    """
    try:
        config = json.loads((folder / "adapter_config.json").read_text("utf-8"))
        tensors = load_file(folder / "adapter_model.safetensors")
        facts = json.loads((folder / FACTS).read_text("utf-8")) if (folder / FACTS).exists() else {}
    except FileNotFoundError as error:
        raise TrainingError(f"{folder} holds no adapter: there is no {Path(error.filename).name} in it.") from error
    except (ValueError, SafetensorError) as error:
        raise TrainingError(f"The adapter in {folder} is damaged: {error}.", 3) from error
    kind = config.get("peft_type")
    if facts.get("method") in METHODS and not METHODS[facts["method"]].merges:
        method = METHODS[facts["method"]]
        raise TrainingError(f"{method.title} cannot be merged: {method.why}.")
    if kind not in ("LORA", "IA3"):
        raise TrainingError(f"An adapter of the kind {kind} cannot be merged; LORA and IA3 can.")
    if odd := [key for key in _UNKNOWN if config.get(key)]:
        raise TrainingError(f"The adapter in {folder} has {odd[0]} {config[odd[0]]!r}, which merging does not know.")
    named = {name.removeprefix(_BEFORE): value for name, value in tensors.items()}
    return (_lora if kind == "LORA" else _ia3)(folder, config, named, base), facts


_UNKNOWN = (  # of peft's LoRA: variants that compute something else
    "use_dora",
    "use_rslora",
    "fan_in_fan_out",
    "rank_pattern",
    "alpha_pattern",
    "lora_bias",
    "modules_to_save",
    "layer_replication",
    "target_parameters",
)


@dataclass(frozen=True, slots=True)
class _LowRank:
    down: Tensor  # A: (rank, columns)
    up: Tensor  # B: (rows, rank), scaled


def _lora(folder: Path, config: dict[str, Any], tensors: dict[str, Tensor], base: Base) -> Change:
    scale = config["lora_alpha"] / config["r"]
    changes: dict[str, _LowRank] = {}
    for name in sorted(tensors):
        module, _, end = name.rpartition(".lora_")
        if end == "A.weight":
            up = tensors.pop(f"{module}.lora_B.weight", torch.empty(0, 0)).float() * scale
            changes[f"{module}.weight"] = _LowRank(tensors.pop(name).float(), up)
    _check_names(folder, [*tensors, *(name for name in changes if name not in base.names)])
    for name, change in changes.items():
        _check_shape(folder, name, (len(change.up), *change.down.shape[1:]), base.size(name))

    def changed(name: str, start: int, rows: Tensor) -> Tensor:
        if name not in changes:
            return rows
        return rows.float() + changes[name].up[start : start + len(rows)] @ changes[name].down

    return changed


def _ia3(folder: Path, config: dict[str, Any], tensors: dict[str, Tensor], base: Base) -> Change:
    columns: dict[str, Tensor] = {}  # (columns,): factors of what goes in
    factors: dict[str, Tensor] = {}  # (rows,): factors of what comes out, the bias included
    for name, value in tensors.items():
        module, _, _ = name.rpartition(".ia3_")
        if any(module.endswith(each) for each in config.get("feedforward_modules") or ()):
            columns[f"{module}.weight"] = value.float().flatten()
        else:
            factors[f"{module}.weight"] = factors[f"{module}.bias"] = value.float().flatten()
    weights = [name for name in (*columns, *factors) if name.endswith(".weight")]
    _check_names(folder, [name for name in weights if name not in base.names])
    for name in weights:
        wanted = base.size(name)[1 if name in columns else 0]
        _check_shape(folder, name, (columns | factors)[name].shape, (wanted,))

    def changed(name: str, start: int, rows: Tensor) -> Tensor:
        if name in columns:
            return rows.float() * columns[name]
        if name in factors:
            own = factors[name][start : start + len(rows)]
            return rows.float() * (own if rows.ndim == 1 else own[:, None])
        return rows

    return changed


def _check_names(folder: Path, foreign: Sequence[str]) -> None:
    if foreign:
        raise TrainingError(f"The adapter in {folder} belongs to another model: this one has no {foreign[0]}.")


def _check_shape(folder: Path, name: str, found: Sequence[int], wanted: Sequence[int]) -> None:
    if tuple(found) != tuple(wanted):
        raise TrainingError(
            f"The adapter in {folder} belongs to another model: its {name} is {tuple(found)}, not {tuple(wanted)}."
        )


if __name__ == "__main__":
    sys.exit(main())
