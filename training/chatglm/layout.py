"""A ChatGLM3 in transformers' layout (`GlmForCausalLM`) and in the hub's (`ChatGLMModel`): the same tensors, regrouped.

The hub's layout joins query, key and value in one matrix; all else is a matter of names. Both ways are exact. Training
speaks of tensors by GLM's names, wherever they are read from.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import GlmConfig

from engine.models import weights
from engine.models.chatglm import Shape
from engine.models.weights import Rows, Weight

Weights = dict[str, Tensor]

# GLM's name below model.layers.N -> ChatGLM's below transformer.encoder.layers.N
_LAYER = {
    "input_layernorm.weight": "input_layernorm.weight",
    "self_attn.o_proj.weight": "self_attention.dense.weight",
    "post_attention_layernorm.weight": "post_attention_layernorm.weight",
    "mlp.gate_up_proj.weight": "mlp.dense_h_to_4h.weight",
    "mlp.down_proj.weight": "mlp.dense_4h_to_h.weight",
}
_EMBEDDING = ("model.embed_tokens.weight", "transformer.embedding.word_embeddings.weight")
_NORM = ("model.norm.weight", "transformer.encoder.final_layernorm.weight")
_OUTPUT = ("lm_head.weight", "transformer.output_layer.weight")
_ROPE_BASE = 10000.0


# --- names -------------------------------------------------------------------------------------------------------


def joined(layers: int, *, qkv_bias: bool = True, tied: bool = False) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each tensor of ChatGLM's with those of GLM's that it is made of, row under row."""
    for theirs, hubs in (_EMBEDDING, _NORM) if tied else (_EMBEDDING, _NORM, _OUTPUT):
        yield hubs, (theirs,)
    for layer in range(layers):
        theirs, hubs = f"model.layers.{layer}", f"transformer.encoder.layers.{layer}"
        for name, other in _LAYER.items():
            yield f"{hubs}.{other}", (f"{theirs}.{name}",)
        for kind in ("weight", "bias") if qkv_bias else ("weight",):
            parts = tuple(f"{theirs}.self_attn.{part}_proj.{kind}" for part in "qkv")
            yield f"{hubs}.self_attention.query_key_value.{kind}", parts


def glm_weights(shape: Shape) -> dict[str, Weight]:
    """Where each of GLM's tensors stands in a checkpoint of `shape`, whichever its layout is; layer after layer."""
    return dict(_glm_weights(shape))


def _glm_weights(shape: Shape) -> Iterator[tuple[str, Weight]]:
    places = weights.places(shape)
    yield _EMBEDDING[0], places.embedding
    heads, groups = shape.heads * shape.head_dim, shape.groups * shape.head_dim
    parts = {"q": (0, heads), "k": (heads, heads + groups), "v": (heads + groups, heads + 2 * groups)}
    for number, layer in enumerate(places.layers):
        at = f"model.layers.{number}"
        yield f"{at}.input_layernorm.weight", layer.attention_norm
        for part, (start, stop) in parts.items():
            yield f"{at}.self_attn.{part}_proj.weight", _cut(layer.qkv, start, stop)
            if layer.qkv_bias:
                yield f"{at}.self_attn.{part}_proj.bias", _cut(layer.qkv_bias, start, stop)
        yield f"{at}.self_attn.o_proj.weight", layer.attention_out
        yield f"{at}.post_attention_layernorm.weight", layer.ffn_norm
        yield f"{at}.mlp.gate_up_proj.weight", layer.gate + layer.up
        yield f"{at}.mlp.down_proj.weight", layer.down
    yield _NORM[0], places.final_norm
    if not shape.tied:
        yield _OUTPUT[0], places.output


def _cut(weight: Weight, start: int, stop: int) -> Weight:
    """The rows `start` to `stop` of the stacked ones."""
    return tuple(_cuts(weight, start, stop))


