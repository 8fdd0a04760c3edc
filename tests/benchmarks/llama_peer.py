"""llama.cpp's side of `generating`: random weights of ChatGLM3's shape in its own format, and its speed with them.

    PYTHON tests/benchmarks/llama_peer.py make FILE.gguf --kind q8_0 --hub HUB [--layers 28]
    PYTHON tests/benchmarks/llama_peer.py measure FILE.gguf [--fixed 60] [--passages 910] [--question 30] [--new 32]

PYTHON is one that has `llama-cpp-python`, `gguf` and numpy; nothing of this project is imported. HUB is a folder with
ChatGLM3's `config.json`. The blocks are what llama.cpp's own quantising makes of normal random weights; as there, a
4-bit file keeps its output matrix in 6 bits. Ids are measured, no text: the file has no tokenizer.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

POOL_BLOCKS = 1_000_003  # random blocks that all weights are cut from
SCALE = 0.02  # of the weights

Q8_0 = np.dtype([("d", np.float16), ("qs", np.int8, 32)])  # 32 weights are d * qs
Q4_0 = np.dtype([("d", np.float16), ("qs", np.uint8, 16)])  # 32 weights are d * (4 bits - 8)
Q6_K = np.dtype([("ql", np.uint8, 128), ("qh", np.uint8, 64), ("scales", np.int8, 16), ("d", np.float16)])  # 256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["make", "measure"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", choices=["q8_0", "q4_0"], default="q8_0")
    parser.add_argument("--hub", type=Path)
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--fixed", type=int, default=60)
    parser.add_argument("--passages", type=int, default=910)
    parser.add_argument("--question", type=int, default=30)
    parser.add_argument("--new", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    if chosen.action == "make":
        make(chosen.file, chosen.kind, json.loads((chosen.hub / "config.json").read_text("utf-8")), chosen.layers)
    else:
        sizes = (chosen.fixed, chosen.passages, chosen.question)
        print(json.dumps(measure(chosen.file, sizes, chosen.new, chosen.threads)))


def make(file: Path, kind: str, config: dict[str, Any], layers: int) -> None:
    from gguf import GGMLQuantizationType, GGUFWriter  # heavy, and not wanted for measuring

    writer = GGUFWriter(file, "chatglm")
    writer.add_context_length(config["seq_length"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["ffn_hidden_size"])
    writer.add_block_count(layers)
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["multi_query_group_num"])
    writer.add_layer_norm_rms_eps(config["layernorm_epsilon"])
    writer.add_rope_dimension_count(config["kv_channels"] // 2)
    writer.add_rope_freq_base(10000.0 * config.get("rope_ratio", 1))
    writer.add_vocab_size(config["padded_vocab_size"])
    writer.add_tokenizer_model("none")
    tensors = list(_tensors(config, layers, kind))
    for name, shape, stored in tensors:
        if stored == "f32":
            writer.add_tensor_info(name, shape, np.dtype(np.float32), 4 * shape[0], GGMLQuantizationType.F32)
        else:
            in_bytes = (shape[0], _row_bytes(shape[1], stored))
            size = in_bytes[0] * in_bytes[1]
            writer.add_tensor_info(name, in_bytes, np.dtype(np.uint8), size, GGMLQuantizationType[stored.upper()])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    pools = {stored: _pool(stored) for stored in ("q8_0", "q4_0", "q6_k")}
    for number, (name, shape, stored) in enumerate(tensors):
        if stored == "f32":
            writer.write_tensor_data(np.full(shape, "norm" in name, np.float32))
        else:
            count = shape[0] * _row_bytes(shape[1], stored) // pools[stored].dtype.itemsize
            blocks = np.resize(np.roll(pools[stored], number * 31337), count)
            writer.write_tensor_data(blocks.view(np.uint8))
    writer.close()


def _tensors(config: dict[str, Any], layers: int, kind: str) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """Name, shape with the rows first, and how it is stored."""
    hidden, ffn, vocabulary = config["hidden_size"], config["ffn_hidden_size"], config["padded_vocab_size"]
    queries = config["num_attention_heads"] * config["kv_channels"]
    fused = queries + 2 * config["multi_query_group_num"] * config["kv_channels"]
    yield "token_embd.weight", (vocabulary, hidden), kind
    yield "output_norm.weight", (hidden,), "f32"
    yield "output.weight", (vocabulary, hidden), "q6_k" if kind == "q4_0" else kind
    for i in range(layers):
        yield f"blk.{i}.attn_norm.weight", (hidden,), "f32"
        yield f"blk.{i}.attn_qkv.weight", (fused, hidden), kind
        yield f"blk.{i}.attn_qkv.bias", (fused,), "f32"
        yield f"blk.{i}.attn_output.weight", (hidden, queries), kind
        yield f"blk.{i}.ffn_norm.weight", (hidden,), "f32"
        yield f"blk.{i}.ffn_up.weight", (2 * ffn, hidden), kind
        yield f"blk.{i}.ffn_down.weight", (hidden, ffn), kind


def _row_bytes(columns: int, stored: str) -> int:
    weights = 256 if stored == "q6_k" else 32
    assert columns % weights == 0
    return columns // weights * {"q8_0": Q8_0, "q4_0": Q4_0, "q6_k": Q6_K}[stored].itemsize


def _pool(stored: str) -> np.ndarray:
    """Blocks whose weights are random with the deviation SCALE."""
    random = np.random.default_rng(0)
    if stored == "q8_0":
        blocks = np.zeros(POOL_BLOCKS, Q8_0)
        blocks["qs"] = np.clip(random.standard_normal((POOL_BLOCKS, 32), np.float32) * 50, -127, 127)
        blocks["d"] = SCALE / 50
    elif stored == "q4_0":
        blocks = np.zeros(POOL_BLOCKS, Q4_0)
        blocks["qs"] = random.integers(0, 256, (POOL_BLOCKS, 16), np.uint8)
        blocks["d"] = SCALE / 4.6  # the deviation of even 4-bit numbers
    else:
        blocks = np.zeros(POOL_BLOCKS // 8, Q6_K)
        blocks["ql"] = random.integers(0, 256, blocks["ql"].shape, np.uint8)
        blocks["qh"] = random.integers(0, 256, blocks["qh"].shape, np.uint8)
        blocks["scales"] = random.integers(-64, 64, blocks["scales"].shape, np.int8)
        blocks["d"] = SCALE / (18.5 * 37)
    return blocks


def measure(file: Path, sizes: tuple[int, int, int], new: int, threads: int) -> dict[str, float]:
    """One cold prompt and `new` tokens after it, then another question on the same passages: seconds."""
    from llama_cpp import Llama  # heavy, and not wanted for making

    started = time.perf_counter()
    count = sum(sizes) + new + 8
    llama = Llama(str(file), n_ctx=count, n_threads=threads, n_threads_batch=threads, verbose=False)
    _run(llama, [300, 301], 2)  # the file is mapped: the first tokens bring it in
    loaded_s = time.perf_counter() - started
    random = np.random.default_rng(1)
    fixed, passages, question, other = (random.integers(300, 64000, size).tolist() for size in (*sizes, sizes[2]))
    llama.reset()
    cold = _run(llama, fixed + passages + question, new)
    ahead = _run(llama, fixed + passages + other, 2)  # llama-cpp-python keeps the longest common beginning
    return {"load": loaded_s, "cold": cold[0], "new": cold[1], "follow": ahead[0]}


def _run(llama: Any, ids: list[int], new: int) -> tuple[float, float]:
    """Seconds to the first token, and for each of the others."""
    started = time.perf_counter()
    tokens = llama.generate(ids, temp=0.0)
    next(tokens)
    first_s = time.perf_counter() - started
    started = time.perf_counter()
    for _ in range(new - 1):
        next(tokens)
    return first_s, (time.perf_counter() - started) / max(1, new - 1)


if __name__ == "__main__":
    main()
