"""Every value of a checkpoint has one place in the model, in either layout."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from pathlib import Path

import pytest
from chatglm_folders import Tiny, as_glm, make_folder, random_weights

from engine.models import chatglm, weights
from engine.models.chatglm import Layout, Shape

TINY = Tiny(hidden=48, heads=4, groups=2, channels=32, ffn=80)  # heads * channels is not hidden


@pytest.fixture(params=["chatglm", "glm"])
def shape(request: pytest.FixtureRequest, tmp_path: Path) -> Shape:
    return chatglm.read(make_folder(tmp_path / "glm", TINY, layout=request.param))


def stored(layout: Layout) -> dict[str, tuple[int, ...]]:
    """Names and shapes as the folder's writer made them."""
    made = random_weights(TINY)
    made = made if layout == "chatglm" else as_glm(made, TINY)
    return {name: values.shape for name, values in made.items()}


def test_every_row_of_every_tensor_is_taken_once(shape: Shape):
    taken: dict[str, list[range]] = defaultdict(list)
    for rows in weights.every(weights.places(shape)):
        assert rows.shape == stored(shape.layout)[rows.name]
        taken[rows.name].append(range(rows.start, rows.stop))
    assert taken.keys() == stored(shape.layout).keys()
    for name, parts in taken.items():
        assert sorted(row for part in parts for row in part) == [*range(stored(shape.layout)[name][0])]


def test_stacked_weights_have_the_sizes_that_the_model_computes_with(shape: Shape):
    for layer in weights.places(shape).layers:
        sizes = {part.name: weights.size(getattr(layer, part.name)) for part in fields(layer)}
        assert sizes["qkv"] == ((4 + 2 * 2) * 32, 48)
        assert sizes["qkv_bias"] == ((4 + 2 * 2) * 32,)
        assert sizes["attention_out"] == (48, 4 * 32)
        assert sizes["gate"] == sizes["up"] == (80, 48)
        assert sizes["down"] == (48, 80)


def test_the_gate_is_the_upper_half(shape: Shape):
    """ChatGLM's `silu(x[0]) * x[1]` over `chunk(2)`, and transformers' GlmMLP."""
    (gate,), (up,) = weights.places(shape).layers[0].gate, weights.places(shape).layers[0].up
    assert gate.name == up.name
    assert (gate.start, gate.stop, up.start, up.stop) == (0, 80, 80, 160)


def test_a_tied_output_is_the_embedding_and_may_be_stored_beside_it(shape: Shape):
    name = weights.places(shape).output[0].name
    tied = replace(shape, tied=True)
    assert weights.places(tied).output == weights.places(tied).embedding
    assert weights.is_spare(name, tied)
    assert not weights.is_spare(name, shape)


def test_a_model_without_biases_has_no_place_for_them(shape: Shape):
    names = {rows.name for rows in weights.every(weights.places(replace(shape, qkv_bias=False)))}
    assert names
    assert not [name for name in names if name.endswith(".bias")]