def _cuts(weight: Weight, start: int, stop: int) -> Iterator[Rows]:
    at = 0
    for rows in weight:
        count = rows.stop - rows.start
        first, last = max(start - at, 0), min(stop - at, count)
        if first < last:
            yield Rows(rows.name, rows.shape, rows.start + first, rows.start + last)
        at += count


# --- tensors -----------------------------------------------------------------------------------------------------


def to_chatglm(tensors: Mapping[str, Tensor], layers: int) -> Weights:
    """`GlmForCausalLM`'s tensors by ChatGLM's names. Raises KeyError for one that is missing."""
    return {hubs: torch.cat([tensors[name] for name in theirs]) for hubs, theirs in joined(layers)}


def to_glm(tensors: Mapping[str, Tensor], layers: int, heads: int, groups: int, head_dim: int) -> Weights:
    """ChatGLM's tensors by `GlmForCausalLM`'s names. Raises KeyError for one that is missing."""
    rows = [heads * head_dim, groups * head_dim, groups * head_dim]
    return {
        name: part
        for hubs, theirs in joined(layers)
        for name, part in zip(theirs, tensors[hubs].split(rows if len(theirs) > 1 else len(tensors[hubs])), strict=True)
    }


# --- configurations ----------------------------------------------------------------------------------------------


def glm_config(shape: Shape, end_id: int = 2) -> GlmConfig:
    """transformers' configuration of a ChatGLM3 of this shape."""
    return GlmConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.ffn,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.groups,
        head_dim=shape.head_dim,
        max_position_embeddings=shape.max_tokens,
        rope_theta=shape.rope_base,
        partial_rotary_factor=0.5,
        # what transformers 5 reads instead of the two before; 4 only keeps it
        rope_parameters={"rope_type": "default", "rope_theta": shape.rope_base, "partial_rotary_factor": 0.5},
        attention_bias=shape.qkv_bias,
        attention_dropout=0.0,
        rms_norm_eps=shape.norm_epsilon,
        pad_token_id=0,
        eos_token_id=end_id,
        tie_word_embeddings=shape.tied,
    )


def chatglm_config(config: Any, max_tokens: int, **more: object) -> dict[str, object]:
    """The hub's config.json for a `GlmConfig`. `more` is added or replaces."""
    return {
        "model_type": "chatglm",
        "architectures": ["ChatGLMModel"],
        "add_bias_linear": False,
        "add_qkv_bias": config.attention_bias,
        "apply_residual_connection_post_layernorm": False,
        "eos_token_id": config.eos_token_id,
        "ffn_hidden_size": config.intermediate_size,
        "hidden_size": config.hidden_size,
        "kv_channels": config.head_dim,
        "layernorm_epsilon": config.rms_norm_eps,
        "multi_query_attention": True,
        "multi_query_group_num": config.num_key_value_heads,
        "num_attention_heads": config.num_attention_heads,
        "num_layers": config.num_hidden_layers,
        "original_rope": True,
        "pad_token_id": 0,
        "padded_vocab_size": config.vocab_size,
        "post_layer_norm": True,
        "rmsnorm": True,
        "rope_ratio": _rope_theta(config) / _ROPE_BASE,
        "seq_length": max_tokens,
        "tie_word_embeddings": config.tie_word_embeddings,
        "torch_dtype": "float16",
    } | more


def _rope_theta(config: Any) -> float:
    theta = getattr(config, "rope_theta", None)
    return float(config.rope_parameters["rope_theta"] if theta is None else theta)  # transformers 5: in a dict


# --- a small model, as a whole -----------------------------------------------------------------------------------


def save_chatglm(model: Any, tokenizer: Path, folder: Path, max_tokens: int, **more: object) -> None:
    """Writes a `GlmForCausalLM` as the hub would hold it: config.json, float16 safetensors, tokenizer.model."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = to_chatglm(model.state_dict(), model.config.num_hidden_layers)
    halves = {name: value.to(torch.float16).contiguous() for name, value in tensors.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    config = chatglm_config(model.config, max_tokens, **more)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    shutil.copyfile(tokenizer, folder / "tokenizer.model")
