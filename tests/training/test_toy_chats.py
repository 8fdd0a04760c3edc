"""The toy's chat samples are the contract's: right numbers, held-out combinations, the same for a seed."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    for package in ("torch", "transformers", "sentencepiece"):
        pytest.importorskip(package, reason="comes with the training extra")
    from engine.models.prompts import is_declined
    from training.chatglm.samples import parsed
    from training.toy_chats import samples
    from training.toy_generator import WORDS

TRAIN = [*samples(400, 4, 1, held_out=False)]
DEV = [*samples(400, 4, 1, held_out=True)]


def test_every_sample_can_be_learnt_from() -> None:
    for line in TRAIN + DEV:
        sample = parsed(line)
        assert is_declined(sample.answer) == (not sample.cited) == (not line["answers"])
        assert 1 <= len(sample.sources) <= 4


def test_the_cited_passage_holds_the_answer() -> None:
    for line in TRAIN + DEV:
        for number in line["cited"]:
            assert line["passages"][number - 1]["text"] == line["answers"][0]
            assert line["answer"].endswith(f"[{number}]")


def test_a_declined_question_is_answered_nowhere() -> None:
    declined = [line for line in DEV if not line["cited"]]
    assert 60 < len(declined) < 140
    for line in declined:
        assert line["question"] not in {other["question"] for other in TRAIN}
    owners = [owner for words in WORDS.values() for owner in words["owner"]]
    asked = [next(owner for owner in owners if owner in line["question"]) for line in declined]
    spoken_of = [
        any(owner in each["text"] for each in line["passages"]) for owner, line in zip(asked, declined, strict=True)
    ]
    assert 0.3 < sum(spoken_of) / len(spoken_of) < 0.7  # then only another thing of theirs


def test_questions_that_are_scored_were_never_learnt() -> None:
    assert not {line["question"] for line in TRAIN} & {line["question"] for line in DEV}
    assert not any("Which passage" in line["question"] or "哪个段落" in line["question"] for line in DEV)


def test_the_seed_decides() -> None:
    assert [*samples(20, 4, 1, held_out=True)] == DEV[:20]
    assert [*samples(20, 4, 2, held_out=True)] != DEV[:20]
