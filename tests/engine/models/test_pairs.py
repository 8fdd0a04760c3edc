"""Rows of a question and a passage: what stands where, and how a long passage is parted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_readers import write_reader

from engine.models.flaws import Flaw
from engine.models.pairs import MAX_ROWS, Pairs

CLS, SEP = 2, 3


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reader(tmp_path_factory.mktemp("made") / "table") / "tokenizer.json"


@pytest.fixture
def pairs(tokenizer: Path) -> Pairs:
    return Pairs.open(tokenizer, 48)


def test_question_and_passage_stand_between_special_tokens(pairs: Pairs):
    (row,) = pairs.rows("how long?", "for seven years.")
    assert (row.ids[0], row.ids[row.first - 1], row.ids[-1]) == (CLS, SEP, SEP)
    assert row.types.tolist() == [0] * 5 + [1] * 5
    assert len(row.ids) == row.first + len(row.spans) + 1


def test_tokens_know_their_characters(pairs: Pairs):
    passage = "Für SEVEN  years。保留七年"
    (row,) = pairs.rows("how long?", passage)
    words = [passage[start:end] for start, end in row.spans]
    assert words == ["Für", "SEVEN", "years", "。", "保", "留", "七", "年"]


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_passage_is_a_row_too(pairs: Pairs, text: str):
    (row,) = pairs.rows("how long?", text)
    assert row.spans.shape == (0, 2)


def test_a_long_question_leaves_room_for_the_passage(pairs: Pairs):
    (row,) = pairs.rows("how long " * 50, "for seven years")
    assert [*row.ids[-4:-1]] == [*pairs.rows("a", "for seven years")[0].ids[-4:-1]]
    assert len(row.ids) <= 48


def test_a_long_passage_is_read_in_overlapping_rows(pairs: Pairs):
    passage = " ".join(f"{word} days" for word in ["seven"] * 30)
    rows = pairs.rows("how long?", passage)
    assert 1 < len(rows) <= MAX_ROWS
    assert all(len(row.ids) == 48 for row in rows)
    starts, ends = [row.spans[0, 0] for row in rows], [row.spans[-1, 1] for row in rows]
    assert (starts[0], ends[-1]) == (0, len(passage))
    assert all(start < end for start, end in zip(starts[1:], ends[:-1], strict=True))


def test_what_lies_beyond_the_last_row_is_left_out(pairs: Pairs):
    rows = pairs.rows("how long?", "seven " * 1000)
    assert len(rows) == MAX_ROWS
    assert np.all(np.diff([row.spans[0, 0] for row in rows]) > 0)


def test_rows_without_room_for_a_passage_are_refused(tokenizer: Path):
    with pytest.raises(Flaw):
        Pairs.open(tokenizer, 5)
