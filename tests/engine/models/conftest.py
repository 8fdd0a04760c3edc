"""A model small enough to read: each word of a nine-word vocabulary has a vector, and there are no layers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from engine.hashing import sha256_of
from engine.models.manifest import Manifest, ModelFile

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "green", "blue", "query", ":")

MakeModel = Callable[..., Path]


@pytest.fixture
def make_model(tmp_path: Path) -> MakeModel:
    """make_model(name="tiny", table=..., **manifest fields) -> a model folder that verifies."""

    def make(name: str = "tiny", table: np.ndarray | None = None, **fields: object) -> Path:
        folder = tmp_path / "made" / name
        folder.mkdir(parents=True)
        vectors = np.eye(len(WORDS), dtype=np.float32) if table is None else table
        write_network(folder / "model.onnx", vectors)
        write_tokenizer(folder / "tokenizer.json")
        card = Manifest(name, "embedder", (), max_tokens=8, dimension=vectors.shape[1], pooling="mean", normalise=True)
        files = tuple(ModelFile(file, sha256_of(folder / file)) for file in ("model.onnx", "tokenizer.json"))
        replace(card, files=files, **fields).save(folder)
        return folder

    return make


def write_network(path: Path, table: np.ndarray) -> None:
    """input_ids (1, tokens) -> table[input_ids] (1, tokens, dimension)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # inside onnx, at its import
        from onnx import TensorProto, helper, numpy_helper, save
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
    states = helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "tokens", table.shape[1]])
    look_up = helper.make_node("Gather", ["table", "input_ids"], ["states"])
    graph = helper.make_graph([look_up], "tiny", [ids], [states], [numpy_helper.from_array(table, "table")])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def write_tokenizer(path: Path) -> None:
    tokenizer = Tokenizer(WordPiece({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.save(str(path))
