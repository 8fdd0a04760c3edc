"""A ChatGLM3 folder in transformers' own classes: what it computes, and what it holds."""

from __future__ import annotations

from pathlib import Path

import bitsandbytes as bnb
import chatglm_reference
import numpy as np
import pytest
import torch
from chatglm_folders import Layout, Tiny, make_folder, random_weights

from training.chatglm.base import Base
from training.chatglm.loading import load

IDS = [5, 300, 17, 260, 261, 400, 2, 33]


@pytest.mark.parametrize("layout", ["chatglm", "glm"])
@pytest.mark.parametrize("tiny", [Tiny(), Tiny(groups=1, channels=12, rope_ratio=50.0)], ids=["plain", "other"])
def test_it_computes_what_an_independent_reading_does(tmp_path: Path, layout: Layout, tiny: Tiny) -> None:
    """Also where the rotation turns slower, one group serves all heads, and heads * channels is not `hidden`."""
    model = load(Base(make_folder(tmp_path / "model", tiny, layout=layout)), torch.float32, quiet=True)
    with torch.no_grad():
        logits = model(torch.tensor([IDS])).logits[0].numpy()
    np.testing.assert_allclose(logits, chatglm_reference.logits(random_weights(tiny), tiny, IDS), atol=2e-4, rtol=1e-4)


def test_quantised_layers_are_close_and_frozen(tmp_path: Path) -> None:
    base = Base(make_folder(tmp_path / "model", Tiny(hidden=128, ffn=192)))
    exact, quantised = (load(base, torch.float32, quantise=choice, quiet=True) for choice in (False, True))
    layers = [module for module in quantised.modules() if isinstance(module, bnb.nn.Linear4bit)]
    assert len(layers) == 2 * 6  # q, k, v, o, gate_up and down of both layers; not the output layer
    assert not any(parameter.requires_grad for parameter in quantised.parameters())
    with torch.no_grad():
        one, other = (model(torch.tensor([IDS])).logits for model in (exact, quantised))
    assert torch.nn.functional.cosine_similarity(one, other, dim=-1).min() > 0.9
    assert not torch.equal(one, other)


def test_a_quantised_matrix_takes_four_bits(tmp_path: Path) -> None:
    model = load(Base(make_folder(tmp_path / "model")), torch.float32, quantise=True, quiet=True)
    projection = model.model.layers[0].mlp.gate_up_proj
    assert projection.weight.numel() * projection.weight.itemsize * 2 == 2 * 96 * 64


def test_the_type_that_is_computed_in_is_chosen(tmp_path: Path) -> None:
    model = load(Base(make_folder(tmp_path / "model")), torch.bfloat16, quantise=True, quiet=True)
    assert model.lm_head.weight.dtype == model.model.layers[0].self_attn.q_proj.bias.dtype == torch.bfloat16
    with torch.no_grad():
        assert model(torch.tensor([IDS])).logits.dtype == torch.bfloat16
