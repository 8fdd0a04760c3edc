import json
from pathlib import Path

import pytest

from engine.conversations.feedback import write
from engine.errors import BrokenInstallation
from engine.question_sets import load
from engine.types import EVERYTHING, Answer, Citation, Exchange, Stop, Timings, Unit, Verdict

CITATION = Citation(1, Path("/home/me/rules.pdf"), "Rules", Unit.PAGE, 2, "seven years", (), 0.9)


def judged(verdict: Verdict, stop: Stop = Stop.COMPLETE, why: str = "") -> Exchange:
    answer = Answer("How long?", "> seven years [1]", "extractive", stop, (CITATION,), Timings(1, 2, 3))
    return Exchange(1, "How long?", EVERYTHING, 0, answer, verdict=verdict, why=why)


def test_good_answers_become_questions_that_eval_reads(tmp_path: Path):
    file = tmp_path / "feedback.jsonl"
    both = [(judged(Verdict.GOOD), "Logs are kept seven years."), (judged(Verdict.GOOD, Stop.NO_SOURCES), "Gardens.")]
    assert write(file, both) == 2
    known, unanswerable = load(file).questions
    assert known.answers == ("seven years",)
    assert load(file).documents[next(iter(known.relevant))] == "Logs are kept seven years."
    assert unanswerable.unanswerable


def test_bad_answer_has_no_accepted_wording_and_says_why(tmp_path: Path):
    file = tmp_path / "feedback.jsonl"
    write(file, [(judged(Verdict.BAD, why="too short"), "Logs.")])
    row = json.loads(file.read_text("utf-8"))
    assert (row["answers"], row["unanswerable"], row["why"]) == ([], False, "too short")
    assert "/home/me" not in file.read_text("utf-8")


def test_folder_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(BrokenInstallation):
        write(tmp_path / "nowhere" / "feedback.jsonl", [])
