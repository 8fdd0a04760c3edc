import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="the extra `training` is not installed")

from engine.models.converting import convert
from engine.models.prompts import DECLINED
from engine.scores import Answered
from engine.types import Turn
from training.errors import TrainingError
from training.evaluating import chat_sets
from training.evaluating.answers import answered, main, read_marks
from training.evaluating.chat_sets import Asked
from training.evaluating.results import Result

TOY = Path(__file__).parents[2] / "toy_generator"


def line(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a",
        "lang": "en",
        "question": "How long?",
        "passages": [{"title": "a.txt", "text": "Cats sleep."}, {"title": "b.txt", "text": "Seven years. Or so."}],
        "answer": "Seven years. [2]",
        "cited": [2],
        "answers": ["seven years"],
    } | changes


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def asked(tmp_path: Path, **changes: Any) -> Asked:
    return chat_sets.load(write_lines(tmp_path / "one.jsonl", [line(**changes)])).asked[0]


def test_marks_are_taken_out_and_counted_once() -> None:
    assert read_marks("Seven years. [2] So says [1, 2] a[0].") == ("Seven years. So says a[0].", {1, 2})


def test_marks_point_to_the_passages_that_the_prompt_kept(tmp_path: Path) -> None:
    one = asked(tmp_path)
    assert answered(one, "Seven years. [1]", [1]) == Answered(
        "Seven years.", ("seven years",), False, frozenset({2}), frozenset({2})
    )


def test_a_mark_without_a_passage_is_a_wrong_one(tmp_path: Path) -> None:
    cited = answered(asked(tmp_path), "Seven years. [2] [9]", [0, 1]).cited
    assert len(cited) == 2
    assert cited & {1, 2} == {2}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_taught_words_decline(tmp_path: Path, language: str) -> None:
    one = asked(tmp_path, cited=[], answers=[], answer=DECLINED["en"])
    assert answered(one, DECLINED[language], [0, 1]).declined  # type: ignore[index]
    assert not answered(one, "Seven years. [1]", [0, 1]).declined


def test_samples_are_drawn_by_the_seed(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "chats.dev.jsonl", [line(question=f"{number}?") for number in range(30)])
    first, again, other = (chat_sets.load(path, 5, seed) for seed in (1, 1, 2))
    assert first == again
    assert (len(first.asked), first.name) == (5, "chats.dev")
    assert first.fingerprint != other.fingerprint


def test_earlier_turns_come_along(tmp_path: Path) -> None:
    history = [{"question": "Who?", "answer": "Cats. [1]"}]
    assert asked(tmp_path, history=history).sample.history == (Turn("Who?", "Cats. [1]"),)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"answers": "seven"}, "no list of texts as 'answers'"),
        ({"answers": []}, "must both be empty, or neither"),
        ({"cited": []}, "must both be empty, or neither"),
        ({"cited": [3]}, "as 'cited' beside 2 passages"),
        ({"lang": "fr"}, "should be en or zh"),
    ],
)
def test_a_broken_sample_is_said_with_its_line(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    path = write_lines(tmp_path / "chats.jsonl", [line(), line(**changes)])
    with pytest.raises(TrainingError, match=rf"chats\.jsonl, line 2: .*{why}"):
        chat_sets.load(path)


# --- through a model ----------------------------------------------------------------------------------------------


def test_a_trained_model_answers_cites_and_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "toy"
    convert(TOY / "model", model, "int8")
    chats = write_lines(tmp_path / "chats.dev.jsonl", toy_chats()[:10])
    out, said = tmp_path / "new" / "scores.json", tmp_path / "new" / "said.jsonl"
    words = ["--model", str(model), "--chats", str(chats), "--out", str(out), "--predictions", str(said)]
    words += ["--max-new-tokens", "32", "--device", "cpu", "--prompt-tokens", "384"]
    assert main(words) == 0
    result = Result.load(out)
    scores = result.sets["chats.dev"].scores
    assert scores["contains"].value >= 0.75
    assert scores["citation_precision"].value >= 0.75
    assert (scores["contains"].count, scores["right_refusals"].count) == (8, 2)
    assert result.conditions == {"prompt_tokens": 384, "max_new_tokens": 32}
    rows = [json.loads(each) for each in said.read_text("utf-8").splitlines()]
    assert len(rows) == 10
    assert any(row["cited"] == row["supporting"] != [] for row in rows)
    assert "citation_recall" in capsys.readouterr().out


def toy_chats() -> list[dict[str, Any]]:
    """The right passage, first since the model has not learnt to tell it, and another; every fifth without the right
    one."""
    facts = [json.loads(each) for each in (TOY / "questions.jsonl").read_text("utf-8").splitlines()]
    rows = []
    for number, fact in enumerate(facts):
        others = [each["fact"] for each in facts if each["language"] == fact["language"] and each != fact]
        texts = [fact["fact"], others[0]] if number % 5 else others[:2]
        cited = [1] if number % 5 else []
        passages = [{"title": f"a{place}.txt, line 1", "text": text} for place, text in enumerate(texts)]
        language = "zh" if fact["language"] == "zh" else "en"
        answers = [fact["value"]] if cited else []
        rows.append(
            line(
                id=str(number),
                lang=language,
                question=fact["question"],
                passages=passages,
                cited=cited,
                answers=answers,
            )
        )
    return rows


def test_what_is_no_generator_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chats = write_lines(tmp_path / "chats.jsonl", [line()])
    (tmp_path / "empty").mkdir()
    words = ["--chats", str(chats), "--out", str(tmp_path / "scores.json")]
    assert main(["--model", str(tmp_path / "empty"), *words]) == 3
    assert "model.json" in capsys.readouterr().err
    assert not (tmp_path / "scores.json").exists()


def test_two_files_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chats = str(write_lines(tmp_path / "chats.jsonl", [line()]))
    assert main(["--model", "none", "--chats", chats, chats, "--out", str(tmp_path / "scores.json")]) == 2
    assert "named chats" in capsys.readouterr().err
