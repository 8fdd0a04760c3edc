"""What a ChatGLM3 folder holds: its `config.json` -> Shape, or why it is no ChatGLM3.

Two layouts hold the same model: the hub's own (`ChatGLMModel`, query, key and value in one matrix) and transformers'
(`GlmForCausalLM`, a matrix for each), which fine-tunes save. Code in the folder is never run.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.errors import Code
from engine.models.flaws import Flaw, refused

Layout = Literal["chatglm", "glm"]

CONFIG = "config.json"
TOKENIZER = "tokenizer.model"

# The order of ChatGLM3's special tokens behind the pieces of its tokenizer.model.
SPECIALS = ("[MASK]", "[gMASK]", "[sMASK]", "sop", "eop", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>")
END_OF_TEXT = 2  # </s>

_CHATGLM = ("ChatGLMModel", "ChatGLMForConditionalGeneration")
_GLM = ("GlmForCausalLM",)
_KNOWN = {*_CHATGLM, *_GLM, "chatglm", "glm"}
_GLM4_VOCABULARY = 151552
_ROPE_BASE = 10000.0
_MOST_LAYERS = 1000
_LARGEST = 1 << 20  # of any size in a config: far above every real one, small enough to multiply two of them


@dataclass(frozen=True, slots=True)
class Shape:
    """A ChatGLM3's sizes. `heads * head_dim` need not equal `hidden`; the first half of each head is rotated."""

    layout: Layout
    layers: int
    hidden: int
    heads: int
    groups: int  # key/value heads; head h uses group h // (heads // groups)
    head_dim: int
    ffn: int
    vocabulary: int  # rows of the embedding, padding counted
    max_tokens: int
    rope_base: float
    norm_epsilon: float
    qkv_bias: bool
    tied: bool  # the output layer is the embedding
    prompt_version: str | None  # what our own training wrote; None for any other model

    @property
    def cache_values(self) -> int:
        """Numbers that the cache holds for each token: CTranslate2 repeats a group's keys and values for each head."""
        return 2 * self.layers * self.heads * self.head_dim


def read(folder: Path) -> Shape:
    """The shape that `config.json` states.

    Raises BrokenInstallation: BAD_MODEL when it cannot be read or its numbers cannot be, NOT_CHATGLM3 when it
    describes another model.
    """
    try:
        config = _load(folder / CONFIG)
    except FileNotFoundError:
        raise refused(folder, "no_file", file=CONFIG) from None
    except Flaw as flaw:
        raise flaw.of(folder, file=CONFIG) from flaw
    except (OSError, ValueError) as error:
        raise refused(folder, "unreadable_file", file=CONFIG, words=error) from error
    if other := _other_model(folder, config):
        raise other.of(folder, Code.NOT_CHATGLM3, file=CONFIG)
    try:
        shape = _glm_shape(config) if _is_glm(config) else _chatglm_shape(config)
        _check(shape)
    except Flaw as flaw:
        raise flaw.of(folder, file=CONFIG) from flaw
    return shape


# --- another model -----------------------------------------------------------------------------------------------


def _other_model(folder: Path, config: dict[str, Any]) -> Flaw | None:
    """Why this is no ChatGLM3."""
    names = _names(config)
    if not names:
        return Flaw("no_architecture")
    if not set(names) & _KNOWN:
        return Flaw("another_architecture", names=", ".join(names))
    tokenizer = _tokenizer_config(folder)
    if "inner_hidden_size" in config or "position_encoding_2d" in config:
        return Flaw("first_chatglm")
    if _is_glm4(folder, config, tokenizer):
        return Flaw("glm4")
    if _is_chatglm2(folder, config, tokenizer):
        return Flaw("chatglm2")
    for key in ("quantization_bit", "quantization_config"):
        if config.get(key):
            return Flaw("quantised", name=key)
    if config.get("pre_seq_len"):
        return Flaw("prefix", name="pre_seq_len")
    unlike = _glm_unlike(config) if _is_glm(config) else _chatglm_unlike(config)
    return Flaw("other_settings", settings=", ".join(unlike)) if unlike else None


def _names(config: dict[str, Any]) -> list[str]:
    """What a config calls its model: architectures, or the model type where it lists none."""
    listed = config.get("architectures")
    names = listed if isinstance(listed, list) else []
    return [str(name) for name in names or [config.get("model_type")] if name]


def _is_glm(config: dict[str, Any]) -> bool:
    names = _names(config)
    return "glm" in names or bool({*names} & {*_GLM})


def _is_glm4(folder: Path, config: dict[str, Any], tokenizer: dict[str, Any]) -> bool:
    rows = config.get("padded_vocab_size", config.get("vocab_size"))
    if rows == _GLM4_VOCABULARY or "4" in str(tokenizer.get("tokenizer_class")):
        return True
    return not (folder / TOKENIZER).exists() and isinstance(rows, int) and rows > 100_000


def _is_chatglm2(folder: Path, config: dict[str, Any], tokenizer: dict[str, Any]) -> bool:
    """The two share every size: only names and the tokenizer's own code, read as text, tell them apart."""
    try:
        code = (folder / "tokenization_chatglm.py").read_text("utf-8")
        return "<|observation|>" not in code
    except (OSError, ValueError):
        named = (config.get("_name_or_path"), tokenizer.get("name_or_path"))
        return any("chatglm2" in str(name).lower() for name in named)


