"""What a config.json says of a ChatGLM3, and why another model is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from chatglm_folders import Tiny, chatglm_config, glm_config
from refusing import reason

from engine.errors import BrokenInstallation, Code
from engine.models import chatglm
from engine.models.weights import every, places, size


def folder_of(folder: Path, config: dict[str, Any] | str, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.model").write_bytes(b"")
    text = config if isinstance(config, str) else json.dumps(config)
    for name, content in {"config.json": text, **files}.items():
        (folder / name).write_text(content, "utf-8")
    return folder


def refusal(folder: Path, code: Code = Code.BAD_MODEL) -> str:
    with pytest.raises(BrokenInstallation) as caught:
        chatglm.read(folder)
    assert (caught.value.code, caught.value.facts["path"]) == (code, str(folder))
    return reason(caught.value)


def test_both_layouts_say_the_same(tmp_path):
    tiny = Tiny(layers=3, hidden=48, heads=4, groups=2, channels=16, rope_ratio=50, seq_length=32768)
    ours = chatglm.read(folder_of(tmp_path / "hub", chatglm_config(tiny)))
    theirs = chatglm.read(folder_of(tmp_path / "glm", glm_config(tiny)))
    assert (ours.layout, theirs.layout) == ("chatglm", "glm")
    for name in ("layers", "hidden", "heads", "groups", "head_dim", "ffn", "vocabulary", "max_tokens"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.rope_base == theirs.rope_base == 500_000
    assert ours.norm_epsilon == theirs.norm_epsilon == 1e-5
    assert ours.qkv_bias
    assert theirs.qkv_bias
    assert ours.cache_values == 2 * 3 * 4 * 16
    for layer, other in zip(places(ours).layers, places(theirs).layers, strict=True):
        assert size(layer.qkv) == size(other.qkv) == (128, 48)
        assert size(layer.gate) == size(layer.up) == size(other.up)


def test_published_config_and_its_index_agree():
    shared = Path(__file__).parents[3].parent / "shared" / "data" / "vocab" / "chatglm3-6b"
    if not shared.is_dir():
        pytest.skip("the published config is not here")
    shape = chatglm.read(shared)
    assert (shape.layers, shape.hidden, shape.heads, shape.groups, shape.head_dim) == (28, 4096, 32, 2, 128)
    assert (shape.vocabulary, shape.max_tokens, shape.rope_base) == (65024, 8192, 10_000)
    named = json.loads((shared / "pytorch_model.bin.index.json").read_text("utf-8"))["weight_map"]
    assert {rows.name for rows in every(places(shape))} == {*named} - {"transformer.rotary_pos_emb.inv_freq"}


def test_without_shared_keys_each_head_has_its_own(tmp_path):
    config = chatglm_config(Tiny()) | {"multi_query_attention": False}
    assert chatglm.read(folder_of(tmp_path / "a", config)).groups == 4


def test_rotation_as_transformers_5_writes_it(tmp_path):
    config = glm_config(Tiny())
    del config["rope_theta"], config["partial_rotary_factor"]
    config["rope_parameters"] = {"rope_theta": 500_000.0, "partial_rotary_factor": 0.5, "rope_type": "default"}
    assert chatglm.read(folder_of(tmp_path / "a", config)).rope_base == 500_000
    config["rope_parameters"]["partial_rotary_factor"] = 1.0
    assert "partial_rotary_factor 1.0" in refusal(folder_of(tmp_path / "b", config), Code.NOT_CHATGLM3)


def test_our_training_names_its_prompt(tmp_path):
    config = glm_config(Tiny())
    assert chatglm.read(folder_of(tmp_path / "a", config)).prompt_version is None
    config["inkstone_prompt_version"] = "1"
    assert chatglm.read(folder_of(tmp_path / "a", config)).prompt_version == "1"


CHATGLM2 = {"tokenization_chatglm.py": 'special_tokens = ["[MASK]", "[gMASK]", "[sMASK]", "sop", "eop"]'}
CHATGLM3 = {"tokenization_chatglm.py": 'role_special_tokens = ["<|user|>", "<|observation|>"]'}


@pytest.mark.parametrize(
    ("change", "files", "words"),
    [
        ({"architectures": ["BertModel"], "model_type": "bert"}, {}, "describes BertModel"),
        ({"architectures": ["ChatGLMForSequenceClassification"]}, {}, "describes ChatGLMForSequenceClassification"),
        ({"architectures": ["Glm4ForCausalLM"]}, {}, "describes Glm4ForCausalLM"),
        ({"architectures": [], "model_type": "llama"}, {}, "describes llama"),
        ({"architectures": None, "model_type": None}, {}, "no known architecture"),
        ({"_name_or_path": "THUDM/chatglm2-6b"}, {}, "it is a ChatGLM2 model"),
        ({}, {"tokenizer_config.json": '{"name_or_path": "THUDM/chatglm2-6b-32k"}'}, "it is a ChatGLM2 model"),
        ({}, CHATGLM2, "it is a ChatGLM2 model"),
        ({"inner_hidden_size": 16384}, {}, "it is the first ChatGLM"),
        ({"padded_vocab_size": 151552}, {}, "it is a GLM-4 model"),
        ({}, {"tokenizer_config.json": '{"tokenizer_class": "ChatGLM4Tokenizer"}'}, "it is a GLM-4 model"),
        ({"quantization_bit": 4}, {}, "quantised already"),
        ({"pre_seq_len": 128}, {}, "P-Tuning"),
        ({"add_bias_linear": True}, {}, "config.json has add_bias_linear True"),
        ({"post_layer_norm": False}, {}, "config.json has post_layer_norm False"),
        ({"rmsnorm": False}, {}, "config.json has rmsnorm False"),
        (
            {"apply_residual_connection_post_layernorm": True},
            {},
            "config.json has apply_residual_connection_post_layernorm True",
        ),
    ],
)
def test_another_model_is_named(tmp_path, change, files, words):
    folder = folder_of(tmp_path / "a", chatglm_config(Tiny()) | change, **files)
    assert words in refusal(folder, Code.NOT_CHATGLM3)


def test_glm4_in_transformers_layout_is_named(tmp_path):
    folder = folder_of(tmp_path / "a", glm_config(Tiny()) | {"vocab_size": 151552})
    assert "GLM-4" in refusal(folder, Code.NOT_CHATGLM3)
    folder = folder_of(tmp_path / "b", glm_config(Tiny()) | {"vocab_size": 150000})
    (folder / "tokenizer.model").unlink()
    assert "GLM-4" in refusal(folder, Code.NOT_CHATGLM3)


def test_tokenizer_of_chatglm3_outweighs_a_name(tmp_path):
    config = chatglm_config(Tiny()) | {"_name_or_path": "trained/after-chatglm2"}
    assert chatglm.read(folder_of(tmp_path / "a", config, **CHATGLM3)).layers == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"num_layers": 0}, "has 0 as 'num_layers'"),
        ({"num_layers": True}, "has True as 'num_layers'"),
        ({"hidden_size": "64"}, "has '64' as 'hidden_size'"),
        ({"hidden_size": 1 << 40}, "as 'hidden_size'"),
        ({"multi_query_group_num": 3}, "4 attention heads, which 3 groups cannot share"),
        ({"kv_channels": 18}, "heads of 18 values"),
        ({"layernorm_epsilon": -1.0}, "as 'layernorm_epsilon'"),
        ({"layernorm_epsilon": 2.0}, "epsilon"),
        ({"rope_ratio": 0}, "has 0 as 'rope_ratio'"),
        ({"rope_ratio": float("nan")}, "as 'rope_ratio'"),
        ({"seq_length": 2}, "allows 2 tokens"),
        ({"multi_query_attention": "yes"}, "has 'yes' as 'multi_query_attention'"),
        ({"inkstone_prompt_version": 1}, "inkstone_prompt_version"),
    ],
)
def test_numbers_without_sense_are_named(tmp_path, change, words):
    assert words in refusal(folder_of(tmp_path / "a", chatglm_config(Tiny()) | change))


@pytest.mark.parametrize("key", ["num_layers", "kv_channels", "padded_vocab_size", "layernorm_epsilon"])
def test_missing_numbers_are_named(tmp_path, key):
    config = chatglm_config(Tiny())
    del config[key]
    assert f"lacks '{key}'" in refusal(folder_of(tmp_path / "a", config))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "cannot be read"), ("{", "cannot be read"), ("[1]", "is not one JSON object"), ("[" * 100_000, "too deeply")],
)
def test_config_that_is_none_is_refused(tmp_path, text, words):
    found = refusal(folder_of(tmp_path / "a", text))
    assert found.startswith("config.json ")
    assert words in found


def test_folder_without_config_is_refused(tmp_path):
    assert refusal(tmp_path) == "there is no config.json in it"
