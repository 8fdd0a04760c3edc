"""Models of ChatGLM3's shape with random weights, for measuring: they write rubbish at the real speed.

    python -m tests.benchmarks.random_models chatglm3 FOLDER --hub HUB [--layers 28]
    python -m tests.benchmarks.random_models glm FOLDER --hub HUB [--layers 28]

HUB is a folder that has ChatGLM3's own `config.json` and `tokenizer.model`. `chatglm3` writes float16 in the hub's
layout, `glm` bfloat16 in that of transformers' GlmForCausalLM; 28 layers are 12.5 GB. Weights are written tensor by
tensor, as windows of one block of random numbers: 64 MB of memory are enough.
"""

from __future__ import annotations

import argparse
import json
import shutil
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

POOL = 33_554_393  # random numbers that all weights are cut from; a prime: no two rows of a matrix are alike
SHARD_BYTES = 2 * 10**9
SCALE = 0.02  # of the weights: what models of this kind begin their training with

Tensor = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the shapes of all tensors follow from."""

    layers: int
    hidden: int
    ffn: int
    heads: int
    groups: int
    head: int  # numbers in one head
    vocabulary: int

    @classmethod
    def of(cls, config: dict[str, Any], layers: int) -> Sizes:
        """Reads the hub's config.json."""
        return cls(
            layers,
            config["hidden_size"],
            config["ffn_hidden_size"],
            config["num_attention_heads"],
            config["multi_query_group_num"],
            config["kv_channels"],
            config["padded_vocab_size"],
        )

    @property
    def queries(self) -> int:
        return self.heads * self.head

    @property
    def keys(self) -> int:
        return self.groups * self.head


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layout", choices=["chatglm3", "glm"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hub", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=28)
    chosen = parser.parse_args()
    make = make_chatglm3 if chosen.layout == "chatglm3" else make_glm
    make(chosen.folder, chosen.hub, chosen.layers)


def make_chatglm3(folder: Path, hub: Path, layers: int = 28) -> None:
    """Writes sharded float16 safetensors under the hub's names, `config.json` and `tokenizer.model`."""
    config = json.loads((hub / "config.json").read_text("utf-8")) | {"num_layers": layers}
    folder.mkdir(parents=True)
    pool = np.random.default_rng(0).standard_normal(POOL, np.float32) * SCALE
    _write_shards(folder, chatglm3_tensors(Sizes.of(config, layers)), pool.astype(np.float16), "F16", 0x3C00)
    (folder / "config.json").write_text(json.dumps(config, indent=2), "utf-8")
    shutil.copyfile(hub / "tokenizer.model", folder / "tokenizer.model")


def make_glm(folder: Path, hub: Path, layers: int = 28) -> None:
    """Writes sharded bfloat16 safetensors under GlmForCausalLM's names, and its `config.json`."""
    hub_config = json.loads((hub / "config.json").read_text("utf-8"))
    sizes = Sizes.of(hub_config, layers)
    folder.mkdir(parents=True)
    pool = np.random.default_rng(0).standard_normal(POOL, np.float32) * SCALE
    halves = (pool.view(np.uint32) >> 16).astype(np.uint16)  # bfloat16: the upper half of a float32
    _write_shards(folder, glm_tensors(sizes), halves, "BF16", 0x3F80)
    (folder / "config.json").write_text(json.dumps(_glm_config(sizes, hub_config), indent=2), "utf-8")
    shutil.copyfile(hub / "tokenizer.model", folder / "tokenizer.model")


def chatglm3_tensors(sizes: Sizes) -> Iterator[Tensor]:
    fused = sizes.queries + 2 * sizes.keys
    yield "transformer.embedding.word_embeddings.weight", (sizes.vocabulary, sizes.hidden)
    for i in range(sizes.layers):
        layer = f"transformer.encoder.layers.{i}."
        yield layer + "input_layernorm.weight", (sizes.hidden,)
        yield layer + "self_attention.query_key_value.weight", (fused, sizes.hidden)
        yield layer + "self_attention.query_key_value.bias", (fused,)
        yield layer + "self_attention.dense.weight", (sizes.hidden, sizes.queries)
        yield layer + "post_attention_layernorm.weight", (sizes.hidden,)
        yield layer + "mlp.dense_h_to_4h.weight", (2 * sizes.ffn, sizes.hidden)
        yield layer + "mlp.dense_4h_to_h.weight", (sizes.hidden, sizes.ffn)
    yield "transformer.encoder.final_layernorm.weight", (sizes.hidden,)
    yield "transformer.output_layer.weight", (sizes.vocabulary, sizes.hidden)


