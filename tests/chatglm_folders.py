"""Small random ChatGLM3 folders as the hub or a fine-tune leaves them, and a tiny SentencePiece model to go with them.

    make_folder(path)                                      # ChatGLMModel, one safetensors file, float16
    make_folder(path, Tiny(groups=1, rope_ratio=50))
    make_folder(path, layout="glm", files="bin", shards=3) # transformers' GLM layout, three pytorch_model-*.bin

Needs numpy alone, but for `files="bin"`, which torch writes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Weights = dict[str, Array]
Layout = Literal["chatglm", "glm"]
DType = Literal["float16", "bfloat16", "float32"]

TEXT = (
    "the red fox reads the green book and the blue whale asks 红色的狐狸读绿色的书。Who reads the book? 谁读书？ "
    "0123456789 .,:[]!-"
)
SPECIALS = 9  # [MASK] [gMASK] [sMASK] sop eop <|system|> <|user|> <|assistant|> <|observation|>


@dataclass(frozen=True, slots=True)
class Tiny:
    """A ChatGLM3 of any size; `vocabulary` None is the tokenizer's own, padded to a multiple of 64."""

    layers: int = 2
    hidden: int = 64
    heads: int = 4
    groups: int = 2
    channels: int = 16  # of a head; heads * channels need not be `hidden`
    ffn: int = 96
    vocabulary: int | None = None
    seq_length: int = 2048
    rope_ratio: float | None = None  # None: the config says nothing, as the 6b's own does
    dtype: DType = "float16"
    seed: int = 0

    @property
    def padded(self) -> int:
        return self.vocabulary or -(-(len(pieces()) + SPECIALS) // 64) * 64


def make_folder(
    folder: Path,
    tiny: Tiny | None = None,
    *,
    layout: Layout = "chatglm",
    files: Literal["safetensors", "bin"] = "safetensors",
    shards: int = 1,
    weights: Weights | None = None,
) -> Path:
    """Writes config.json, tokenizer.model, tokenizer_config.json and the weights (ChatGLM's names, either layout)."""
    tiny = tiny or Tiny()
    folder.mkdir(parents=True, exist_ok=True)
    weights = random_weights(tiny) if weights is None else weights
    config = chatglm_config(tiny) if layout == "chatglm" else glm_config(tiny)
    (folder / "config.json").write_text(json.dumps(config, indent=2), "utf-8")
    (folder / "tokenizer.model").write_bytes(sentencepiece_model())
    words = {"name_or_path": "THUDM/chatglm3-6b", "tokenizer_class": "ChatGLMTokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(words), "utf-8")
    write_weights(folder, weights if layout == "chatglm" else as_glm(weights, tiny), files, shards, tiny.dtype)
    return folder


def chatglm_config(tiny: Tiny) -> dict[str, Any]:
    config = {
        "_name_or_path": "THUDM/chatglm3-6b",
        "model_type": "chatglm",
        "architectures": ["ChatGLMModel"],
        "auto_map": {"AutoModel": "modeling_chatglm.ChatGLMForConditionalGeneration"},
        "add_bias_linear": False,
        "add_qkv_bias": True,
        "apply_residual_connection_post_layernorm": False,
        "ffn_hidden_size": tiny.ffn,
        "hidden_size": tiny.hidden,
        "kv_channels": tiny.channels,
        "layernorm_epsilon": 1e-05,
        "multi_query_attention": True,
        "multi_query_group_num": tiny.groups,
        "num_attention_heads": tiny.heads,
        "num_layers": tiny.layers,
        "original_rope": True,
        "padded_vocab_size": tiny.padded,
        "post_layer_norm": True,
        "rmsnorm": True,
        "seq_length": tiny.seq_length,
        "torch_dtype": tiny.dtype,
        "tie_word_embeddings": False,
        "eos_token_id": 2,
        "pad_token_id": 0,
    }
    return config if tiny.rope_ratio is None else config | {"rope_ratio": tiny.rope_ratio}


def glm_config(tiny: Tiny) -> dict[str, Any]:
    return {
        "model_type": "glm",
        "architectures": ["GlmForCausalLM"],
        "attention_bias": True,
        "head_dim": tiny.channels,
        "hidden_act": "silu",
        "hidden_size": tiny.hidden,
        "intermediate_size": tiny.ffn,
        "max_position_embeddings": tiny.seq_length,
        "num_attention_heads": tiny.heads,
        "num_hidden_layers": tiny.layers,
        "num_key_value_heads": tiny.groups,
        "partial_rotary_factor": 0.5,
        "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0 * (tiny.rope_ratio or 1.0),
        "tie_word_embeddings": False,
        "torch_dtype": tiny.dtype,
        "vocab_size": tiny.padded,
        "eos_token_id": 2,
        "pad_token_id": 0,
    }


def random_weights(tiny: Tiny) -> Weights:
    """float32 arrays that `tiny.dtype` holds exactly, by ChatGLM's names."""
    random = np.random.default_rng(tiny.seed)

    def matrix(rows: int, columns: int, scale: float = 1.0) -> Array:
        values = random.standard_normal((rows, columns), dtype=np.float32)
        return rounded(values * np.float32(scale / np.sqrt(columns)), tiny.dtype)

    def vector(size: int, around: float) -> Array:
        return rounded(around + random.standard_normal(size, dtype=np.float32) * np.float32(0.2), tiny.dtype)

    query, key = tiny.heads * tiny.channels, tiny.groups * tiny.channels
    weights = {"transformer.embedding.word_embeddings.weight": matrix(tiny.padded, tiny.hidden, 4.0)}
    for layer in range(tiny.layers):
        at = f"transformer.encoder.layers.{layer}"
        weights |= {
            f"{at}.input_layernorm.weight": vector(tiny.hidden, 1.0),
            f"{at}.self_attention.query_key_value.weight": matrix(query + 2 * key, tiny.hidden, 1.5),
            f"{at}.self_attention.query_key_value.bias": vector(query + 2 * key, 0.0),
            f"{at}.self_attention.dense.weight": matrix(tiny.hidden, query),
            f"{at}.post_attention_layernorm.weight": vector(tiny.hidden, 1.0),
            f"{at}.mlp.dense_h_to_4h.weight": matrix(2 * tiny.ffn, tiny.hidden),
            f"{at}.mlp.dense_4h_to_h.weight": matrix(tiny.hidden, tiny.ffn),
        }
    weights["transformer.encoder.final_layernorm.weight"] = vector(tiny.hidden, 1.0)
    weights["transformer.output_layer.weight"] = matrix(tiny.padded, tiny.hidden, 2.0)
    return weights


def as_glm(weights: Weights, tiny: Tiny) -> Weights:
    """The same model by the names of transformers' GLM layout."""
    named = dict(_as_glm(weights, tiny))
    return named | {name: value for name, value in weights.items() if not name.startswith("transformer.")}


def _as_glm(weights: Weights, tiny: Tiny) -> Iterator[tuple[str, Array]]:
    query, key = tiny.heads * tiny.channels, tiny.groups * tiny.channels
    yield "model.embed_tokens.weight", weights["transformer.embedding.word_embeddings.weight"]
    for layer in range(tiny.layers):
        old, new = f"transformer.encoder.layers.{layer}", f"model.layers.{layer}"
        for kind in ("weight", "bias"):
            fused = weights[f"{old}.self_attention.query_key_value.{kind}"]
            parts = np.split(fused, [query, query + key])
            for name, part in zip("qkv", parts, strict=True):
                yield f"{new}.self_attn.{name}_proj.{kind}", part
        for norm in ("input_layernorm", "post_attention_layernorm"):
            yield f"{new}.{norm}.weight", weights[f"{old}.{norm}.weight"]
        yield f"{new}.self_attn.o_proj.weight", weights[f"{old}.self_attention.dense.weight"]
        yield f"{new}.mlp.gate_up_proj.weight", weights[f"{old}.mlp.dense_h_to_4h.weight"]
        yield f"{new}.mlp.down_proj.weight", weights[f"{old}.mlp.dense_4h_to_h.weight"]
    yield "model.norm.weight", weights["transformer.encoder.final_layernorm.weight"]
    yield "lm_head.weight", weights["transformer.output_layer.weight"]


def write_weights(folder: Path, weights: Weights, files: str, shards: int, dtype: DType) -> None:
    """The weights in `shards` files, with an index where there are several."""
    stem, ending = ("model", "safetensors") if files == "safetensors" else ("pytorch_model", "bin")
    write = write_safetensors if files == "safetensors" else write_bin
    if shards == 1:
        write(folder / f"{stem}.{ending}", weights, dtype)
        return
    names, places = [*weights], {}
    for shard in range(shards):
        file = f"{stem}-{shard + 1:05}-of-{shards:05}.{ending}"
        part = {name: weights[name] for name in names[shard::shards]}
        write(folder / file, part, dtype)
        places |= dict.fromkeys(part, file)
    index = {"metadata": {"total_size": 0}, "weight_map": places}
    (folder / f"{stem}.{ending}.index.json").write_text(json.dumps(index), "utf-8")


def write_safetensors(path: Path, weights: Mapping[str, Array], dtype: DType = "float16") -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    parts, offset = [], 0
    for name, value in weights.items():
        data = as_bytes(value, dtype)
        places = [offset, offset + len(data)]
        header[name] = {"dtype": _CODES[dtype], "shape": [*value.shape], "data_offsets": places}
        parts.append(data)
        offset += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def write_bin(path: Path, weights: Mapping[str, Array], dtype: DType = "float16") -> None:
    import torch

    torch.save({name: torch.tensor(value).to(getattr(torch, dtype)) for name, value in weights.items()}, path)


_CODES: dict[DType, str] = {"float16": "F16", "bfloat16": "BF16", "float32": "F32"}


def rounded(values: Array, dtype: DType) -> Array:
    """float32 values that `dtype` holds exactly."""
    if dtype == "float16":
        return values.astype(np.float16).astype(np.float32)
    return _upper_half(values).astype(np.uint32).__lshift__(16).view(np.float32) if dtype == "bfloat16" else values


def as_bytes(values: Array, dtype: DType) -> bytes:
    if dtype == "bfloat16":
        return _upper_half(values).tobytes()
    return values.astype(dtype).tobytes()


def _upper_half(values: Array) -> Array:
    """bfloat16 as uint16, rounded to the nearest, ties to even."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)


# --- a SentencePiece model: BPE with byte fallback and a dummy prefix, like ChatGLM3's -----------------------------


def pieces(text: str = TEXT) -> list[str]:
    """<unk>, <s>, </s>, the 256 bytes, then every beginning of the text's words and every character of it."""
    words = [part for word in text.split() for part in ("▁" + word, word)]
    starts = [word[:end] for end in range(2, 12) for word in words if end <= len(word)]
    characters = sorted({character for word in words for character in word})
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    return ["<unk>", "<s>", "</s>", *bytes_, *dict.fromkeys(starts), *characters]


def sentencepiece_model(text: str = TEXT) -> bytes:
    """A serialised ModelProto (sentencepiece_model.proto): pieces, trainer_spec, normalizer_spec."""
    words = pieces(text)
    kinds = [2, 3, 3] + [6] * 256 + [1] * (len(words) - 259)  # unknown, control, byte, normal
    first = 259
    scores = [0.0 if place < first else -float(place - first) for place in range(len(words))]
    message = b"".join(
        _field(1, _field(1, word.encode()) + b"\x15" + struct.pack("<f", score) + b"\x18" + _varint(kind))
        for word, score, kind in zip(words, scores, kinds, strict=True)
    )
    trainer = b"\x18\x02" + b"\x20" + _varint(len(words)) + b"\x98\x02\x01"  # BPE (3), size (4), byte_fallback (35)
    normalizer = _field(1, b"identity") + b"\x18\x01" + b"\x20\x00" + b"\x28\x01"  # dummy prefix, keep spaces, escape
    return message + _field(2, trainer) + _field(3, normalizer)


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    head = b""
    while value > 0x7F:
        head += bytes([value & 0x7F | 0x80])
        value >>= 7
    return head + bytes([value])
