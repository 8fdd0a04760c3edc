"""Where each weight of a ChatGLM3 stands in its checkpoint, in either layout: Shape -> Places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from engine.models.chatglm import Shape
from engine.models.flaws import Flaw


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows `start` to `stop` of the tensor `name`, which is to have `shape`."""

    name: str
    shape: tuple[int, ...]
    start: int
    stop: int


Weight = tuple[Rows, ...]  # stacked by rows, in this order


@dataclass(frozen=True, slots=True)
class Layer:
    attention_norm: Weight
    qkv: Weight  # ((heads + 2 * groups) * head_dim, hidden): queries, keys, values
    qkv_bias: Weight | None
    attention_out: Weight
    ffn_norm: Weight
    gate: Weight
    up: Weight
    down: Weight


@dataclass(frozen=True, slots=True)
class Places:
    """Where every weight stands in the checkpoint."""

    embedding: Weight
    layers: tuple[Layer, ...]
    final_norm: Weight
    output: Weight


def places(shape: Shape) -> Places:
    """Names and shapes of the tensors that make a model of this shape."""
    return _chatglm_places(shape) if shape.layout == "chatglm" else _glm_places(shape)


def every(places: Places) -> Iterator[Rows]:
    """All rows of all weights."""
    for layer in places.layers:
        for part in fields(layer):
            yield from getattr(layer, part.name) or ()
    yield from (*places.embedding, *places.final_norm, *places.output)


def size(weight: Weight) -> tuple[int, ...]:
    """The shape of the stacked rows."""
    return (sum(rows.stop - rows.start for rows in weight), *weight[0].shape[1:])


def is_spare(name: str, shape: Shape) -> bool:
    """Whether a checkpoint may hold this tensor beyond `places`: it follows from what is there."""
    if shape.tied and name in ("lm_head.weight", "transformer.output_layer.weight"):
        return True
    return name.endswith(("rotary_pos_emb.inv_freq", "rotary_emb.inv_freq"))


def foreign(name: str) -> Flaw:
    """What a tensor means that no ChatGLM3 has."""
    if "lora_" in name:
        return Flaw("unmerged_adapter", name=name)
    if "prefix_encoder" in name:
        return Flaw("prefix", name=name)
    if name.endswith((".weight_scale", ".absmax", ".quant_map", ".SCB", ".qweight", ".scales", ".qzeros")):
        return Flaw("quantised", name=name)
    return Flaw("foreign_tensor", name=name)


def _chatglm_places(shape: Shape) -> Places:
    fused = (shape.heads + 2 * shape.groups) * shape.head_dim

    def layer(number: int) -> Layer:
        at = f"transformer.encoder.layers.{number}"
        return Layer(
            attention_norm=_whole(f"{at}.input_layernorm.weight", shape.hidden),
            qkv=_whole(f"{at}.self_attention.query_key_value.weight", fused, shape.hidden),
            qkv_bias=_whole(f"{at}.self_attention.query_key_value.bias", fused) if shape.qkv_bias else None,
            attention_out=_whole(f"{at}.self_attention.dense.weight", shape.hidden, shape.heads * shape.head_dim),
            ffn_norm=_whole(f"{at}.post_attention_layernorm.weight", shape.hidden),
            gate=_half(f"{at}.mlp.dense_h_to_4h.weight", shape, 0),
            up=_half(f"{at}.mlp.dense_h_to_4h.weight", shape, 1),
            down=_whole(f"{at}.mlp.dense_4h_to_h.weight", shape.hidden, shape.ffn),
        )

    return _places(
        shape,
        layer,
        "transformer.embedding.word_embeddings.weight",
        "transformer.encoder.final_layernorm.weight",
        "transformer.output_layer.weight",
    )


def _glm_places(shape: Shape) -> Places:
    heads = (("q", shape.heads), ("k", shape.groups), ("v", shape.groups))

    def layer(number: int) -> Layer:
        at = f"model.layers.{number}"

        def joined(kind: str, *columns: int) -> Weight:
            parts = (_whole(f"{at}.self_attn.{x}_proj.{kind}", n * shape.head_dim, *columns) for x, n in heads)
            return tuple(rows for part in parts for rows in part)

        return Layer(
            attention_norm=_whole(f"{at}.input_layernorm.weight", shape.hidden),
            qkv=joined("weight", shape.hidden),
            qkv_bias=joined("bias") if shape.qkv_bias else None,
            attention_out=_whole(f"{at}.self_attn.o_proj.weight", shape.hidden, shape.heads * shape.head_dim),
            ffn_norm=_whole(f"{at}.post_attention_layernorm.weight", shape.hidden),
            gate=_half(f"{at}.mlp.gate_up_proj.weight", shape, 0),
            up=_half(f"{at}.mlp.gate_up_proj.weight", shape, 1),
            down=_whole(f"{at}.mlp.down_proj.weight", shape.hidden, shape.ffn),
        )

    return _places(shape, layer, "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight")


def _places(shape: Shape, layer: Callable[[int], Layer], embedding: str, norm: str, output: str) -> Places:
    return Places(
        embedding=_whole(embedding, shape.vocabulary, shape.hidden),
        layers=tuple(map(layer, range(shape.layers))),
        final_norm=_whole(norm, shape.hidden),
        output=_whole(embedding if shape.tied else output, shape.vocabulary, shape.hidden),
    )


def _whole(name: str, *shape: int) -> Weight:
    return (Rows(name, shape, 0, shape[0]),)


def _half(name: str, shape: Shape, which: int) -> Weight:
    """The gate is the upper half of its matrix, what it gates the lower one."""
    return (Rows(name, (2 * shape.ffn, shape.hidden), which * shape.ffn, (which + 1) * shape.ffn),)
