"""What a reader learns from a line: the right passage with the place of its answer, and wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_encoders import write_lines
from small_readers import write_reader

from engine.models.pairs import Pairs
from training.errors import TrainingError
from training.reading.samples import NO_SPAN, Sample, Samples, answer_place, tokens_of

PASSAGE = "Backups are kept for seven years. Audit logs are kept for seven years and destroyed."


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    return Pairs.open(write_reader(tmp_path_factory.mktemp("made") / "table") / "tokenizer.json", 48)


def samples(tmp_path: Path, pairs: Pairs, **more: object) -> Samples:
    row = {"query": "how long are audit logs kept?", "pos": [PASSAGE], "neg": [f"water {n}" for n in range(4)]}
    return Samples([write_lines(tmp_path / "data.jsonl", [row | {"answers": ["seven years"]} | more])], pairs)


def drawn(found: Samples, epoch: int = 0, negatives: int = 2) -> list[Sample]:
    return [*found.draw(0, epoch, negatives, seed=0)]


def said(sample: Sample, passage: str) -> str:
    start, end = (place - sample.row.first for place in sample.span)
    return passage[sample.row.spans[start, 0] : sample.row.spans[end, 1]]


def test_answer_is_where_the_question_is_spoken_of():
    start, end = answer_place("how long are audit logs kept?", PASSAGE, ["seven years"]) or (0, 0)
    assert (PASSAGE[start:end], start) == ("seven years", PASSAGE.rindex("seven"))
    assert answer_place("how long are backups kept?", PASSAGE, ["seven years"]) == (21, 32)


@pytest.mark.parametrize("answers", [[], ["yes"], ["ten years"], [""]])
def test_an_answer_that_is_not_there_has_no_place(answers: list[str]):
    assert answer_place("are logs kept?", PASSAGE, answers) is None


def test_the_right_passage_comes_first_with_its_answer(tmp_path: Path, pairs: Pairs):
    right, *wrong = drawn(samples(tmp_path, pairs))
    assert right.answers
    assert said(right, PASSAGE) == "seven years"
    assert [(each.answers, each.span) for each in wrong] == [(False, NO_SPAN)] * 2


def test_later_epochs_draw_other_wrong_passages(tmp_path: Path, pairs: Pairs):
    found = samples(tmp_path, pairs)
    seen = {tuple(each.row.ids) for epoch in range(2) for each in drawn(found, epoch)[1:]}
    numbers = {len(ids) for ids in seen}
    assert len(numbers) == 1  # "water [UNK]" all of them; that none comes twice is in the order
    assert [tuple(each.row.ids) for each in drawn(found, 0)] == [tuple(each.row.ids) for each in drawn(found, 0)]


@pytest.mark.parametrize("answers", [["yes"], ["nowhere in it"]])
def test_without_words_only_the_relevance_is_learnt(tmp_path: Path, pairs: Pairs, answers: list[str]):
    right = drawn(samples(tmp_path, pairs, answers=answers))[0]
    assert (right.answers, right.span) == (True, NO_SPAN)


def test_of_a_long_passage_the_row_with_the_answer_is_taken(tmp_path: Path, pairs: Pairs):
    long = "the file and then the record " * 12 + PASSAGE
    right = drawn(samples(tmp_path, pairs, pos=[long]))[0]
    assert said(right, long) == "seven years"
    assert right.row.spans[0, 0] > 0


def test_characters_beyond_a_row_have_no_tokens(pairs: Pairs):
    row = pairs.rows("how long?", "seven years " * 50)[0]
    assert tokens_of(row, 590, 599) == NO_SPAN
    assert tokens_of(row, 0, 5) == (row.first, row.first)


def test_a_line_without_a_question_is_refused(tmp_path: Path, pairs: Pairs):
    with pytest.raises(TrainingError, match=r"data\.jsonl, line 1"):
        drawn(samples(tmp_path, pairs, query=" "))
