"""Pieces of passages, and documents that hold one."""

from __future__ import annotations

import json
from pathlib import Path

from training.data.normalising import normalised
from training.generator.holding_out import PIECE, HeldOut, pieces

PASSAGE = (
    "The museum opened in 1923 beside the old harbour of the town. It was built by a society of sailors and their "
    "widows. Two rooms were added later."
)


def held(tmp_path: Path, *contexts: str) -> HeldOut:
    path = tmp_path / "held.jsonl"
    path.write_text("".join(json.dumps({"question": "?", "context": each}) + "\n" for each in contexts), "utf-8")
    return HeldOut([path])


def test_pieces_are_sentences_long_enough_to_be_told() -> None:
    found = [*pieces(PASSAGE)]
    assert len(found) == 2  # the last sentence is short, and others may say it, too
    assert all(len(piece) >= PIECE for piece in found)
    assert [*pieces("Two rooms were added later.")] == ["tworoomswereaddedlater"]
    assert [*pieces("Yes.")] == []


def test_one_sentence_in_common_is_enough(tmp_path: Path) -> None:
    found = held(tmp_path, PASSAGE)
    assert found.is_in(normalised("News. It was built by a society of sailors, and their widows! It is closed."))
    assert not found.is_in(normalised("Two rooms were added later. The museum opened in 1924 beside the old harbour."))


def test_nothing_is_held_out_where_nothing_is_named() -> None:
    assert len(HeldOut([])) == 0
    assert not HeldOut([]).is_in(normalised(PASSAGE))