def _chatglm_unlike(config: dict[str, Any]) -> list[str]:
    wanted = {  # with the defaults of ChatGLM's own configuration class
        "add_bias_linear": False,
        "apply_residual_connection_post_layernorm": False,
        "original_rope": True,
        "post_layer_norm": True,
        "rmsnorm": True,
    }
    return _unlike(config, wanted)


def _glm_unlike(config: dict[str, Any]) -> list[str]:
    rope = _rope(config)
    turned = {"partial_rotary_factor": rope.get("partial_rotary_factor", config.get("partial_rotary_factor", 0.5))}
    wanted = {"partial_rotary_factor": 0.5, "hidden_act": "silu", "rope_scaling": None}
    odd = [f"rope_type {rope['rope_type']!r}"] if rope.get("rope_type", "default") != "default" else []
    return _unlike(config | turned, wanted) + odd


def _unlike(config: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    return [f"{key} {config[key]!r}" for key, value in wanted.items() if config.get(key, value) != value]


def _rope(config: dict[str, Any]) -> dict[str, Any]:
    """Where transformers 5 writes what is about rotation."""
    rope = config.get("rope_parameters")
    return rope if isinstance(rope, dict) else {}


# --- sizes -------------------------------------------------------------------------------------------------------


def _chatglm_shape(config: dict[str, Any]) -> Shape:
    heads = _size(config, "num_attention_heads")
    grouped = _flag(config, "multi_query_attention", False)
    return Shape(
        layout="chatglm",
        layers=_size(config, "num_layers"),
        hidden=_size(config, "hidden_size"),
        heads=heads,
        groups=_size(config, "multi_query_group_num") if grouped else heads,
        head_dim=_size(config, "kv_channels"),
        ffn=_size(config, "ffn_hidden_size"),
        vocabulary=_size(config, "padded_vocab_size"),
        max_tokens=_size(config, "seq_length"),
        rope_base=_ROPE_BASE * _number(config, "rope_ratio", 1.0),
        norm_epsilon=_number(config, "layernorm_epsilon"),
        qkv_bias=_flag(config, "add_qkv_bias", False) or _flag(config, "add_bias_linear", False),
        tied=_flag(config, "tie_word_embeddings", False),
        prompt_version=_prompt_version(config),
    )


def _glm_shape(config: dict[str, Any]) -> Shape:
    return Shape(
        layout="glm",
        layers=_size(config, "num_hidden_layers"),
        hidden=_size(config, "hidden_size"),
        heads=_size(config, "num_attention_heads"),
        groups=_size(config, "num_key_value_heads"),
        head_dim=_size(config, "head_dim"),
        ffn=_size(config, "intermediate_size"),
        vocabulary=_size(config, "vocab_size"),
        max_tokens=_size(config, "max_position_embeddings"),
        rope_base=_number(config | _rope(config), "rope_theta"),
        norm_epsilon=_number(config, "rms_norm_eps"),
        qkv_bias=_flag(config, "attention_bias", True),
        tied=_flag(config, "tie_word_embeddings", False),
        prompt_version=_prompt_version(config),
    )


def _size(config: dict[str, Any], key: str) -> int:
    if key not in config:
        raise Flaw("missing_key", key=key)
    value = config[key]
    if type(value) is not int or not 1 <= value <= _LARGEST:  # not isinstance: True is an int
        raise Flaw("wrong_value", key=key, value=repr(value))
    return value


def _number(config: dict[str, Any], key: str, default: float | None = None) -> float:
    value = config.get(key, default)
    if value is None:
        raise Flaw("missing_key", key=key)
    if type(value) not in (int, float) or not (0 < value < 1e15 and math.isfinite(value)):
        raise Flaw("wrong_value", key=key, value=repr(value))
    return float(value)


def _flag(config: dict[str, Any], key: str, default: bool) -> bool:
    value = config.get(key, default)
    if type(value) is not bool:
        raise Flaw("wrong_value", key=key, value=repr(value))
    return value


def _prompt_version(config: dict[str, Any]) -> str | None:
    value = config.get("inkstone_prompt_version")
    if value is not None and not (isinstance(value, str) and 0 < len(value) <= 20):
        raise Flaw("wrong_value", key="inkstone_prompt_version", value=repr(value))
    return value


def _check(shape: Shape) -> None:
    if shape.layers > _MOST_LAYERS:
        raise Flaw("wrong_value", key="layers", value=shape.layers)
    if shape.heads % shape.groups:
        raise Flaw("unshared_heads", heads=shape.heads, groups=shape.groups)
    if shape.head_dim % 4:  # half of it is rotated, in pairs
        raise Flaw("odd_heads", size=shape.head_dim)
    if shape.max_tokens < 3:
        raise Flaw("few_tokens", count=shape.max_tokens)
    if shape.norm_epsilon >= 1:
        raise Flaw("wrong_value", key="epsilon", value=shape.norm_epsilon)


# --- files -------------------------------------------------------------------------------------------------------


def _tokenizer_config(folder: Path) -> dict[str, Any]:
    try:
        return _load(folder / "tokenizer_config.json")
    except (OSError, ValueError):  # it only helps to tell models apart
        return {}


def _load(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8"))
    except RecursionError:
        raise Flaw("too_deep") from None
    if not isinstance(values, dict):
        raise Flaw("no_object")
    return values
