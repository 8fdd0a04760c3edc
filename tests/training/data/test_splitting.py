"""Parting groups of documents, and the check that no passage stands on both sides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.data.splitting import Groups, check, dev_groups, main, shared
from training.errors import TrainingError

MILL = "The mill by the river was built in 1712."
BRIDGE = "The bridge over the river is new, and it is long."


def test_groups_join():
    groups = Groups()
    for _ in range(5):
        groups.add()
    groups.join(3, 1)
    groups.join(4, 3)
    assert [groups.of(number) for number in range(5)] == [0, 1, 2, 1, 1]


def test_dev_takes_whole_groups_up_to_its_share():
    rows = dict.fromkeys(range(100), 3)
    dev = dev_groups(rows, 0.1, seed=1)
    assert len(dev) == 10
    assert dev == dev_groups(rows, 0.1, seed=1) != dev_groups(rows, 0.1, seed=2)


def test_a_group_too_large_for_dev_stays_in_train():
    assert dev_groups({0: 1000, 1: 5, 2: 5}, 0.01, seed=0) == {1, 2}


@pytest.mark.parametrize("rows", [{0: 10}, {0: 500, 1: 500}])
def test_an_empty_dev_split_is_said(rows: dict[int, int]):
    with pytest.raises(TrainingError, match="dev split is empty"):
        dev_groups(rows, 0.05, seed=0)


def test_no_rows_and_no_dev_wanted():
    with pytest.raises(TrainingError, match="train split is empty"):
        dev_groups({}, 0.05, seed=0)
    assert dev_groups({0: 10}, 0.0, seed=0) == frozenset()


@pytest.mark.parametrize(
    "other",
    [
        MILL,
        MILL.upper().replace(" ", "  ").replace(".", "!"),  # equal once normalised
        f"Look. {MILL} So it is.",  # holds it
        MILL[4:30],  # is held
    ],
)
def test_check_finds_a_passage_on_both_sides(other: str):
    with pytest.raises(TrainingError, match="both sides"):
        check(lambda: [BRIDGE, MILL], lambda: [other])
    with pytest.raises(TrainingError, match="both sides"):
        check(lambda: [other], lambda: [BRIDGE, MILL])


def test_check_is_silent_where_nothing_is_shared():
    check(lambda: [MILL, "Yes."], lambda: [BRIDGE, "Yes, it is so."])


def test_short_passages_must_not_be_equal():
    assert list(shared(lambda: ["Yes."], lambda: ["yes"])) == ["yes", "yes"]


def test_command_compares_triplets_with_a_retrieval_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "triplets.jsonl").write_text(json.dumps({"query": "?", "pos": [BRIDGE], "neg": [MILL]}), "utf-8")
    corpus = tmp_path / "set"
    corpus.mkdir()
    (corpus / "corpus.jsonl").write_text(json.dumps({"id": "1", "text": MILL}), "utf-8")
    (corpus / "qrels.tsv").write_text("1\t1\t1\n", "utf-8")
    assert main([str(tmp_path / "triplets.jsonl"), "--against", str(corpus)]) == 1
    assert "2 passages stand on both sides" in capsys.readouterr().out  # once from either side
    (corpus / "corpus.jsonl").write_text(
        json.dumps({"id": "1", "title": "", "text": "Something else altogether."}), "utf-8"
    )
    assert main([str(tmp_path / "triplets.jsonl"), "--against", str(corpus)]) == 0
