"""Where the vectors of new words begin."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("opencc", reason="OpenCC comes with the training extra")

from tokenizers import Tokenizer
from tokenizers.implementations import BertWordPieceTokenizer

from training.vocabulary.vectors import first_vectors

KNOWN = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "know", "##ledge", "the", "of", "fish"]


@pytest.fixture(scope="module")
def known() -> Tokenizer:
    return Tokenizer.from_str(BertWordPieceTokenizer({token: id for id, token in enumerate(KNOWN)}).to_str())


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(len(KNOWN), 64)).astype(np.float32)


def nearest(row: np.ndarray, vectors: np.ndarray) -> str:
    middle = vectors.mean(axis=0)
    away = (vectors - middle) / np.linalg.norm(vectors - middle, axis=1, keepdims=True)
    return KNOWN[int(np.argmax(away @ (row - middle)))]


def test_word_begins_beside_its_meaning(known: Tokenizer, vectors: np.ndarray) -> None:
    rows = first_vectors(["猫", "鱼"], {"猫": ("cat",), "鱼": ("the fish",)}, known, vectors)
    assert [nearest(row, vectors) for row in rows] == ["cat", "fish"]


def test_word_without_meaning_begins_between_its_characters(known: Tokenizer, vectors: np.ndarray) -> None:
    rows = first_vectors(["猫", "鱼", "猫鱼"], {"猫": ("cat",), "鱼": ("fish",)}, known, vectors)
    middle = vectors.mean(axis=0)
    between = rows[:2].mean(axis=0) - middle
    found = rows[2] - middle
    assert found @ between / np.linalg.norm(found) / np.linalg.norm(between) == pytest.approx(1, abs=0.01)


def test_word_of_which_nothing_is_known_begins_in_the_middle(known: Tokenizer, vectors: np.ndarray) -> None:
    rows = first_vectors(["龘"], {}, known, vectors)
    np.testing.assert_allclose(rows[0], vectors.mean(axis=0), rtol=1e-6)


def test_words_stand_as_far_out_as_others_do(known: Tokenizer, vectors: np.ndarray) -> None:
    rows = first_vectors(["知"], {"知": ("knowledge of the fish", "cat")}, known, vectors)
    middle = vectors.mean(axis=0)
    usual = np.median(np.linalg.norm(vectors - middle, axis=1))
    assert np.linalg.norm(rows[0] - middle) == pytest.approx(usual, rel=1e-5)
