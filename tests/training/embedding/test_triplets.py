"""Instructions go before queries only; negatives come without replacement; false negatives share a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.models.instructions import BGE_QUERY_PREFIX
from tests.small_encoders import triplet, write_lines
from training.embedding.triplets import Instructions, Triplets
from training.errors import TrainingError

NONE = Instructions("", "")


def test_instruction_by_language_before_queries_only(tmp_path: Path) -> None:
    rows = [triplet("katan", lang=lang) for lang in ("en", "zh", "zh-Hant")]
    triplets = Triplets([write_lines(tmp_path / "t.jsonl", rows)], Instructions())
    drawn = [triplets.draw(row, 0, 2, seed=0) for row in range(3)]
    prefixes = [BGE_QUERY_PREFIX["en"], BGE_QUERY_PREFIX["zh"], BGE_QUERY_PREFIX["zh"]]
    assert [each.query for each in drawn] == [prefix + rows[0]["query"] for prefix in prefixes]
    assert {each.positive for each in drawn} == {rows[0]["pos"][0]}
    assert all(text in rows[0]["neg"] for each in drawn for text in each.negatives)


def test_negatives_change_with_the_epoch_until_all_were_drawn(tmp_path: Path) -> None:
    row = triplet("katan", neg=["a", "b", "a", "c", "d"], pos=["x", "d"])  # a repeat, and one that is right
    triplets = Triplets([write_lines(tmp_path / "t.jsonl", [row])], NONE)
    drawn = [triplets.draw(0, epoch, 1, seed=5) for epoch in range(3)]
    assert sorted(text for each in drawn for text in each.negatives) == ["a", "b", "c"]
    assert {each.positive for each in drawn} == {"x", "d"}
    assert sorted(triplets.draw(0, 7, 9, seed=5).negatives) == ["a", "b", "c"]
    assert triplets.draw(0, 1, 2, seed=5) == triplets.draw(0, 1, 2, seed=5)


def test_row_without_negatives_is_fine(tmp_path: Path) -> None:
    row = triplet("katan")
    del row["neg"]
    assert Triplets([write_lines(tmp_path / "t.jsonl", [row])], NONE).draw(0, 3, 2, seed=0).negatives == ()


def test_rows_of_a_document_a_question_or_a_passage_share_a_key(tmp_path: Path) -> None:
    rows = [
        triplet("katan", document="d"),
        triplet("lodor", document="d"),
        triplet("mivel", query=" WHAT is the river of katan 0?"),
        triplet("nusom", pos=["other", triplet("katan")["pos"][0]]),
        triplet("petan", pos=["no relation"]),
    ]
    triplets = Triplets([write_lines(tmp_path / "t.jsonl", rows)], NONE)
    shared = [bool({*triplets.keys(0)} & {*triplets.keys(row)}) for row in range(1, 5)]
    assert shared == [True, True, True, False]


@pytest.mark.parametrize(
    ("change", "why"),
    [({"query": " "}, "'query'"), ({"pos": []}, "'pos'"), ({"pos": "x"}, "'pos'"), ({"neg": [1]}, "'neg'")],
)
def test_broken_row_is_told_at_the_start(tmp_path: Path, change: dict[str, object], why: str) -> None:
    path = write_lines(tmp_path / "t.jsonl", [triplet("katan"), triplet("lodor", **change)])
    with pytest.raises(TrainingError, match=rf"t\.jsonl, line 2: .*{why}"):
        Triplets([path], NONE)
