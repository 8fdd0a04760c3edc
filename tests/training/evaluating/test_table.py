from dataclasses import replace
from pathlib import Path

import pytest

from engine.scores import Mean
from training.evaluating.results import Result, SetResult
from training.evaluating.table import main

BEFORE = Result(
    "retrieval",
    "minilm",
    {"max_tokens": 256},
    {},
    {"wiki": SetResult("aaaa", None, 0, {"recall@10": Mean(0.885, 3000), "mrr@10": Mean(0.7, 3000)}, {"seconds": 9})},
)
AFTER = replace(
    BEFORE,
    model="tuned",
    sets={"wiki": SetResult("aaaa", None, 7, {"recall@10": Mean(0.9, 3000), "mrr@10": Mean(0.69, 3000)}, {})},
)
ANSWERS = Result(
    "answers",
    "toy@1",
    {},
    {"max_new_tokens": 64},
    {"chats.dev": SetResult("bbbb", 50, 0, {"citation_precision": Mean(0.5, 31), "em": Mean(0.1, 40)})},
)


def compared(folder: Path, before: list[Result], after: list[Result]) -> int:
    for when, results in (("before", before), ("after", after)):
        for number, result in enumerate(results):
            result.save(folder / f"{when}{number}.json")
    words = ["--before", *(str(folder / f"before{number}.json") for number in range(len(before)))]
    words += ["--after", *(str(folder / f"after{number}.json") for number in range(len(after)))]
    return main([*words, "--out", str(folder / "run")])


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    BEFORE.save(tmp_path / "deep" / "one.json")
    assert Result.load(tmp_path / "deep" / "one.json") == BEFORE


def test_both_columns_their_difference_and_the_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, [BEFORE], [AFTER]) == 0
    text = (tmp_path / "run" / "table.md").read_text("utf-8")
    assert text.splitlines() == [
        "| retrieval | | before: minilm | after: tuned | difference | n |",
        "|---|---|---:|---:|---:|---:|",
        "| wiki | recall@10 | 0.8850 | 0.9000 | +0.0150 | 3000 |",
        "| wiki | MRR@10 | 0.7000 | 0.6900 | -0.0100 | 3000 |",
    ]
    assert capsys.readouterr().out == text


def test_a_score_that_only_one_has_and_counts_that_differ(tmp_path: Path) -> None:
    after = replace(
        ANSWERS, sets={"chats.dev": replace(ANSWERS.sets["chats.dev"], scores={"citation_precision": Mean(0.75, 40)})}
    )
    assert compared(tmp_path, [BEFORE, ANSWERS], [after, AFTER]) == 0
    text = (tmp_path / "run" / "table.md").read_text("utf-8")
    assert "| chats.dev | citation precision | 0.5000 | 0.7500 | +0.2500 | 31 / 40 |" in text
    assert "| chats.dev | exact match | 0.1000 | – | – | 40 |" in text
    assert "| wiki | recall@10 |" in text


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (BEFORE, ANSWERS, "Nothing in --after is of the same as retrieval on wiki"),
        (BEFORE, replace(AFTER, sets={"other": AFTER.sets["wiki"]}), "Nothing in --after is of the same as"),
        (BEFORE, replace(AFTER, sets={"wiki": replace(AFTER.sets["wiki"], fingerprint="cccc")}), "wiki has changed"),
        (
            BEFORE,
            replace(AFTER, sets={"wiki": replace(AFTER.sets["wiki"], limit=10)}),
            "all questions before, 10 questions drawn by seed 7 after",
        ),
        (ANSWERS, replace(ANSWERS, conditions={"max_new_tokens": 9}), "The conditions differ"),
    ],
)
def test_what_is_not_of_the_same_questions_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: Result, after: Result, why: str
) -> None:
    assert compared(tmp_path, [before], [after]) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_file_too_many_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, [BEFORE], [AFTER, ANSWERS]) == 2
    assert "Nothing in --before is of the same as answers on chats.dev" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["not json", "[]", '{"kind": "retrieval"}', '{"sets": {"a": {"scores": {"em": 1}}}}'])
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / "one.json").write_text(text)
    one = str(tmp_path / "one.json")
    assert main(["--before", one, "--after", one, "--out", str(tmp_path)]) == 2
    assert "is no file of an evaluation's figures" in capsys.readouterr().err


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = str(tmp_path / "none.json")
    assert main(["--before", one, "--after", one, "--out", str(tmp_path)]) == 2
    assert "There is no" in capsys.readouterr().err
