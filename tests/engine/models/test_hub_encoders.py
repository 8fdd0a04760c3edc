"""What a hub-shaped folder says of an encoder, in all the ways in which it can be said."""

from __future__ import annotations

from pathlib import Path

import pytest
from bge_folders import make_folder, write
from refusing import reason

from engine.errors import BrokenInstallation, Code
from engine.models import hub_encoders
from engine.models.hub_encoders import Encoder
from engine.models.instructions import BGE_QUERY_PREFIX


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "bge-tiny-en")


def refusal(folder: Path) -> BrokenInstallation:
    with pytest.raises(BrokenInstallation) as caught:
        hub_encoders.read(folder)
    return caught.value


def without(folder: Path, *names: str) -> Encoder:
    for name in names:
        (folder / name).unlink()
    return hub_encoders.read(folder)


# ---- how states become one vector


@pytest.mark.parametrize(
    ("settings", "pooling"),
    [
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
        ({"pooling_mode_mean_tokens": True}, "mean"),
        ({"pooling_mode": "cls", "include_prompt": True}, "cls"),
        ({"pooling_mode": "mean"}, "mean"),
        ({"pooling_mode": ["mean"]}, "mean"),
    ],
)
def test_pooling_of_old_and_new_versions(folder, settings, pooling):
    write(folder / "1_Pooling" / "config.json", settings)
    assert hub_encoders.read(folder).pooling == pooling


@pytest.mark.parametrize(
    ("settings", "mode"),
    [
        ({"pooling_mode_max_tokens": True}, "max"),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}, "cls + mean"),
        ({"pooling_mode": "lasttoken"}, "lasttoken"),
        ({"pooling_mode_cls_token": False}, "none"),
        ({"pooling_mode": "mean", "include_prompt": False}, "mean, include_prompt: false"),
    ],
)
def test_pooling_that_cannot_be_served_is_named(folder, settings, mode):
    write(folder / "1_Pooling" / "config.json", settings)
    error = refusal(folder)
    assert error.code == Code.NOT_AN_EMBEDDER
    assert reason(error) == f"1_Pooling/config.json asks for the pooling '{mode}'"


def test_pooling_stands_where_the_modules_say(folder):
    modules = [
        {"path": "", "type": "sentence_transformers.base.modules.transformer.Transformer"},
        {"path": "2_Pooling", "type": "sentence_transformers.sentence_transformer.modules.pooling.Pooling"},
    ]
    write(folder / "modules.json", modules)
    write(folder / "2_Pooling" / "config.json", {"pooling_mode": "mean"})
    encoder = hub_encoders.read(folder)
    assert (encoder.pooling, encoder.normalise) == ("mean", False)


def test_bge_without_a_word_on_pooling_has_cls(folder):
    encoder = without(folder, "modules.json", "1_Pooling/config.json")
    assert (encoder.pooling, encoder.normalise) == ("cls", True)


def test_another_model_must_say_its_pooling(tmp_path):
    folder = make_folder(tmp_path / "some-encoder")
    (folder / "1_Pooling" / "config.json").unlink()
    error = refusal(folder)
    assert (error.code, error.facts["why"]) == (Code.NOT_AN_EMBEDDER, "no_pooling")


def test_module_that_cannot_be_served_is_named(folder):
    write(folder / "modules.json", [{"path": "", "type": "a.Transformer"}, {"path": "2_Dense", "type": "a.Dense"}])
    assert reason(refusal(folder)) == "it has a module of the kind Dense, which cannot be served"


@pytest.mark.parametrize("modules", [[1], {"type": 1}, [{"path": ""}], "text", 5])
def test_modules_that_are_none(folder, modules):
    write(folder / "modules.json", modules)
    assert reason(refusal(folder)) == "modules.json is not a list of modules"


def test_modules_may_not_lead_out_of_the_folder(folder):
    write(folder / "modules.json", [{"path": "../secret", "type": "a.Pooling"}])
    assert refusal(folder).facts["why"] == "names_outside"


# ---- how much it reads


