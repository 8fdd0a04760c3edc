"""The questions of tests/paraphrases: each asks about its passage without any of its words.

Written by hand for this project. What a search by words finds of them is chance; what an embedder finds, it understood:

    python -m training.evaluating.retrieval --model FOLDER --set tests/paraphrases/paraphrases_zh.jsonl --out F.json
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine import question_sets
from engine.library.keywords import content_terms, stem, terms

FOLDER = Path(__file__).parent / "paraphrases"


def stems(words: list[str]) -> set[str]:
    return {stem(word) for word in words}


@pytest.fixture(params=["en", "zh"])
def path(request: pytest.FixtureRequest) -> Path:
    return FOLDER / f"paraphrases_{request.param}.jsonl"


def test_question_shares_no_word_and_no_pair_of_characters_with_its_passage(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        assert content_terms(row["question"]), row["question"]  # it must ask about something
        assert not stems(content_terms(row["question"])) & stems(terms(row["context"])), row["question"]


def test_every_question_has_a_passage_of_its_own(path: Path) -> None:
    found = question_sets.load(path)
    assert len(found.questions) == len(found.documents) == len({each.text for each in found.questions}) >= 120
