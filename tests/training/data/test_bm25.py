"""BM25 against its own formula, and its order on small examples."""

from __future__ import annotations

import math

import pytest

from training.data.bm25 import BM25

TEXTS = ["red mills and red bridges", "a bridge", "green mills by the river, and a long way to them", "河上的红色磨坊"]


def test_score_is_the_formula():
    scores = BM25(["red mill red", "mill bridge"]).scores("red")
    rarity = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    length = 1 - 0.75 + 0.75 * 3 / 2.5
    assert scores.tolist() == pytest.approx([rarity * 2 * 2.2 / (2 + 1.2 * length), 0])


def test_inflections_meet_and_asking_words_count_nothing():
    scores = BM25(TEXTS).scores("What is a bridge?")
    assert scores.argmax() == 1
    assert scores[0] > 0 == scores[2]


def test_chinese_is_found_by_pairs_of_characters():
    assert BM25(TEXTS).scores("磨坊在哪里？").argmax() == 3


def test_unknown_words_score_nothing():
    assert not BM25(TEXTS).scores("zeppelin").any()
