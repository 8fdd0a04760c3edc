"""A model folder is believed only when everything that it says about itself is true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from refusing import reason

from engine.config import SHIPPED_MODELS
from engine.errors import BrokenInstallation, Code
from engine.hashing import sha256_of
from engine.models.closeness import CosineScale
from engine.models.manifest import CHAT_TOKENS, Chat, Manifest, ModelFile, is_model_name

SPECIAL_IDS = {name: 91 + place for place, name in enumerate(CHAT_TOKENS)}
CHAT = {"special_ids": SPECIAL_IDS, "end_ids": [2, 96, 98], "cache_values": 512, "weight_bytes": 1000}


@pytest.fixture
def folder(make_model) -> Path:
    return make_model()


def change(folder: Path, **values: object) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


def refusal(folder: Path) -> str:
    """Why the folder is refused; the test fails when it is not."""
    with pytest.raises(BrokenInstallation) as caught:
        Manifest.load(folder).verify(folder)
    assert caught.value.code == Code.BAD_MODEL
    assert caught.value.facts["path"] == str(folder)
    return reason(caught.value)


def test_manifest_comes_back_as_it_was_saved(tmp_path):
    manifest = Manifest(
        name="bge-zh",
        kind="embedder",
        files=(ModelFile("model.onnx", "0" * 64), ModelFile("parts/tokenizer.json", "f" * 64)),
        max_tokens=512,
        dimension=768,
        pooling="cls",
        normalise=True,
        query_prefix="为这个句子生成表示：",
        languages=("zh", "en"),
        scores={"recall_at_1": 0.5},
        precision="int8",
        scale=CosineScale(strange=0.3, right=0.7),
    )
    manifest.save(tmp_path)
    assert Manifest.load(tmp_path) == manifest


def test_id_names_the_weights(folder):
    assert Manifest.load(folder).id == f"tiny@{sha256_of(folder / 'model.onnx')[:12]}"


def test_sound_folder_verifies(folder):
    Manifest.load(folder).verify(folder)


def test_generator_needs_no_dimension(folder):
    change(folder, kind="generator", dimension=None, pooling=None, chat=CHAT)
    assert Manifest.load(folder).dimension is None


def test_chat_comes_back_as_it_was_saved(folder, tmp_path):
    change(folder, kind="generator", chat=CHAT)
    loaded = Manifest.load(folder)
    assert loaded.chat == Chat(SPECIAL_IDS, (2, 96, 98), cache_values=512, weight_bytes=1000)
    loaded.save(tmp_path)
    assert Manifest.load(tmp_path) == loaded


@pytest.mark.parametrize(
    ("chat", "words"),
    [
        (None, "lacks 'chat'"),
        ([], "has [] as 'chat'"),
        ({}, "as 'chat.special_ids'"),
        ({"special_ids": {**SPECIAL_IDS, "sop": True}}, "as 'chat.special_ids'"),
        ({"special_ids": {**SPECIAL_IDS, "sop": -1}}, "as 'chat.special_ids'"),
        ({"special_ids": {"sop": 1}}, "lacks 'chat.special_ids.[gMASK]'"),
        ({"special_ids": {**SPECIAL_IDS, "sop": 91}}, "one id"),
        ({**CHAT, "end_ids": []}, "as 'chat.end_ids'"),
        ({**CHAT, "end_ids": ["2"]}, "as 'chat.end_ids'"),
        ({**CHAT, "cache_values": 0}, "has 0 as 'chat.cache_values'"),
        ({**CHAT, "weight_bytes": 1.5}, "has 1.5 as 'chat.weight_bytes'"),
    ],
)
def test_chat_without_sense_is_refused(folder, chat, words):
    change(folder, kind="generator", chat=chat)
    assert words in refusal(folder)


def test_only_generators_have_a_chat(folder):
    assert "chat" not in json.loads((folder / "model.json").read_text("utf-8"))
    assert Manifest.load(folder).chat is None


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ([], "has [] as 'scale'"),
        ({"right": 0.6}, "has None as 'scale.strange'"),
        ({"strange": 0.1, "right": "0.6"}, "has '0.6' as 'scale.right'"),
        ({"strange": 0.6, "right": 0.6}, "has 0.6 as 'scale.right'"),
    ],
)
def test_scale_without_sense_is_refused(folder, scale, words):
    change(folder, scale=scale)
    assert words in refusal(folder)


def test_folder_without_manifest_is_refused(tmp_path):
    assert refusal(tmp_path) == "there is no model.json in it"


def test_broken_json_is_refused(folder):
    (folder / "model.json").write_text('{"schema": 1,', "utf-8")
    assert refusal(folder).startswith('model.json cannot be read: "')


def test_json_that_is_not_text_is_refused(folder):
    (folder / "model.json").write_bytes(b"\xff\xfe\x00")
    assert refusal(folder).startswith('model.json cannot be read: "')


def test_json_that_is_no_object_is_refused(folder):
    (folder / "model.json").write_text("[1]", "utf-8")
    assert refusal(folder) == "model.json is not one JSON object"


def test_newer_schema_is_refused(folder):
    change(folder, schema=2)
    assert refusal(folder) == "model.json has schema 2, made for a newer Inkstone; this one reads 1"


@pytest.mark.parametrize("key", ["name", "kind", "files", "dimension", "pooling", "query_prefix", "max_tokens"])
def test_missing_key_is_refused(folder, key):
    path = folder / "model.json"
    values = json.loads(path.read_text("utf-8"))
    del values[key]
    path.write_text(json.dumps(values), "utf-8")
    assert refusal(folder) == f"model.json lacks '{key}'"


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("dimension", "9", "model.json has '9' as 'dimension', which should be int / null"),
        ("dimension", True, "model.json has True as 'dimension', which should be int / null"),
        ("dimension", None, "model.json has None as 'dimension'"),
        ("dimension", 0, "model.json has 0 as 'dimension'"),
        ("pooling", "max", "model.json has 'max' as 'pooling', which should be mean / cls"),
        ("normalise", 1, "model.json has 1 as 'normalise', which should be bool"),
        ("kind", "poet", "model.json has 'poet' as 'kind', which should be embedder / reader / generator"),
        ("max_tokens", 2, "model.json has 2 as 'max_tokens'"),
        ("files", [], "model.json names no files"),
        ("files", ["model.onnx"], "model.json lists a file without a 'name' and a 'sha256'"),
        ("languages", [1], "model.json has 1 as 'languages'"),
        ("scores", {"r": "high"}, "model.json has 'high' as 'scores.r'"),
        ("name", "../up", "model.json has '../up' as 'name'; lower case letters, digits and . _ - make one"),
    ],
)
def test_wrong_value_is_refused(folder, key, value, why):
    change(folder, **{key: value})
    assert refusal(folder) == why


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../b", "C:\\x", "..\\x", "", "."])
def test_file_name_may_not_leave_the_folder(folder, name):
    change(folder, files=[{"name": name, "sha256": "0" * 64}])
    assert refusal(folder) == f"model.json names the file {name!r}, which is not inside the folder"


def test_link_may_not_leave_the_folder(folder):
    outside = folder.parent / "outside"
    (folder / "model.onnx").rename(outside)
    (folder / "model.onnx").symlink_to(outside)
    assert refusal(folder) == "model.onnx points out of the folder"


def test_wrong_sha256_is_refused(folder):
    weights = folder / "model.onnx"
    right = sha256_of(weights)
    damaged = bytearray(weights.read_bytes())
    damaged[-1] ^= 1
    weights.write_bytes(damaged)
    assert refusal(folder) == f"model.onnx has sha256 {sha256_of(weights)} instead of {right}"


def test_sha256_that_is_none_is_refused(folder):
    change(folder, files=[{"name": "model.onnx", "sha256": "abc"}])
    assert refusal(folder) == "model.json has 'abc' as the sha256 of model.onnx"


def test_missing_file_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    assert refusal(folder) == "tokenizer.json is missing"


def test_folder_in_place_of_a_file_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.json").mkdir()
    assert refusal(folder) == "tokenizer.json is missing"


@pytest.mark.parametrize("name", ["a", "inkstone-embed-small", "bge.base_zh-1"])
def test_names_of_models(name):
    assert is_model_name(name)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "A", ".hidden", "ends.", "x" * 81, "a\n", "模型"])
def test_names_that_no_model_may_have(name):
    assert not is_model_name(name)


def test_shipped_manifest_is_written_as_it_stands(tmp_path):
    shipped = SHIPPED_MODELS / "inkstone-embed-small"
    Manifest.load(shipped).save(tmp_path)
    assert (tmp_path / "model.json").read_bytes() == (shipped / "model.json").read_bytes()
