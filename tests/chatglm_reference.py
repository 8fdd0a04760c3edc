"""ChatGLM3 read once more, independently: numpy and the published description, one token after the other.

Per layer, on a state x of `hidden` numbers:  x += dense(attention(norm(x)));  x += down(silu(gate) * up).
The fused projection holds the queries of all heads, then the keys and the values of all groups. In each head the first
half of the numbers is rotated in neighbouring pairs, by position * base^(-2i / (head / 2)) for the pair i.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from chatglm_folders import Tiny, Weights

Float64 = npt.NDArray[np.float64]


def logits(weights: Weights, tiny: Tiny, ids: list[int]) -> Float64:
    """(tokens, vocabulary), by ChatGLM's own names."""
    keys: list[list[Float64]] = [[] for _ in range(tiny.layers)]
    values: list[list[Float64]] = [[] for _ in range(tiny.layers)]
    rows = []
    for position, token in enumerate(ids):
        x = weights["transformer.embedding.word_embeddings.weight"][token].astype(np.float64)
        for layer in range(tiny.layers):
            part = {
                name.split(f"layers.{layer}.")[1]: value.astype(np.float64)
                for name, value in weights.items()
                if f"layers.{layer}." in name
            }
            x = x + _attention(part, tiny, _norm(x, part["input_layernorm.weight"]), position, keys, values, layer)
            x = x + _feed_forward(part, _norm(x, part["post_attention_layernorm.weight"]))
        x = _norm(x, weights["transformer.encoder.final_layernorm.weight"])
        rows.append(weights["transformer.output_layer.weight"].astype(np.float64) @ x)
    return np.array(rows)


def _norm(x: Float64, gain: npt.NDArray[np.floating]) -> Float64:
    return x / np.sqrt(np.mean(x * x) + 1e-5) * gain


def _attention(
    part: dict[str, Float64],
    tiny: Tiny,
    x: Float64,
    position: int,
    keys: list[list[Float64]],
    values: list[list[Float64]],
    layer: int,
) -> Float64:
    fused = part["self_attention.query_key_value.weight"] @ x + part["self_attention.query_key_value.bias"]
    heads = fused.reshape(-1, tiny.channels)
    query, key, value = heads[: tiny.heads], heads[tiny.heads :][: tiny.groups], heads[tiny.heads + tiny.groups :]
    base = 10000 * (tiny.rope_ratio or 1)
    keys[layer].append(np.array([_rotated(each, position, base) for each in key]))
    values[layer].append(value)
    mixed = []
    for number in range(tiny.heads):
        group = number // (tiny.heads // tiny.groups)
        turned = _rotated(query[number], position, base)
        scores = np.array([past[group] @ turned for past in keys[layer]]) / np.sqrt(tiny.channels)
        share = np.exp(scores - scores.max())
        mixed.append((share / share.sum()) @ np.array([past[group] for past in values[layer]]))
    return part["self_attention.dense.weight"] @ np.concatenate(mixed)


def _rotated(head: Float64, position: int, base: float) -> Float64:
    turned, width = head.copy(), len(head) // 2
    for pair in range(width // 2):
        angle = position * base ** (-2 * pair / width)
        first, second = head[2 * pair], head[2 * pair + 1]
        turned[2 * pair] = first * np.cos(angle) - second * np.sin(angle)
        turned[2 * pair + 1] = second * np.cos(angle) + first * np.sin(angle)
    return turned


def _feed_forward(part: dict[str, Float64], x: Float64) -> Float64:
    gate, up = np.split(part["mlp.dense_h_to_4h.weight"] @ x, 2)
    return part["mlp.dense_4h_to_h.weight"] @ (gate / (1 + np.exp(-gate)) * up)
