"""A tiny BERT with its own vocabulary, and triplets in its words: nothing is downloaded, all is small."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    import torch
    from tokenizers.implementations import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel

SUBJECTS = [
    f"{first}{second}" for first in ("ka", "lo", "mi", "nu", "pe", "ra") for second in ("tan", "dor", "vel", "som")
]
WORDS = ("what", "is", "the", "of", "in", "and", "was", "made", "river", "city", "year", "is", "old", "big")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def write_bert(folder: Path, *, width: int = 32, layers: int = 2, words: tuple[str, ...] = (), seed: int = 0) -> Path:
    """A hub-shaped BERT folder with tokenizer.json and vocab.txt, its weights drawn by `seed`."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = [
        f"{mark}{letter}"
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789为这个句子生成表示以用于检索相关文章"
        for mark in ("", "##")
    ]
    vocabulary = list(dict.fromkeys([*SPECIAL, *letters, *WORDS, *SUBJECTS, *words, ".", ",", ":", "?", "："]))
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    ids = {token: id for id, token in enumerate(vocabulary)}
    BertWordPieceTokenizer(ids).save(str(folder / "tokenizer.json"))
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * width,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    return folder


def triplet(subject: str, number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "query": f"what is the river of {subject} {number}?",
        "pos": [f"{subject} is the city in the river {number}."],
        "neg": [f"the year of {subject} was {number} {other}." for other in WORDS[:5]],
        "lang": "en",
        "source": "made",
        "document": f"{subject}-{number}",
    } | more


def write_triplets(path: Path, count: int = 24, **more: Any) -> Path:
    rows = [triplet(SUBJECTS[number % len(SUBJECTS)], number, **more) for number in range(count)]
    return write_lines(path, rows)


def write_lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path
