"""A hub-shaped BGE becomes a model that works and says how it was trained, or is refused in one sentence."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from bge_folders import WORDS, Network, TensorProto, make_folder, point_elsewhere, write
from refusing import reason

from engine.config import SHIPPED_MODELS
from engine.errors import BrokenInstallation, Code, EngineError, UsageError
from engine.models.catalog import Models
from engine.models.embedder import Embedder
from engine.models.instructions import BGE_QUERY_PREFIX
from engine.models.manifest import Manifest
from engine.texts import say_error


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(SHIPPED_MODELS, tmp_path / "models")


def refusal(models: Models, folder: Path, **options: str) -> EngineError:
    with pytest.raises(EngineError) as caught:
        models.add(folder, **options)
    assert len(models.list()) == 1  # the shipped one
    assert say_error(caught.value, "en") != say_error(caught.value, "zh")
    assert ".importing" not in say_error(caught.value, "en")
    return caught.value


def test_bge_is_imported_as_it_was_trained(models, tmp_path):
    source = make_folder(tmp_path / "bge-tiny-zh-v1.5")
    (source / "README.md").write_text("---\nlicense: mit\nlanguage:\n- zh\n---\n# A card", "utf-8")
    manifest = models.add(source)
    shutil.rmtree(source)
    folder = models.folder("bge-tiny-zh-v1.5")
    assert models.check("bge-tiny-zh-v1.5") == manifest == Manifest.load(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "model.onnx", "tokenizer.json"]
    assert (manifest.kind, manifest.dimension, manifest.max_tokens) == ("embedder", 8, 64)
    assert (manifest.pooling, manifest.normalise, manifest.precision) == ("cls", True, "float32")
    assert (manifest.query_prefix, manifest.passage_prefix) == (BGE_QUERY_PREFIX["zh"], "")
    assert manifest.scale is not None
    assert (manifest.languages, manifest.licence, manifest.base_model) == (("zh",), "MIT", "bge-tiny-zh-v1.5")


def test_questions_get_the_instruction_and_passages_do_not(models, tmp_path):
    models.add(make_folder(tmp_path / "bge-tiny-zh"))
    plain = models.add(tmp_path / "bge-tiny-zh", name="plain", query_prefix="")
    instructed, bare = (Embedder.open(models.folder(name), 1) for name in ("bge-tiny-zh", "plain"))
    assert plain.query_prefix == ""
    assert np.array_equal(instructed.embed_query("水"), bare.embed_query(BGE_QUERY_PREFIX["zh"] + "水"))
    assert np.array_equal(instructed.embed_passages(["水"]), bare.embed_passages(["水"]))


def test_query_prefix_of_a_model_of_ours_can_be_changed(models, tmp_path):
    first = models.add(make_folder(tmp_path / "bge-tiny-en"))
    again = models.add(models.folder(first.name), name="again", query_prefix="query: ")
    assert (again.query_prefix, again.files) == ("query: ", first.files)


@pytest.mark.parametrize("where", ["model.onnx", "onnx/model.onnx"])
def test_weights_in_a_file_beside_the_graph_come_along(models, tmp_path, where):
    source = make_folder(tmp_path / "bge-beside", Network(beside="model.onnx_data"), where)
    whole = make_folder(tmp_path / "bge-whole", Network())
    beside = models.add(source)
    models.add(whole)
    shutil.rmtree(source)
    # the first file names the vectors: it must be the one that holds the weights
    assert [file.name for file in beside.files] == ["model.onnx_data", "model.onnx", "tokenizer.json"]
    one, other = (Embedder.open(models.folder(name), 1).embed_query("word 水") for name in ("bge-beside", "bge-whole"))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("beside", ["", "weights.data"])
def test_int8_on_request(models, tmp_path, beside):
    source = make_folder(tmp_path / "bge-tiny", Network(beside=beside))
    whole = models.add(source)
    small = models.add(source, "int8", "small")
    folder = models.folder("small")
    assert (whole.precision, small.precision) == ("float32", "int8")
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "model.onnx", "tokenizer.json"]
    vectors, wanted = (Embedder.open(models.folder(name), 1).embed_query("word") for name in ("small", "bge-tiny"))
    assert 0.98 < vectors @ wanted < 0.99999999
    error = refusal_of(models, folder, "int8")
    assert error.code == Code.ALREADY_CONVERTED


def refusal_of(models: Models, folder: Path, compute_type: str) -> EngineError:
    with pytest.raises(EngineError) as caught:
        models.add(folder, compute_type, "another")
    return caught.value


def test_precision_of_the_file_is_kept_and_told(models, tmp_path):
    half = make_folder(tmp_path / "bge-half", Network(dtype="float16"))
    assert models.add(half).precision == "float16"
    assert refusal_of(models, half, "int8").code == Code.ALREADY_CONVERTED
    error = refusal_of(models, make_folder(tmp_path / "bge-full"), "int4")
    assert (error.code, error.facts["known"]) == (Code.NO_SUCH_COMPUTE_TYPE, "int8, float32")


@pytest.mark.parametrize("output", ["last_hidden_state", "token_embeddings", "hidden"])
def test_network_with_other_names_and_32_bit_ids(models, tmp_path, output):
    models.add(make_folder(tmp_path / "bge-tiny", Network(output=output, ids=TensorProto.INT32)))
    assert Embedder.open(models.folder("bge-tiny"), 1).embed_query("word").shape == (8,)


def test_generator_has_no_query_prefix(models, tmp_path):
    (tmp_path / "glm").mkdir()
    (tmp_path / "glm" / "config.json").write_text('{"model_type": "chatglm"}', "utf-8")
    error = refusal(models, tmp_path / "glm", query_prefix="query: ")
    assert (error.code, error.exit_code) == (Code.NO_QUERIES, 2)


def test_torch_weights_alone_name_the_command_that_exports_them(models, tmp_path):
    source = make_folder(tmp_path / "bge-torch", None)
    error = refusal(models, source)
    assert error.code == Code.NOT_EXPORTED
    assert f"python -m training.export_embedder --model {source} --out" in say_error(error, "en")


# ---- damaged and hostile folders


NETWORKS = {
    "few_vectors": Network(rows=len(WORDS) - 1),
    "few_positions": Network(positions=63),
    "no_states": Network(pooled=True, output="sentence_embedding"),
    "unusable_file": Network(domain="com.example"),
    "no_length": Network(value=float("nan")),
}


@pytest.mark.parametrize("why", NETWORKS)
def test_network_that_cannot_serve(models, tmp_path, why, capfd):
    error = refusal(models, make_folder(tmp_path / "bge-bad", NETWORKS[why]))
    assert (error.code, error.facts["why"]) == (Code.BAD_MODEL, why)
    assert error.facts["path"] == str(tmp_path / "bge-bad")
    assert capfd.readouterr() == ("", "")  # onnxruntime would print what it also raises


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_truncated_network(models, tmp_path, share):
    source = make_folder(tmp_path / "bge-bad")
    path = source / "onnx" / "model.onnx"
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert reason(refusal(models, source)) == "onnx/model.onnx is damaged"


def test_network_of_something_else(models, tmp_path):
    source = make_folder(tmp_path / "bge-bad")
    (source / "onnx" / "model.onnx").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "utf-8")
    assert reason(refusal(models, source)) == "onnx/model.onnx is damaged"


@pytest.mark.parametrize("place", ["../../secret", "/etc/hostname", "C:\\secret", "a\\..\\..\\secret"])
def test_weights_outside_of_the_folder(models, tmp_path, place):
    source = make_folder(tmp_path / "bge-bad", Network(beside="weights"), "model.onnx")
    point_elsewhere(source / "model.onnx", place)
    error = refusal(models, source)
    assert (error.facts["why"], error.facts["file"]) == ("names_outside", "model.onnx")


def test_missing_truncated_and_misnamed_weights_beside_the_graph(models, tmp_path):
    source = make_folder(tmp_path / "bge-bad", Network(beside="weights"), "model.onnx")
    (source / "weights").write_bytes(b"\0" * 10)
    assert refusal(models, source).facts["why"] == "unusable_file"
    (source / "weights").unlink()
    assert reason(refusal(models, source)) == "weights is missing"
    (source / "weights").mkdir()
    (source / "Model.json").write_bytes(b"\0" * 10000)
    point_elsewhere(source / "model.onnx", "Model.json")
    assert refusal(models, source).facts["why"] == "names_taken"


def test_folder_without_a_network_or_a_tokenizer(models, tmp_path):
    source = make_folder(tmp_path / "bge-bad")
    (source / "vocab.txt").unlink()
    assert reason(refusal(models, source)) == "there is neither tokenizer.json nor vocab.txt in it"
    shutil.rmtree(source / "onnx")
    assert reason(refusal(models, source)) == "there is no model.onnx in it"


def test_tokenizer_that_marks_no_start_does_not_go_with_cls(models, tmp_path):
    models.add(make_folder(tmp_path / "bge-good"))
    source = make_folder(tmp_path / "bge-bad")
    text = json.loads((models.folder("bge-good") / "tokenizer.json").read_text("utf-8"))
    write(source / "tokenizer.json", text | {"post_processor": None})
    with pytest.raises(BrokenInstallation) as caught:
        models.add(source)
    assert caught.value.facts["why"] == "no_start_token"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_failed_import_leaves_nothing(models, tmp_path, monkeypatch, number):
    def fail(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("engine.models.encoder_importing.shutil.copyfile", fail)
    error = refusal(models, make_folder(tmp_path / "bge-tiny"))
    assert error.code == (Code.NO_SPACE if number == errno.ENOSPC else Code.CANNOT_WRITE)
    assert [*(tmp_path / "models").iterdir()] == []


def test_too_small_a_disk_is_told_before_anything_is_written(models, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=10**6)
    monkeypatch.setattr("engine.models.encoder_importing.shutil.disk_usage", lambda _: usage)
    assert refusal(models, make_folder(tmp_path / "bge-tiny")).code == Code.NO_SPACE_FOR_MODEL
    assert not (tmp_path / "models").exists()


def test_existing_name_is_refused(models, tmp_path):
    source = make_folder(tmp_path / "bge-tiny")
    models.add(source)
    with pytest.raises(UsageError) as caught:
        models.add(source)
    assert caught.value.code == Code.MODEL_EXISTS