def glm_tensors(sizes: Sizes) -> Iterator[Tensor]:
    yield "model.embed_tokens.weight", (sizes.vocabulary, sizes.hidden)
    for i in range(sizes.layers):
        layer = f"model.layers.{i}."
        yield layer + "input_layernorm.weight", (sizes.hidden,)
        for name, rows in (("q", sizes.queries), ("k", sizes.keys), ("v", sizes.keys)):
            yield layer + f"self_attn.{name}_proj.weight", (rows, sizes.hidden)
            yield layer + f"self_attn.{name}_proj.bias", (rows,)
        yield layer + "self_attn.o_proj.weight", (sizes.hidden, sizes.queries)
        yield layer + "post_attention_layernorm.weight", (sizes.hidden,)
        yield layer + "mlp.gate_up_proj.weight", (2 * sizes.ffn, sizes.hidden)
        yield layer + "mlp.down_proj.weight", (sizes.hidden, sizes.ffn)
    yield "model.norm.weight", (sizes.hidden,)
    yield "lm_head.weight", (sizes.vocabulary, sizes.hidden)


def _glm_config(sizes: Sizes, hub: dict[str, Any]) -> dict[str, Any]:
    return {
        "architectures": ["GlmForCausalLM"],
        "model_type": "glm",
        "vocab_size": sizes.vocabulary,
        "hidden_size": sizes.hidden,
        "intermediate_size": sizes.ffn,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "num_key_value_heads": sizes.groups,
        "head_dim": sizes.head,
        "partial_rotary_factor": 0.5,
        "rope_theta": 10000.0 * hub.get("rope_ratio", 1),
        "rms_norm_eps": hub["layernorm_epsilon"],
        "max_position_embeddings": hub["seq_length"],
        "attention_bias": True,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "pad_token_id": 0,
        "eos_token_id": 2,
        "torch_dtype": "bfloat16",
    }


def _write_shards(folder: Path, tensors: Iterable[Tensor], pool: np.ndarray, kind: str, one: int) -> None:
    """`pool` holds 16-bit numbers; `one` is the bits of 1.0, which norms are filled with."""
    shards = list(_split(tensors))
    weight_map = {}
    for number, shard in enumerate(shards, 1):
        name = f"model-{number:05}-of-{len(shards):05}.safetensors"
        weight_map |= dict.fromkeys((tensor for tensor, _ in shard), name)
        _write_shard(folder / name, shard, pool.view(np.uint16), kind, one)
    total = sum(2 * prod(shape) for shard in shards for _, shape in shard)
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2), "utf-8")


def _split(tensors: Iterable[Tensor]) -> Iterator[list[Tensor]]:
    shard: list[Tensor] = []
    size = 0
    for tensor in tensors:
        if shard and size + 2 * prod(tensor[1]) > SHARD_BYTES:
            yield shard
            shard, size = [], 0
        shard.append(tensor)
        size += 2 * prod(tensor[1])
    yield shard


def _write_shard(path: Path, shard: list[Tensor], pool: np.ndarray, kind: str, one: int) -> None:
    """The safetensors format: the header's length, the header in JSON, then the numbers of each tensor."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in shard:
        start, end = end, end + 2 * prod(shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shard:
            for part in cut_from(pool, prod(shape), name):
                stream.write(memoryview(np.full(part.size, one, np.uint16) if "norm" in name else part))


def cut_from(pool: np.ndarray, count: int, name: str) -> Iterator[np.ndarray]:
    """`count` items from a place in `pool` that follows from `name`, going round at its end."""
    at = int.from_bytes(name.encode()[-16:], "little") * 2654435761 % len(pool)
    while count:
        part = pool[at : at + count]
        yield part
        count -= len(part)
        at = 0


if __name__ == "__main__":
    main()
