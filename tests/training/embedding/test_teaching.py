"""A teacher that stays as it is shows where texts belong."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("transformers", reason="transformers comes with the training extra")
    from tests.small_encoders import SUBJECTS, write_bert, write_lines, write_triplets
    from training.embedding.encoder import Encoder
    from training.embedding.stepping import adamw, descend
    from training.embedding.teaching import Share, Shown, Teacher, share
    from training.errors import TrainingError

MAX_TOKENS = 32


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("teaching")
    write_bert(folder / "student", seed=1)
    write_bert(folder / "teacher", seed=2)
    rows = [{"text": f"what {subject}", "teacher": f"river {subject}"} for subject in SUBJECTS]
    write_lines(folder / "pairs.jsonl", rows)
    write_lines(folder / "same.jsonl", [{"text": subject} for subject in SUBJECTS[:5]])
    write_triplets(folder / "triplets.jsonl", 6)
    return folder


def test_every_row_comes_once_before_any_comes_twice(folder: Path) -> None:
    shown = Shown([Share(folder / "pairs.jsonl", 8)], seed=0)
    texts = [text for step in range(3) for text in shown.at(step)[0]]
    assert sorted(texts) == sorted(f"what {subject}" for subject in SUBJECTS)


def test_step_has_the_same_rows_whenever_it_is_asked_for(folder: Path) -> None:
    shares = [Share(folder / "pairs.jsonl", 5), Share(folder / "same.jsonl", 2)]
    later = [Shown(shares, seed=3).at(step) for step in (9, 2)]
    shown = Shown(shares, seed=3)
    assert [shown.at(step) for step in range(10)][9] == later[0]
    assert shown.at(2) == later[1]
    assert shown.together == 7


def test_text_without_a_teacher_of_its_own_is_taught_as_it_is(folder: Path) -> None:
    texts, told = Shown([Share(folder / "same.jsonl", 5)], seed=0).at(0)
    assert texts == told


def test_triplets_show_questions_and_passages(folder: Path) -> None:
    shown = Shown([Share(folder / "triplets.jsonl", 6)], seed=0)
    texts, told = shown.at(0)
    assert texts == told
    assert {text.endswith("?") for text in texts} == {True, False}


def test_student_comes_nearer_and_the_teacher_stays(folder: Path) -> None:
    torch.manual_seed(0)
    student = Encoder.open(str(folder / "student"), "mean")
    encoder = Encoder.open(str(folder / "teacher"), "mean")
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    shown = Shown([Share(folder / "pairs.jsonl", 24)], seed=0)
    teacher = Teacher(encoder, student, shown, weight=1.0, max_tokens=MAX_TOKENS)
    optimiser = adamw(student)
    away = []
    for step in range(8):
        away.append(teacher.backward(student, step, group=8))
        descend(optimiser, rate=1e-2, clip=1.0)
    assert away[-1] < away[0] / 2
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())


def test_teacher_of_another_width_is_refused(folder: Path, tmp_path: Path) -> None:
    student = Encoder.open(str(folder / "student"))
    wide = Encoder.open(str(write_bert(tmp_path / "wide", width=64)))
    with pytest.raises(TrainingError, match="64 numbers"):
        Teacher(wide, student, Shown([], seed=0), 1.0, MAX_TOKENS)


def test_line_without_text_is_named(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "broken.jsonl", [{"text": ""}])
    with pytest.raises(TrainingError, match="line 1"):
        Shown([Share(path, 1)], seed=0).at(0)


def test_share_is_a_file_and_its_rows() -> None:
    assert share("a=b.jsonl=12") == Share(Path("a=b.jsonl"), 12)
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--teach", type=share)
    for wrong in ("a.jsonl", "a.jsonl=0", "=3"):
        with pytest.raises((ValueError, argparse.ArgumentError)):
            parser.parse_args(["--teach", wrong])
