"""The training command: it learns, a stopped run ends as one that was not stopped, and what is wrong is said."""

from __future__ import annotations

import errno
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    pytest.importorskip("transformers", reason="transformers comes with the training extra")
    from tests.small_encoders import SUBJECTS, triplet, write_bert, write_lines, write_triplets
    from training import checkpoints
    from training.embedding import mixing, scoring, train
    from training.embedding.encoder import Encoder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_bert(folder / "bert")
    write_triplets(folder / "train.jsonl", 24)
    return folder


@pytest.fixture(scope="module")
def whole(data: Path, tmp_path_factory: pytest.TempPathFactory, same_threads: None) -> Path:
    """A run that nothing stopped."""
    run = tmp_path_factory.mktemp("whole")
    assert train.main(words(data, run)) == 0
    return run


@pytest.fixture(autouse=True, scope="module")
def same_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def words(data: Path, out: Path, *more: str) -> list[str]:
    given = ["--model", str(data / "bert"), "--triplets", str(data / "train.jsonl"), "--out", str(out)]
    limits = ["--max-tokens-query", "32", "--max-tokens-passage", "32", "--steps", "12", "--batch", "8"]
    limits += ["--query-prefix-en", ""]
    return [*given, *limits, "--rate", "1e-3", "--save-every", "3", "--log-every", "2", *more]


def weights(run: Path) -> dict[str, torch.Tensor]:
    return Encoder.open(str(run / "model")).state_dict()


def log_of(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]


def assert_same_weights(run: Path, other: Path) -> None:
    found, wanted = weights(run), weights(other)
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], value) for name, value in wanted.items())


def test_run_learns_and_leaves_a_model(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [triplet(subject, query=f"what {subject}", pos=[f"{subject} river"], neg=[]) for subject in SUBJECTS]
    path = str(write_lines(tmp_path / "named.jsonl", rows))
    dev = ["--triplets", path, "--dev", path, "--evaluate-every", "20"]
    learning = ["--steps", "20", "--rate", "3e-3", "--temperature", "0.05", "--pooling", "mean"]
    assert train.main(words(data, tmp_path, *dev, *learning)) == 0
    log = log_of(tmp_path)
    assert log[0]["dev_mrr@10"] < log[-1]["dev_mrr@10"]
    losses = [line["loss"] for line in log if "loss" in line]
    assert losses[-1] < losses[0] / 2
    assert {"step", "loss", "rate", "norm", "seconds"} <= log[1].keys()
    assert not list(tmp_path.rglob("*.new")) + list(tmp_path.rglob("*.old"))
    capsys.readouterr()
    asked = ["--model", str(tmp_path / "model"), "--triplets", path]
    assert (
        scoring.main([*asked, "--query-prefix-en", "", "--max-tokens-query", "32", "--max-tokens-passage", "32"]) == 0
    )
    assert f"mrr@10 {log[-1]['dev_mrr@10']:.4f}" in capsys.readouterr().out


def test_stopped_and_resumed_run_ends_with_the_same_bits(data: Path, whole: Path, tmp_path: Path, monkeypatch) -> None:
    descend, done = train.descend, []

    def killed_at_step_5(*given: object) -> float:
        if len(done) == 5:
            raise SystemExit(137)
        done.append(1)
        return descend(*given)

    monkeypatch.setattr(train, "descend", killed_at_step_5)
    with pytest.raises(SystemExit):
        train.main(words(data, tmp_path / "cut"))
    monkeypatch.undo()
    with (tmp_path / "cut" / "log.jsonl").open("a") as log:
        log.write('{"step": 4, "lo')  # the kill came while a line was written
    assert train.main(words(data, tmp_path / "cut", "--resume")) == 0
    assert_same_weights(tmp_path / "cut", whole)
    assert [line["step"] for line in log_of(tmp_path / "cut")] == [2, 4, 6, 8, 10, 12]


def test_finished_run_resumed_changes_nothing(data: Path, whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "copy")
    assert train.main(words(data, tmp_path / "copy", "--resume")) == 0
    assert_same_weights(tmp_path / "copy", whole)


def test_constant_run_goes_on_for_more_steps(data: Path, tmp_path: Path) -> None:
    constant = ["--schedule", "constant", "--warm-up", "2", "--teacher", str(data / "bert")]
    constant += ["--teach", f"{data / 'train.jsonl'}=4"]
    assert train.main(words(data, tmp_path / "whole", *constant)) == 0
    assert train.main(words(data, tmp_path / "short", *constant, "--steps", "5")) == 0
    assert train.main(words(data, tmp_path / "short", *constant, "--resume")) == 0
    assert_same_weights(tmp_path / "short", tmp_path / "whole")
    assert all(0 < line["away"] < 2 for line in log_of(tmp_path / "whole") if "loss" in line)


def test_words_learn_alone_while_the_body_is_frozen(data: Path, tmp_path: Path) -> None:
    write_lines(tmp_path / "zh.jsonl", [triplet(each, query=f"文章 {each}", lang="zh") for each in SUBJECTS])
    given = ["--triplets", str(tmp_path / "zh.jsonl"), "--query-prefix-zh", "", "--pooling", "mean"]
    alone = ["--words-rate", "1e-2", "--freeze-body", "12", "--dropout", "0"]
    assert train.main(words(data, tmp_path / "run", *given, *alone)) == 0
    before = Encoder.open(str(data / "bert"), "mean")
    after = Encoder.open(str(tmp_path / "run" / "model"))
    text = "what is the old river of katan?"
    asked = ([text], [text + " 文章"])
    same, other = ([each(each.tokenise(texts, 32)) for each in (before.eval(), after.eval())] for texts in asked)
    assert torch.equal(*same)
    assert not torch.allclose(*other)


def test_gradient_caching_ends_with_nearly_the_same_weights(data: Path, whole: Path, tmp_path: Path) -> None:
    assert train.main(words(data, tmp_path, "--chunk", "16")) == 0
    assert log_of(tmp_path)[-1]["loss"] == pytest.approx(log_of(whole)[-1]["loss"], abs=1e-3)


def test_checkpoint_is_not_overwritten_without_being_told(data: Path, tmp_path: Path, capsys) -> None:
    assert train.main(words(data, tmp_path, "--steps", "3")) == 0
    capsys.readouterr()
    assert train.main(words(data, tmp_path, "--steps", "3")) == 2
    assert "holds a run at step 3: add --resume to go on, or choose another --out." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (["--rate", "2e-3"], "with rate 0.001, but this run has 0.002"),
        (["--batch", "4"], "with batch 8, but this run has 4"),
        (["--steps", "6"], "with steps 3, but this run has 6"),
        (["--pooling", "mean"], "with pooling None, but this run has 'mean'"),
    ],
)
def test_checkpoint_of_other_arguments_is_refused(data: Path, tmp_path: Path, capsys, more, what) -> None:
    assert train.main(words(data, tmp_path, "--steps", "3")) == 0
    assert train.main(words(data, tmp_path, "--steps", "3", "--resume", *more)) == 2
    assert what in capsys.readouterr().err


