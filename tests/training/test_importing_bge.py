"""A BGE of real size in the hub's shape: what the engine serves is what sentence-transformers makes of the folder."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bge_folders
import numpy as np
import pytest

from engine.models.catalog import Models
from engine.models.embedder import Embedder
from engine.models.instructions import BGE_QUERY_PREFIX
from training.parity_texts import CHINESE, SHORT

for package in ("torch", "optimum.onnxruntime", "sentence_transformers"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # inside these packages, at their import
        pytest.importorskip(package, reason=f"{package} comes with the training extra")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import torch
    from optimum.exporters.onnx import onnx_export_from_model
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
TEXTS = (*SHORT, *CHINESE, CHINESE[-1] * 3)
FEW = ("", "Hello", "本产品在室温下保存，避免阳光直射。", CHINESE[-1])  # for the large one
BOUND = 1e-4

# The exporter's tracing and torch's older export path warn about themselves.
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning", "ignore::torch.jit.TracerWarning"
)


def vocabulary(size: int) -> list[str]:
    """As BERT-Chinese's is made: special ones, letters, and Chinese characters alone and inside of words."""
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *LETTERS,
        *(f"##{letter}" for letter in LETTERS),
        *".,?!:；，。？",
    ]
    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    words += [*characters[: (size - len(words)) // 2]]
    words += [f"##{character}" for character in characters[: size - len(words)]]
    assert len({*words}) == size
    return words


@dataclass(frozen=True)
class Base:
    """BGE-base-zh's shape with random weights, and what sentence-transformers makes of it."""

    folder: Path  # 400 MB for PyTorch, as many for ONNX
    vectors: np.ndarray  # (FEW, 768): of passages
    question: np.ndarray  # (768,): of the last, with the instruction


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    config = BertConfig(vocab_size=21128, initializer_range=0.05)
    folder = make_folder(tmp_path_factory.mktemp("base") / "bge-base-zh-v1.5", config)
    original = SentenceTransformer(str(folder), device="cpu")
    vectors = original.encode(list(FEW), batch_size=1)
    yield Base(folder, vectors, original.encode(FEW[-1], prompt=BGE_QUERY_PREFIX["zh"]))
    shutil.rmtree(folder)


def make_folder(folder: Path, config: BertConfig) -> Path:
    bge_folders.make_folder(folder, None)
    (folder / "model.safetensors").unlink()
    (folder / "vocab.txt").write_text("\n".join(vocabulary(config.vocab_size)), "utf-8")
    bge_folders.write(folder / "sentence_bert_config.json", {"max_seq_length": 512, "do_lower_case": True})
    pooling = {"word_embedding_dimension": config.hidden_size, "pooling_mode_cls_token": True}
    bge_folders.write(folder / "1_Pooling" / "config.json", pooling | {"pooling_mode_mean_tokens": False})
    torch.manual_seed(0)
    config._attn_implementation = "eager"
    model = BertModel(config).eval()
    model.save_pretrained(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        onnx_export_from_model(model, folder / "exported", task="feature-extraction", do_validation=False)
    (folder / "onnx").mkdir()
    for path in (folder / "exported").glob("model.onnx*"):
        path.rename(folder / "onnx" / path.name)
    shutil.rmtree(folder / "exported")
    return folder


def test_base_is_served_as_sentence_transformers_serves_it(base, tmp_path):
    models = Models(tmp_path / "none", tmp_path / "models")
    manifest = models.add(base.folder)
    assert (manifest.dimension, manifest.max_tokens, manifest.pooling) == (768, 512, "cls")
    assert (manifest.query_prefix, manifest.languages) == (BGE_QUERY_PREFIX["zh"], ("zh",))
    embedder = Embedder.open(models.folder(manifest.name), threads=1)
    found = embedder.embed_passages(FEW)
    assert np.abs(found - base.vectors).max() <= BOUND
    assert (found @ found.T)[~np.eye(len(FEW), dtype=bool)].max() < 0.99  # the texts are told apart
    question = embedder.embed_query(FEW[-1])
    assert np.abs(question - base.question).max() <= BOUND
    assert np.abs(question - found[-1]).max() > 100 * BOUND
    shutil.rmtree(models.folder(manifest.name))


def test_int8_is_a_quarter_and_near(tmp_path):
    """Two layers of that size: all twelve take half a minute to quantise."""
    config = BertConfig(vocab_size=21128, num_hidden_layers=2, initializer_range=0.05)
    folder = make_folder(tmp_path / "bge-flat-zh", config)
    models = Models(tmp_path / "none", tmp_path / "models")
    manifest = models.add(folder, "int8")
    (installed,) = models.list()
    assert manifest.precision == "int8"
    assert installed.size_bytes < 0.3 * (folder / "onnx" / "model.onnx").stat().st_size
    wanted = SentenceTransformer(str(folder), device="cpu").encode(list(FEW), batch_size=1)  # (FEW, 768)
    found = Embedder.open(installed.folder, threads=1).embed_passages(FEW)
    assert (found * wanted).sum(axis=1).min() > 0.98
    shutil.rmtree(folder)
    shutil.rmtree(installed.folder)


@pytest.mark.parametrize("pooling", ["cls", "mean"])
@pytest.mark.parametrize("cased", [False, True])
def test_tiny_is_served_as_sentence_transformers_serves_it(tmp_path, pooling, cased):
    tiny = BertConfig(
        vocab_size=1000,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.2,
    )
    folder = make_folder(tmp_path / "bge-tiny-en", tiny)
    bge_folders.write(folder / "1_Pooling" / "config.json", {"embedding_dimension": 32, "pooling_mode": pooling})
    bge_folders.write(
        folder / "tokenizer_config.json", {"do_lower_case": not cased, "tokenizer_class": "BertTokenizer"}
    )
    bge_folders.write(folder / "sentence_bert_config.json", {"max_seq_length": 512, "do_lower_case": False})
    models = Models(tmp_path / "none", tmp_path / "models")
    embedder = Embedder.open(models.folder(models.add(folder).name), threads=1)
    wanted = SentenceTransformer(str(folder), device="cpu").encode(list(TEXTS), batch_size=1)  # (n, 32)
    assert np.abs(embedder.embed_passages(TEXTS) - wanted).max() <= BOUND
