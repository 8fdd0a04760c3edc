"""Hard negatives: what BM25 and the embedder propose, and the margin that keeps unmarked answers out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from training.data.mining import Meaning, Miner, Mining

TEXTS = ["right", "as right", "near", "far", "opposite"]
COSINES = [0.9, 0.89, 0.7, 0.2, -0.5]


class Compass:
    """Vectors of the plane: each text stands at the angle of its cosine with every question."""

    id = "compass@1"
    dimension = 2
    languages = ("en",)

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += texts
        cosines = [COSINES[TEXTS.index(text)] for text in texts]
        return np.array([(cosine, (1 - cosine**2) ** 0.5) for cosine in cosines], np.float32)

    def embed_query(self, text: str) -> np.ndarray:
        return np.array([1, 0], np.float32)


def test_what_scores_almost_as_the_right_passage_is_left_out(tmp_path: Path):
    miner = Miner(TEXTS, Mining(bm25=False, margin=0.05), Meaning(Compass(), tmp_path))
    assert list(miner.candidates("?", "en", [0])) == [2, 3]
    miner = Miner(TEXTS, Mining(bm25=False, margin=0.0), Meaning(Compass(), tmp_path))
    assert list(miner.candidates("?", "en", [0])) == [1, 2, 3]


def test_bm25_has_its_margin_too():
    texts = ["the red mill of 1712", "the red mill of 1713", "the red bridge", "nothing"]
    miner = Miner(texts, Mining(bm25=True, margin=0.05), None)
    assert list(miner.candidates("when was the red mill built", "en", [0])) == [2]


def test_the_embedder_may_refuse_what_bm25_proposes(tmp_path: Path):
    texts = [*TEXTS]
    mining = Mining(bm25=True, margin=0.05)
    by_words = list(Miner(texts, Mining(bm25=True, margin=0.0), None).candidates("right", "en", [0]))
    assert 1 in by_words
    both = list(Miner(texts, mining, Meaning(Compass(), tmp_path)).candidates("right near", "en", [0]))
    assert 1 not in both
    assert set(both) == {2, 3}


def test_a_language_that_the_embedder_does_not_read_is_left_to_bm25(tmp_path: Path):
    embedder = Compass()
    miner = Miner(TEXTS, Mining(bm25=True, margin=0.0), Meaning(embedder, tmp_path))
    assert list(miner.candidates("right", "zh", [0])) == [1]
    assert embedder.embedded == []


def test_only_the_best_by_words_are_embedded(tmp_path: Path):
    embedder = Compass()
    miner = Miner(TEXTS, Mining(bm25=True, margin=0.0, only_top=1), Meaning(embedder, tmp_path))
    assert list(dict.fromkeys(miner.candidates("right", "en", [0]))) == [1]
    assert embedder.embedded == ["right", "as right"]


def test_vectors_are_kept_for_the_next_run(tmp_path: Path):
    first, second = Compass(), Compass()
    mining = Mining(bm25=False, margin=0.05)
    before = list(Miner(TEXTS, mining, Meaning(first, tmp_path)).candidates("?", "en", [0]))
    [file] = tmp_path.iterdir()
    with file.open("ab") as cut_off:
        cut_off.write(b"half an ent")
    assert list(Miner(TEXTS, mining, Meaning(second, tmp_path)).candidates("?", "en", [0])) == before
    assert (len(first.embedded), len(second.embedded)) == (len(TEXTS), 0)


def test_another_embedder_has_vectors_of_its_own(tmp_path: Path):
    first, second = Compass(), Compass()
    second.id = "compass@2"
    for embedder in (first, second):
        list(Miner(TEXTS, Mining(bm25=False, margin=0.05), Meaning(embedder, tmp_path)).candidates("?", "en", [0]))
    assert len(second.embedded) == len(TEXTS)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_right_passage_no_candidates(lang: str, tmp_path: Path):
    miner = Miner(TEXTS, Mining(bm25=True, margin=0.05), Meaning(Compass(), tmp_path))
    assert list(miner.candidates("right", lang, [])) == []
