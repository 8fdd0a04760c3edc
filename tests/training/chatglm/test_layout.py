"""The same model in both layouts: tensors regrouped, nothing lost, read alike by transformers and by our converter."""

from __future__ import annotations

import json
from pathlib import Path

import chatglm_folders
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import GlmConfig, GlmForCausalLM

from engine.models import chatglm
from training.chatglm.layout import save_chatglm, to_chatglm, to_glm

LAYERS, HEADS, GROUPS, HEAD_DIM = 2, 4, 2, 16


@pytest.fixture
def model() -> GlmForCausalLM:
    torch.manual_seed(0)
    return GlmForCausalLM(
        GlmConfig(
            vocab_size=704, hidden_size=48, intermediate_size=96, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
            num_key_value_heads=GROUPS, head_dim=HEAD_DIM, attention_bias=True, partial_rotary_factor=0.5,
            max_position_embeddings=256, rope_theta=500000.0, rms_norm_eps=1e-5, pad_token_id=0, eos_token_id=2,
        )
    )  # fmt: skip


def test_round_trip_is_exact(model: GlmForCausalLM) -> None:
    weights = model.state_dict()
    back = to_glm(to_chatglm(weights, LAYERS), LAYERS, HEADS, GROUPS, HEAD_DIM)
    assert back.keys() == weights.keys()
    assert all(torch.equal(back[name], weights[name]) for name in weights)


def test_hub_layout_becomes_transformers_own(tmp_path: Path) -> None:
    """A ChatGLM3 written by its own names, and the same one by GLM's: an independent mapping in the tests says so."""
    tiny = chatglm_folders.Tiny()
    hub = load_file(chatglm_folders.make_folder(tmp_path / "hub", tiny) / "model.safetensors")
    glm = load_file(chatglm_folders.make_folder(tmp_path / "glm", tiny, layout="glm") / "model.safetensors")
    mapped = to_glm(hub, tiny.layers, tiny.heads, tiny.groups, tiny.channels)
    assert mapped.keys() == glm.keys()
    assert all(torch.equal(mapped[name], glm[name]) for name in glm)


def test_missing_tensor_is_an_error(model: GlmForCausalLM) -> None:
    weights = model.state_dict()
    del weights["model.layers.1.mlp.down_proj.weight"]
    with pytest.raises(KeyError, match="down_proj"):
        to_chatglm(weights, LAYERS)


def test_saved_folder_is_a_chatglm3(model: GlmForCausalLM, tmp_path: Path) -> None:
    tokenizer = tmp_path / "tokenizer.model"
    tokenizer.write_bytes(chatglm_folders.sentencepiece_model())
    save_chatglm(model, tokenizer, tmp_path / "saved", 256, inkstone_prompt_version="1")
    shape = chatglm.read(tmp_path / "saved")
    assert (shape.layers, shape.heads, shape.groups, shape.head_dim) == (LAYERS, HEADS, GROUPS, HEAD_DIM)
    assert (shape.hidden, shape.ffn, shape.vocabulary, shape.max_tokens) == (48, 96, 704, 256)
    assert (shape.rope_base, shape.prompt_version) == (500000.0, "1")
    saved = load_file(tmp_path / "saved" / "model.safetensors")
    wanted = model.state_dict()["lm_head.weight"].numpy()
    np.testing.assert_allclose(saved["transformer.output_layer.weight"].float().numpy(), wanted, rtol=1e-3, atol=1e-4)
    assert json.loads((tmp_path / "saved" / "config.json").read_text())["architectures"] == ["ChatGLMModel"]
