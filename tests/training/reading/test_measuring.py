"""Scores and calibration, by a reader whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_encoders import write_lines
from small_readers import write_reader

from engine.models.manifest import Calibration, Manifest
from engine.models.reader import Reader
from training.errors import TrainingError
from training.evaluating.results import Result
from training.reading import asking
from training.reading.asking import Case, Collected, put
from training.reading.calibrating import Seen, best_weight, calibrated, outcomes, platt, seen
from training.reading.card import written
from training.reading.evaluate import main, roc_area

ASKED = (
    ("how long are audit logs kept?", "Audit logs are kept for seven years.", ["seven years"]),
    ("how long are backups kept?", "Backups are kept for ninety days.", ["ninety days"]),
    ("when is water boils?", "Water boils at a hundred.", ["100", "a hundred"]),
)
QUESTIONS: list[Any] = [dict(zip(("question", "context", "answers"), each, strict=True)) for each in ASKED]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reader(tmp_path_factory.mktemp("made") / "table")


def test_a_reader_is_scored_on_questions(folder: Path, tmp_path: Path):
    asked = write_lines(tmp_path / "asked.jsonl", QUESTIONS)
    out = tmp_path / "scores.json"
    assert main(["--model", str(folder), "--set", str(asked), "--out", str(out), "--passages", "2"]) == 0
    result = Result.load(out)
    scores = {name: mean.value for name, mean in result.sets["asked"].scores.items()}
    assert (result.kind, result.model) == ("reading", Manifest.load(folder).id)
    assert scores["em"] == 1.0  # articles do not count
    assert (scores["f1"], scores["found"], scores["refusal"]) == (1.0, 1.0, 1.0)


def test_a_passage_with_the_answer_is_no_wrong_one():
    passages = ("Logs are kept for seven years.", "Logs of seven years are kept here.", "Logs are old.")
    chosen = Collected("made", passages, (Case("how long are logs kept?", ("seven years",), frozenset([0])),))
    (each,) = put(chosen, 3)
    assert (each.right, set(each.found)) == (0, {0, 2})
    assert max(each.scores.values()) == 1.0


def test_triplets_are_one_collection(tmp_path: Path):
    rows: list[Any] = [
        {"query": "a?", "pos": ["one"], "neg": ["two", "three"], "answers": ["one"]},
        {"query": "b?", "pos": ["two"], "neg": ["one"], "answers": ["yes"]},
    ]
    found = asking.load(write_lines(tmp_path / "triplets.dev.jsonl", rows))
    assert found.passages == ("one", "two", "three")
    assert [(case.right, case.answers) for case in found.cases] == [({0}, ("one",)), ({1}, ())]
    drawn = asking.load(tmp_path / "triplets.dev.jsonl", limit=1, seed=3)
    assert len(drawn.cases) == 1


def test_a_set_without_answers_is_refused(tmp_path: Path):
    row = {"question": "a?", "context": "b", "answers": [], "unanswerable": True}
    with pytest.raises(TrainingError, match="no question"):
        asking.load(write_lines(tmp_path / "asked.jsonl", [row]))


def test_roc_area_counts_pairs():
    assert roc_area(np.array([2.0, 1.0]), np.array([0.0, 1.0])) == (1 + 1 + 1 + 0.5) / 4
    assert roc_area(np.array([0.0]), np.array([1.0])) == 0


def test_platt_finds_the_chances_that_made_the_data():
    random = np.random.default_rng(0)
    relevance = random.normal(0, 3, 20_000)
    answers = (random.random(20_000) < 1 / (1 + np.exp(-(0.7 * relevance - 1.2)))).astype(float)
    scale, shift = platt(relevance, answers)
    assert (scale, shift) == (pytest.approx(0.7, abs=0.05), pytest.approx(-1.2, abs=0.08))


def test_a_separable_reader_has_finite_numbers():
    scale, shift = platt(np.array([-1.0, -2.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert 0 < scale < 100
    assert abs(shift) < 10


def cases(count: int = 40) -> list[Seen]:
    """The reader puts the right passage (0) first; the search does so for none."""
    found = []
    for number in range(count):
        relevance = {0: 3.0 + number / count, 1: -2.0, 2: -3.0}
        found.append(Seen(frozenset([0]), relevance, {0: 0.5, 1: 1.0, 2: 0.2}))
    return found


def test_calibration_declines_no_more_than_it_may():
    made = calibrated(cases(), refused=0.05)
    assert sum(made.confidence(max(case.relevance.values())) < made.bound for case in cases()) <= 2
    assert made.confidence(-2.0) < made.bound < made.confidence(4.0)
    assert made.weight > 0.5


def test_outcomes_are_with_and_without_the_passage():
    highest, answers = outcomes(cases(1))
    assert (highest.tolist(), answers.tolist()) == ([3.0, -2.0], [1.0, 0.0])


def test_a_reader_that_misleads_gets_no_weight():
    wrong = [Seen(frozenset([0]), {0: -3.0, 1: 3.0}, {0: 1.0, 1: 0.9}) for _ in range(5)]
    assert best_weight(wrong, Calibration()) < 0.1


def test_the_engine_reader_is_calibrated_on_what_a_search_finds(folder: Path, tmp_path: Path):
    collected = asking.load(write_lines(tmp_path / "asked.jsonl", QUESTIONS))
    (first, *_) = found = seen(Reader.open(folder, threads=1), collected, passages=2)
    assert len(found) == 3
    assert first.relevance[0] == max(first.relevance.values())
    calibrated(found, 0.1)


def test_the_card_says_data_recipe_and_limits(folder: Path):
    report = {"splits": {"train": {"sources": {"drcd": 7}, "licences": {"CC BY-SA 3.0": 7}}}}
    text = written(Manifest.load(folder), json.loads(json.dumps(report)))
    assert "- drcd: 7 questions" in text
    assert "CC BY-SA 3.0" in text
    assert "## Limits" in text