def test_checkpoint_of_other_data_is_refused(data: Path, tmp_path: Path, capsys) -> None:
    other = tmp_path / "train.jsonl"
    write_triplets(other, 20)
    given = ["--steps", "3", "--triplets", str(other)]
    assert train.main(words(data, tmp_path, *given)) == 0
    write_triplets(other, 21)
    assert train.main(words(data, tmp_path, *given, "--resume")) == 2
    assert "was saved with data" in capsys.readouterr().err


def test_checkpoint_of_another_shape_is_refused(data: Path, tmp_path: Path, capsys) -> None:
    model = ["--steps", "3", "--model", str(write_bert(tmp_path / "bert"))]
    assert train.main(words(data, tmp_path / "run", *model)) == 0
    write_bert(tmp_path / "bert", width=16)
    assert train.main(words(data, tmp_path / "run", *model, "--resume")) == 2
    assert "belongs to another model: model." in capsys.readouterr().err


def test_full_disk_is_said_and_loses_nothing(data: Path, whole: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    fsync, saved = os.fsync, []

    def full_at_the_second(number: int) -> None:
        saved.append(number)
        if len(saved) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", "state.pt")
        fsync(number)

    monkeypatch.setattr(checkpoints.os, "fsync", full_at_the_second)
    assert train.main(words(data, tmp_path / "cut")) == 3
    assert "The disk is full" in capsys.readouterr().err
    monkeypatch.undo()
    assert train.main(words(data, tmp_path / "cut", "--resume")) == 0
    assert_same_weights(tmp_path / "cut", whole)


def test_what_a_person_got_wrong_is_one_sentence(data: Path, tmp_path: Path, capsys) -> None:
    kin = write_lines(tmp_path / "kin.jsonl", [triplet("katan", number, document="one") for number in range(9)])
    broken = tmp_path / "broken.jsonl"
    broken.write_text(json.dumps(triplet("katan")) + "\n{\n", "utf-8")
    (tmp_path / "empty.jsonl").touch()
    for more, sentence in (
        (["--triplets", str(kin)], "The 9 triplets make no batch of 8 without two of one document"),
        (["--triplets", str(broken)], "broken.jsonl, line 2: it is no JSON"),
        (["--triplets", str(tmp_path / "empty.jsonl")], "empty.jsonl is empty."),
        (["--triplets", str(tmp_path / "none.jsonl")], "There is no file"),
        (["--model", str(tmp_path / "none")], "is no model folder"),
        (["--max-tokens-passage", "65"], "--max-tokens-passage must lie between 3 and the model's 64."),
        (["--query-prefix-en", "what is this: " * 20], "--max-tokens-query 32 leaves no room after an instruction"),
        (["--schedule", "constant"], "give --warm-up as a number of steps"),
        (["--teacher", str(data / "bert")], "--teacher and --teach belong together."),
        (["--rate", "inf"], "The gradients are no numbers"),
    ):
        assert train.main(words(data, tmp_path / "run", *more)) in (2, 3)
        told = capsys.readouterr().err
        assert sentence in told
        assert "Traceback" not in told


def test_mixed_weights_lie_between(data: Path, tmp_path: Path) -> None:
    assert train.main(words(data, tmp_path, "--pooling", "mean")) == 0
    given = ["--base", str(data / "bert"), "--tuned", str(tmp_path / "model"), "--out", str(tmp_path / "mixed")]
    assert mixing.main([*given, "--share", "0.25"]) == 2  # pooled differently: the plain BERT is read with CLS
    assert train.main(words(data, tmp_path / "cls")) == 0
    given[3] = str(tmp_path / "cls" / "model")
    assert mixing.main([*given, "--share", "0.25"]) == 0
    base, tuned = Encoder.open(str(data / "bert")).state_dict(), weights(tmp_path / "cls")
    for name, value in Encoder.open(str(tmp_path / "mixed")).state_dict().items():
        torch.testing.assert_close(value, base[name] * 0.75 + tuned[name] * 0.25)
