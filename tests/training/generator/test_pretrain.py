"""The command: it learns, stops when its time is over, goes on to the same numbers, and leaves a ChatGLM3."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.models import chatglm
from engine.models.converting import read_tokenizer
from training import processes
from training.generator.pretrain import Learner, main, mean_loss, rate
from training.generator.windows import Windows

ONE_CORE = "--device cpu --bf16 off --shape tiny --window 32 --batch 8 --micro 8 --rate 0.01 --dev-windows 4".split()


def words(tokens: Path, out: Path, *more: str) -> list[str]:
    return ["--tokens", str(tokens), "--out", str(out), *ONE_CORE, *more]


def weights(out: Path) -> dict[str, torch.Tensor]:
    return load_file(out / "model" / "model.safetensors")


def log(out: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]


def test_it_learns_and_leaves_a_chatglm3(tokens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(tokens, tmp_path / "run", "--steps", "48", "--log-every", "12", "--evaluate-every", "24")) == 0
    assert "48 steps of 8" in capsys.readouterr().out
    entropy = json.loads((tokens / "tokens.json").read_text("utf-8"))["unigram_nats"]
    dev = [line["dev_loss"] for line in log(tmp_path / "run") if "dev_loss" in line]
    assert len(dev) == 2
    assert dev[-1] < entropy - 0.5  # more than how often each token is
    assert {"loss", "rate", "norm", "tokens", "tokens_per_s"} <= log(tmp_path / "run")[0].keys()
    shape = chatglm.read(tmp_path / "run" / "model")
    assert (shape.layout, shape.layers, shape.max_tokens) == ("chatglm", 2, 2048)
    assert read_tokenizer(tmp_path / "run" / "model", shape)[1]["[MASK]"] == 420


def test_a_run_whose_time_was_over_goes_on_to_the_same_numbers(
    tokens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bit by bit, and across the end of an epoch."""
    more = ("--epochs", "1.2", "--log-every", "1")
    assert main(words(tokens, tmp_path / "whole", *more)) == 0
    steps = max(int(line["step"]) for line in log(tmp_path / "whole"))
    asked: list[float] = []

    def over(*_: object) -> bool:
        asked.append(time.monotonic())
        return len(asked) == 3

    monkeypatch.setattr(processes, "over", over)
    assert main(words(tokens, tmp_path / "parts", *more, "--minutes", "9")) == 0
    assert f"Stopped after 3 of {steps} steps" in capsys.readouterr().out
    assert not (tmp_path / "parts" / "model").exists()
    assert main(words(tokens, tmp_path / "parts", *more, "--minutes", "9", "--resume")) == 0
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    losses = [[line["loss"] for line in log(tmp_path / name) if "loss" in line] for name in ("whole", "parts")]
    assert losses[0] == losses[1]


def test_windows_at_once_change_no_number_much(tokens: Path, tmp_path: Path) -> None:
    for out, micro in (("one", "8"), ("two", "3")):
        assert main(words(tokens, tmp_path / out, "--steps", "1", "--micro", micro)) == 0
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    for name in one:
        torch.testing.assert_close(one[name], two[name], atol=2e-3, rtol=1e-2)


def test_what_is_measured_comes_from_all_texts(tmp_path: Path) -> None:
    """They stand there one after the other, the Chinese ones before the English, say."""
    np.arange(1000, dtype=np.uint16).tofile(tmp_path / "dev.bin")
    read: list[np.ndarray] = []

    def losses(rows: np.ndarray) -> Iterator[torch.Tensor]:
        read.append(rows)
        yield torch.tensor(60.0)

    arguments = argparse.Namespace(dev_windows=3, window=10)
    assert mean_loss(losses, Learner(torch.nn.Identity()), Windows(tmp_path / "dev.bin", 10), arguments) == 2.0
    assert read[0][:, 0].tolist() == [0, 490, 980]


def test_the_rate_rises_and_falls_to_a_tenth() -> None:
    rates = [rate(step, 100, 1.0, 0.1) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[10] == 1.0
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0.1 < rates[-1] < 0.11


def test_time_that_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    assert not processes.over(began, 0, torch.device("cpu"))
    assert not processes.over(began, 1, torch.device("cpu"))
    assert processes.over(began - 61, 1, torch.device("cpu"))


def test_what_people_get_wrong(tokens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = words(tokens, tmp_path / "run", "--steps", "1")
    assert main(words(tmp_path, tmp_path / "run")) == 2
    assert "training.generator.tokens writes it" in capsys.readouterr().err
    assert main([*run, "--window", "4096"]) == 2
    assert "must not exceed the model's 2048" in capsys.readouterr().err
    assert main(run) == 0
    assert main(run) == 2
    assert "add --resume" in capsys.readouterr().err
    assert main([*run, "--resume", "--seed", "2"]) == 2
    assert "--seed" in capsys.readouterr().err
