"""The whole command on a small town: files, report, split, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from question_records import rows

from training.data import sides, splitting
from training.data.prepare import main
from training.errors import TrainingError

BM25 = ("--hard", "bm25", "--dev-share", "0.25")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return written(tmp_path / "town.jsonl", rows())


def test_files_and_report(questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(questions), "--out", str(tmp_path / "out"), "--chats", *BM25]) == 0
    train, dev = (lines(tmp_path / "out" / f"triplets.{side}.jsonl") for side in ("train", "dev"))
    assert (len(train), len(dev)) == (36, 12)
    assert {line["query"] for line in train + dev} == {row["question"] for row in rows()}
    chats = lines(tmp_path / "out" / "chats.train.jsonl")
    assert len(chats) == 36
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert report["read"] == report["kept"] == 48
    assert report["splits"]["dev"]["counts"]["triplets"] == 12
    assert report["splits"]["train"]["licences"] == {"CC0": 36}
    assert "36 triplets" in capsys.readouterr().out
    assert not list(tmp_path.glob(".preparing-*"))


def test_negatives_are_of_the_same_side_and_without_repeats(questions: Path, tmp_path: Path):
    main([str(questions), "--out", str(tmp_path / "out"), "--chats", *BM25])
    sides = [splitting.passages_in(sorted((tmp_path / "out").glob(f"*.{side}.jsonl"))) for side in ("train", "dev")]
    assert list(splitting.shared(*sides)) == []
    for line in lines(tmp_path / "out" / "triplets.train.jsonl"):
        assert len(set(line["neg"])) == 7
        assert line["pos"][0] not in line["neg"]
        year = next(row for row in rows() if row["id"] == line["id"])["answers"][0]
        assert not any(year in negative for negative in line["neg"])


def test_the_same_arguments_give_the_same_bytes(questions: Path, tmp_path: Path):
    for name in ("one", "two"):
        main([str(questions), "--out", str(tmp_path / name), "--chats", *BM25])
    files = [sorted((tmp_path / name).iterdir()) for name in ("one", "two")]
    assert [file.name for file in files[0]] == [file.name for file in files[1]]
    assert [file.read_bytes() for file in files[0]] == [file.read_bytes() for file in files[1]]


def test_another_seed_gives_another_split(questions: Path, tmp_path: Path):
    for seed in ("1", "2"):
        main([str(questions), "--out", str(tmp_path / seed), "--seed", seed, *BM25])
    one, two = (lines(tmp_path / seed / "triplets.dev.jsonl") for seed in ("1", "2"))
    assert {line["id"] for line in one} != {line["id"] for line in two}


def test_both_rankings_with_the_shipped_embedder(tmp_path: Path):
    questions = written(tmp_path / "town.jsonl", rows(12))
    cache = tmp_path / "cache"
    main(
        [str(questions), "--out", str(tmp_path / "out"), "--hard", "both", "--dev-share", "0.2", "--cache", str(cache)]
    )
    assert len(lines(tmp_path / "out" / "triplets.train.jsonl")) == 10
    assert [file.suffix for file in cache.iterdir()] == [".vectors"]


def test_negatives_come_from_the_question_s_own_block(questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sides, "BLOCK", 10)
    main([str(questions), "--out", str(tmp_path / "out"), "--hard", "bm25", "--dev-share", "0"])
    found = lines(tmp_path / "out" / "triplets.train.jsonl")
    place = {row["context"]: number // 10 for number, row in enumerate(rows())}
    assert len(found) == 48
    assert all({place[text] for text in line["neg"]} == {place[line["pos"][0]]} for line in found)


def test_multi_doc_rows_keep_their_own_negatives_on_one_side(tmp_path: Path):
    raw = [
        {
            "QA": [{"question": row["question"], "answer": row["answers"][0]}],
            "positive_doc": [{"text": row["context"]}],
            "negative_doc": [{"text": other["context"]} for other in rows() if other["id"] != row["id"]]
            + [{"text": f"A document that answers nothing, number {row['id']}, is about the weather in spring."}],
        }
        for row in rows()
    ]
    questions = written(tmp_path / "raw.json", raw)
    main([str(questions), "--out", str(tmp_path / "out"), "--hard", "none", "--dev-share", "0.25", "--negatives", "20"])
    for side, count in (("train", 36), ("dev", 12)):
        found = lines(tmp_path / "out" / f"triplets.{side}.jsonl")
        assert len(found) == count
        assert any("weather" in negative for line in found for negative in line["neg"])


def test_weak_pairs_become_triplets_and_no_chats(tmp_path: Path):
    body = "The stones are made of granite and turn once in a second. Flour falls into a wooden box. Nobody may enter."
    documents = [{"text": f"# The story of mill {n}\n\n{n} {body}", "source": "mills"} for n in range(20)]
    weak = written(tmp_path / "weak.jsonl", documents)
    main(["--weak", str(weak), "--out", str(tmp_path / "out"), "--chats", *BM25])
    assert lines(tmp_path / "out" / "triplets.train.jsonl") != []
    assert lines(tmp_path / "out" / "chats.train.jsonl") == []


def test_nothing_of_what_is_held_out_is_kept(questions: Path, tmp_path: Path):
    held = tmp_path / "set"
    held.mkdir()
    written(held / "corpus.jsonl", [{"id": "1", "title": "", "text": f"So. {rows()[0]['context']}"}])
    written(held / "queries.jsonl", [{"id": "1", "text": rows()[5]["question"]}])
    main([str(questions), "--out", str(tmp_path / "out"), "--hold-out", str(held), *BM25])
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert report["dropped"] == {"a question that is held out": 1, "a document that is held out": 1}
    assert "held out" in report["checked"]
    kept = {line["id"] for side in ("train", "dev") for line in lines(tmp_path / "out" / f"triplets.{side}.jsonl")}
    assert not kept & {"q0", "q5"}


def test_only_wanted_sources_and_licences(questions: Path, tmp_path: Path):
    other = written(tmp_path / "other.jsonl", [row | {"source": "village", "id": "v"} for row in rows(1)])
    main([str(questions), str(other), "--out", str(tmp_path / "out"), "--sources", "TOWN", *BM25])
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert report["dropped"] == {"a source that is not wanted": 1}
    with pytest.raises(TrainingError, match="nothing was left"):
        main([str(questions), "--out", str(tmp_path / "none"), "--licences", "MIT", *BM25])


def test_a_broken_line_leaves_nothing_behind(questions: Path, tmp_path: Path):
    with questions.open("a", encoding="utf-8") as file:
        file.write('{"id": "q49", "question": \n')
    with pytest.raises(TrainingError, match=r"town\.jsonl, line 49"):
        main([str(questions), "--out", str(tmp_path / "out"), *BM25])
    assert [path.name for path in tmp_path.iterdir()] == ["town.jsonl"]
    assert main([str(questions), "--out", str(tmp_path / "out"), "--skip-broken", *BM25]) == 0


def test_an_empty_split_is_said_and_an_earlier_result_stays(questions: Path, tmp_path: Path):
    main([str(questions), "--out", str(tmp_path / "out"), *BM25])
    before = (tmp_path / "out" / "report.json").read_bytes()
    one = written(tmp_path / "one.jsonl", [row | {"title": "The town"} for row in rows()])
    with pytest.raises(TrainingError, match="dev split is empty"):
        main([str(one), "--out", str(tmp_path / "out"), *BM25])
    assert (tmp_path / "out" / "report.json").read_bytes() == before


def test_without_dev_the_files_of_an_earlier_run_go(questions: Path, tmp_path: Path):
    out = tmp_path / "out"
    main([str(questions), "--out", str(out), "--chats", *BM25])
    main([str(questions), "--out", str(out), "--hard", "bm25", "--dev-share", "0"])
    assert sorted(path.name for path in out.iterdir()) == ["report.json", "triplets.train.jsonl"]


def test_a_folder_that_is_no_embedder(questions: Path, tmp_path: Path):
    with pytest.raises(TrainingError) as raised:
        main([str(questions), "--out", str(tmp_path / "out"), "--embedder", str(tmp_path)])
    assert raised.value.exit_code == 3


@pytest.mark.parametrize("words", [[], ["q", "--dev-share", "1"], ["q", "--limit", "0"], ["q", "--most-passages", "0"]])
def test_wrong_usage(words: list[str]):
    with pytest.raises(SystemExit) as raised:
        main([*words, "--out", "out"])
    assert raised.value.code == 2


def written(path: Path, found: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in found) + "\n", "utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