@pytest.mark.parametrize(
    ("transformer", "tokenizer", "config", "tokens"),
    [
        ({"max_seq_length": 48}, {"model_max_length": 512}, {"max_position_embeddings": 64}, 48),
        ({"max_seq_length": 512}, {}, {"max_position_embeddings": 64}, 64),
        ({"max_seq_length": None}, {"model_max_length": 50}, {"max_position_embeddings": 64}, 50),
        ({}, {"model_max_length": 10**30}, {"max_position_embeddings": 2048}, 512),
        ({}, {"model_max_length": 1e30}, {}, 512),
        ({"max_seq_length": 512}, {}, {"max_position_embeddings": 514, "model_type": "xlm-roberta"}, 512),
    ],
)
def test_as_many_tokens_as_were_trained_and_have_positions(folder, transformer, tokenizer, config, tokens):
    write(folder / "sentence_bert_config.json", transformer)
    write(folder / "tokenizer_config.json", tokenizer)
    write(folder / "config.json", config)
    assert hub_encoders.read(folder).max_tokens == tokens


@pytest.mark.parametrize("count", [0, -1, 2, True, "512", 1.5])
def test_impossible_numbers_of_tokens(folder, count):
    write(folder / "sentence_bert_config.json", {"max_seq_length": count})
    assert refusal(folder).facts["why"] == "wrong_value"


# ---- what goes before a text


def test_prompts_of_the_model_go_before_those_of_bge(folder):
    write(folder / "config_sentence_transformers.json", {"prompts": {"query": "Q: ", "document": "D: "}})
    encoder = hub_encoders.read(folder)
    assert (encoder.query_prefix, encoder.passage_prefix) == ("Q: ", "D: ")


@pytest.mark.parametrize(("english", "prefix"), [("Q: ", "Q: "), ("", "")])
def test_what_our_training_wrote_for_the_models_language_is_meant(folder, english, prefix):
    write(folder / "config_sentence_transformers.json", {"prompts": {"query_zh": "问：", "query_en": english}})
    assert hub_encoders.read(folder).query_prefix == prefix


def test_empty_prompts_are_what_version_5_writes_by_itself(folder):
    write(folder / "config_sentence_transformers.json", {"prompts": {"query": "", "document": ""}})
    assert hub_encoders.read(folder).query_prefix == BGE_QUERY_PREFIX["en"]


def test_language_of_a_nameless_bge_is_seen_in_its_words(tmp_path):
    folder = make_folder(tmp_path / "bge-mine")
    (folder / "vocab.txt").write_text("\n".join("[PAD] [UNK] [CLS] [SEP] 水 在 时 a".split()), "utf-8")
    encoder = hub_encoders.read(folder)
    assert (encoder.query_prefix, encoder.languages) == (BGE_QUERY_PREFIX["zh"], ("zh",))


def test_base_model_says_that_it_is_a_bge(tmp_path):
    folder = make_folder(tmp_path / "model")
    (folder / "README.md").write_text("---\nbase_model: BAAI/bge-small-zh-v1.5\n---\n", "utf-8")
    encoder = hub_encoders.read(folder)
    assert (encoder.query_prefix, encoder.base_model) == (BGE_QUERY_PREFIX["zh"], "BAAI/bge-small-zh-v1.5")


def test_hub_cache_is_called_by_its_repository(tmp_path):
    folder = make_folder(tmp_path / "models--BAAI--bge-small-zh-v1.5" / "snapshots" / "0123abcd")
    assert hub_encoders.called(folder) == "bge-small-zh-v1.5"
    assert hub_encoders.read(folder).query_prefix == BGE_QUERY_PREFIX["zh"]


# ---- damaged files


NAMES = ("config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "tokenizer_config.json")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_damaged_file_is_named(folder, name, content):
    (folder / name).write_bytes(content)
    error = refusal(folder)
    assert (error.code, error.facts["file"]) == (Code.BAD_MODEL, name)


def test_folder_of_nothing_known_is_left_to_others(tmp_path):
    assert not hub_encoders.looks_like_one(tmp_path)
    (tmp_path / "config.json").write_text("{", "utf-8")
    assert not hub_encoders.looks_like_one(tmp_path)
    write(tmp_path / "config.json", {"model_type": "chatglm"})
    assert not hub_encoders.looks_like_one(tmp_path)
    write(tmp_path / "config.json", {"model_type": "bert"})
    assert hub_encoders.looks_like_one(tmp_path)
