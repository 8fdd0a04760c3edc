"""A reader that is no more than a table: its right answers can be worked out by hand.

A passage's relevance is the weight of its words that the question has too, less 1.5; the words that may answer are told
to it. What it computes it computes as a real one: an ONNX network over ids and types, one row at a time.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from engine.hashing import sha256_of
from engine.models.manifest import Calibration, Manifest, ModelFile

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
NEEDED = 1.5  # shared words, less than two of which are no answer

ABOUT = "audit logs backups retained kept boils water 审 计 日 志 保 留"  # what questions and passages share
ANSWERS = "seven ninety hundred 七"  # where what is asked for may start,
UNITS = "years days 年"  # and what it rather ends with
OTHER = "how long are is the for and then destroyed record who opened which file at ? . , 多 久 要 的 期 限 为 。 ？ a"

NOT_MUCH = Calibration(scale=4.0, shift=0.0, bound=0.5, weight=0.6)


def write_reader(folder: Path, *, score: float = 8.0, **fields: object) -> Path:
    """A model folder that verifies; `fields` are the manifest's. `score`: what a word that may answer has."""
    folder.mkdir(parents=True)
    words = [*SPECIAL, *dict.fromkeys(f"{ABOUT} {ANSWERS} {UNITS} {OTHER}".split())]
    starts, ends, shares = ANSWERS.split(), UNITS.split(), ABOUT.split()
    rows = [
        (score * (word in starts), score * (word in starts) + 9.0 * (word in ends), word in shares) for word in words
    ]
    table = np.array(rows, np.float32)
    write_network(folder / "model.onnx", table)
    write_tokenizer(folder / "tokenizer.json", {word: id for id, word in enumerate(words)})
    card = Manifest(folder.name, "reader", (), max_tokens=48, languages=("en", "zh"), reading=NOT_MUCH)
    files = tuple(ModelFile(file, sha256_of(folder / file)) for file in ("model.onnx", "tokenizer.json"))
    replace(card, files=files, **fields).save(folder)
    return folder


def write_network(path: Path, table: np.ndarray) -> None:
    """input_ids and token_type_ids (1, tokens) -> (1, tokens, 3): `table` (words, 3) holds start, end, weight."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # inside onnx, at its import
        from onnx import TensorProto, helper, numpy_helper, save
    names = ("input_ids", "token_type_ids")
    given = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "tokens"]) for name in names]
    scores = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "tokens", 3])
    kept: Mapping[str, np.ndarray] = {
        "table": table,
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "single": np.array(1.0, np.float32),
        "needed": np.array(NEEDED, np.float32),
        "spans": np.array([0, 1], np.int64),
        "weights": np.array(2, np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["looked_up"]),
        helper.make_node("Cast", ["token_type_ids"], ["passage"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["single", "passage"], ["question"]),
        helper.make_node("Unsqueeze", ["input_ids", "two"], ["down"]),
        helper.make_node("Unsqueeze", ["input_ids", "one"], ["across"]),
        helper.make_node("Equal", ["down", "across"], ["equal"]),
        helper.make_node("Cast", ["equal"], ["same"], to=TensorProto.FLOAT),  # (1, tokens, tokens)
        helper.make_node("Unsqueeze", ["question", "one"], ["asked"]),
        helper.make_node("Mul", ["same", "asked"], ["shared"]),
        helper.make_node("ReduceMax", ["shared"], ["met"], axes=[2], keepdims=0),  # (1, tokens)
        helper.make_node("Mul", ["met", "passage"], ["here"]),
        helper.make_node("Gather", ["looked_up", "weights"], ["weight"], axis=2),
        helper.make_node("Mul", ["here", "weight"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "one"], ["sum"], keepdims=1),  # (1, 1)
        helper.make_node("Sub", ["sum", "needed"], ["relevance"]),
        helper.make_node("Mul", ["passage", "needed"], ["some"]),
        helper.make_node("Sub", ["some", "some"], ["nothing"]),
        helper.make_node("Add", ["relevance", "nothing"], ["spread"]),  # (1, tokens)
        helper.make_node("Unsqueeze", ["spread", "two"], ["column"]),
        helper.make_node("Gather", ["looked_up", "spans"], ["ends"], axis=2),
        helper.make_node("Concat", ["ends", "column"], ["logits"], axis=2),
    ]
    held = [numpy_helper.from_array(value, name) for name, value in kept.items()]
    graph = helper.make_graph(nodes, "reader", given, [scores], held)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def write_tokenizer(path: Path, words: dict[str, int]) -> None:
    tokenizer = Tokenizer(WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer.save(str(path))
