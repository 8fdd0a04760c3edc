"""Cosines of different embedders on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from engine.models.closeness import CosineScale, Vectors, measured_scale
from tests.fakes import DIMENSION, WordEmbedder


class Tinted(WordEmbedder):
    """Every vector leans the same way, so that what is unrelated has a high cosine, too."""

    dimension = DIMENSION + 1

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        vector = np.append(super().embed_query(text), 0.5)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def test_two_measured_cosines_are_nought_and_one() -> None:
    scale = CosineScale(strange=0.6, right=0.8)
    assert scale.closeness(0.6) == pytest.approx(0)
    assert scale.closeness(0.8) == pytest.approx(1)
    assert scale.closeness(0.9) == pytest.approx(1.5)


def test_right_passages_are_nearer_than_strange_ones() -> None:
    scale = measured_scale(WordEmbedder())
    assert scale.right > scale.strange + 0.1


def test_models_whose_cosines_are_all_high_get_the_same_closeness() -> None:
    plain, tinted = WordEmbedder(), Tinted()
    for language in ("en", "zh"):
        scales = [measured_scale(each, (language,)) for each in (plain, tinted)]
        assert scales[1].strange > scales[0].strange + 0.1
        question, passage = plain.embed_query("washing machine"), plain.embed_query("the washing machine is cleaned")
        other = [tinted.embed_query("washing machine"), tinted.embed_query("the washing machine is cleaned")]
        close = [scales[0].closeness(float(question @ passage)), scales[1].closeness(float(other[0] @ other[1]))]
        assert close[0] == pytest.approx(close[1], abs=0.01)


def test_languages_that_a_model_names_are_those_it_is_measured_on() -> None:
    both, english = measured_scale(WordEmbedder()), measured_scale(WordEmbedder(), ("en", "de"))
    assert english != both
    assert measured_scale(WordEmbedder(), ("de",)) == both


def test_model_that_knows_nothing_gives_a_scale_that_can_be_divided_by() -> None:
    class Same(WordEmbedder):
        def embed_query(self, text: str) -> Vectors:
            return np.array([1.0, 0.0], np.float32)

    scale = measured_scale(Same())
    assert scale.right == pytest.approx(scale.strange + 0.1)
