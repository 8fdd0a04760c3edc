"""A ChatGLM3 in transformers' layout (`GlmForCausalLM`) and in the hub's (`ChatGLMModel`): the same tensors, regrouped.

The hub's layout joins query, key and value in one matrix; all else is a matter of names. Both ways are exact.
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

Weights = dict[str, Tensor]

# GLM's name below model.layers.N -> ChatGLM's below transformer.encoder.layers.N
_LAYER = {
    "input_layernorm.weight": "input_layernorm.weight",
    "self_attn.o_proj.weight": "self_attention.dense.weight",
    "post_attention_layernorm.weight": "post_attention_layernorm.weight",
    "mlp.gate_up_proj.weight": "mlp.dense_h_to_4h.weight",
    "mlp.down_proj.weight": "mlp.dense_4h_to_h.weight",
}
_ENDS = {
    "model.embed_tokens.weight": "transformer.embedding.word_embeddings.weight",
    "model.norm.weight": "transformer.encoder.final_layernorm.weight",
    "lm_head.weight": "transformer.output_layer.weight",
}


def to_chatglm(weights: Mapping[str, Tensor], layers: int) -> Weights:
    """`GlmForCausalLM`'s tensors by ChatGLM's names. Raises KeyError for one that is missing."""
    return dict(_to_chatglm(weights, layers))


def to_glm(weights: Mapping[str, Tensor], layers: int, heads: int, groups: int, head_dim: int) -> Weights:
    """ChatGLM's tensors by `GlmForCausalLM`'s names. Raises KeyError for one that is missing."""
    return dict(_to_glm(weights, layers, [heads * head_dim, groups * head_dim, groups * head_dim]))


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
        "rope_ratio": config.rope_theta / 10000.0,
        "seq_length": max_tokens,
        "tie_word_embeddings": config.tie_word_embeddings,
        "torch_dtype": "float16",
    } | more


def save_chatglm(model: Any, tokenizer: Path, folder: Path, max_tokens: int, **more: object) -> None:
    """Writes a `GlmForCausalLM` as the hub would hold it: config.json, float16 safetensors, tokenizer.model."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = to_chatglm(model.state_dict(), model.config.num_hidden_layers)
    halves = {name: value.to(torch.float16).contiguous() for name, value in weights.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    config = chatglm_config(model.config, max_tokens, **more)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
    shutil.copyfile(tokenizer, folder / "tokenizer.model")


def _to_chatglm(weights: Mapping[str, Tensor], layers: int) -> Iterator[tuple[str, Tensor]]:
    for theirs, hubs in _ENDS.items():
        yield hubs, weights[theirs]
    for layer in range(layers):
        theirs, hubs = f"model.layers.{layer}", f"transformer.encoder.layers.{layer}"
        for name, other in _LAYER.items():
            yield f"{hubs}.{other}", weights[f"{theirs}.{name}"]
        for kind in ("weight", "bias"):  # rows: heads·d of queries, groups·d of keys, groups·d of values
            parts = [weights[f"{theirs}.self_attn.{part}_proj.{kind}"] for part in "qkv"]
            yield f"{hubs}.self_attention.query_key_value.{kind}", torch.cat(parts)


def _to_glm(weights: Mapping[str, Tensor], layers: int, rows: list[int]) -> Iterator[tuple[str, Tensor]]:
    for theirs, hubs in _ENDS.items():
        yield theirs, weights[hubs]
    for layer in range(layers):
        theirs, hubs = f"model.layers.{layer}", f"transformer.encoder.layers.{layer}"
        for name, other in _LAYER.items():
            yield f"{theirs}.{name}", weights[f"{hubs}.{other}"]
        for kind in ("weight", "bias"):
            fused = weights[f"{hubs}.self_attention.query_key_value.{kind}"]
            for part, value in zip("qkv", fused.split(rows), strict=True):
                yield f"{theirs}.self_attn.{part}_proj.{kind}", value
