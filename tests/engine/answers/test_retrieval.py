import pytest

from engine.answers.retrieval import fuse, trust


def order(scores: dict[int, float]) -> list[int]:
    return sorted(scores, key=lambda id: -scores[id])


def test_an_embedder_that_knows_no_word_is_not_believed():
    assert trust(0.3) == 0.0
    assert trust(0.8) == 0.0
    assert trust(1.0) == pytest.approx(1.0)


def test_without_trust_words_alone_decide():
    assert order(fuse({1: 5.0, 2: 3.0}, {2: 0.9, 3: 0.8}, weight=0.0)) == [1, 2]


def test_a_passage_that_both_searches_find_comes_first():
    assert order(fuse({1: 5.0, 2: 4.5}, {2: 0.9, 3: 0.8, 1: 0.1}, weight=0.4))[0] == 2


def test_a_clear_lead_in_words_outweighs_a_small_one_in_meaning():
    assert order(fuse({1: 20.0, 2: 4.0}, {2: 0.52, 1: 0.50}, weight=0.4))[0] == 1


def test_without_any_matching_word_meaning_decides():
    assert order(fuse({}, {2: 0.5, 3: 0.8}, weight=0.4)) == [3, 2]


def test_without_any_matching_word_or_trust_nothing_is_found():
    assert fuse({}, {2: 0.5, 3: 0.8}, weight=0.0) == {}


def test_a_passage_whose_vector_is_to_come_is_judged_by_its_words():
    scores = fuse({1: 5.0, 2: 5.0}, {2: 0.5, 3: 0.9}, weight=0.4)
    assert scores[1] == pytest.approx(1.0)
    assert scores[1] > scores[2]


def test_scores_lie_between_nothing_and_one():
    scores = fuse({1: 7.0, 2: 1.0}, {1: 0.9, 3: -0.2}, weight=0.4)
    assert all(0 < score <= 1 for score in scores.values())
    assert 3 not in scores
