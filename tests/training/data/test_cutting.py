"""Contexts become passages of the product's length; the one that answers is found."""

from __future__ import annotations

from engine.documents.budget import BUDGET, token_count
from training.data.cutting import cut, holding

SENTENCES = [f"In the year {1700 + number} the mill number {number} was built by the river." for number in range(100)]
LONG = " ".join(SENTENCES)


def test_a_short_context_stays_whole():
    assert cut("  Two words.\n") == [(2, 12)]
    assert cut(" \n") == []


def test_passages_keep_the_budget_and_every_sentence():
    spans = cut(LONG)
    assert len(spans) > 4
    assert all(token_count(LONG[start:end]) <= BUDGET for start, end in spans)
    assert " ".join(LONG[start:end] for start, end in spans) == LONG
    assert all(LONG[start:end].endswith(".") for start, end in spans)


def test_a_sentence_beyond_the_budget_is_cut_too():
    text = "长" * 700
    assert [end - start for start, end in cut(text)] == [250, 250, 200]


def test_no_budget_means_no_cut():
    assert cut(LONG, 0) == [(0, len(LONG))]


def test_an_answer_is_found_word_for_word():
    spans = cut(LONG)
    place = holding(LONG, spans, "When?", ["not there", "1799"])
    assert place == len(spans) - 1


def test_an_answer_in_other_words_is_found_by_most_of_them():
    text = f"{LONG} Finally a bridge made of granite replaced the wooden ferry. {LONG}"
    spans = cut(text)
    place = holding(text, spans, "What came?", ["A granite bridge replaced the ferry"])
    assert place is not None
    assert "granite" in text[slice(*spans[place])]


def test_an_answer_that_stands_nowhere_is_not_placed():
    assert holding(LONG, cut(LONG), "Who?", ["Nobody remembers their names today"]) is None


def test_yes_is_placed_by_the_question():
    text = f"{LONG} A granite bridge replaced the wooden ferry, yes. {LONG}"
    spans = cut(text)
    place = holding(text, spans, "did a granite bridge replace the ferry", ["yes"])
    assert place is not None
    assert "granite" in text[slice(*spans[place])]
