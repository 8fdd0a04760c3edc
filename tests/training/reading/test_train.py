"""A tiny reader learns, stops and goes on; its loss is what a plain calculation gives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_encoders import SUBJECTS, WORDS, triplet, write_bert, write_lines

torch = pytest.importorskip("torch", reason="the extra `training` is not installed")

from engine.models.pairs import Row  # noqa: E402
from training.errors import TrainingError  # noqa: E402
from training.reading.loss import losses, span_count  # noqa: E402
from training.reading.model import ReaderModel, Scored  # noqa: E402
from training.reading.samples import NO_SPAN, Sample, Samples  # noqa: E402
from training.reading.train import backward, drawn, main, pairs_of, parse_arguments  # noqa: E402

STEPS = 6


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bert(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows: list[Any] = [triplet(SUBJECTS[row % len(SUBJECTS)], row, answers=["city"]) for row in range(16)]
    return write_lines(tmp_path_factory.mktemp("data") / "triplets.jsonl", rows)


def train(base: Path, data: Path, out: Path, *more: str) -> int:
    given = f"--model {base} --data {data} --out {out} --steps {STEPS} --batch 8 --group 4 --max-tokens 64"
    return main([*given.split(), "--rate", "3e-3", "--save-every", "3", "--log-every", "1", *more])


def weights(folder: Path) -> dict[str, Any]:
    return dict(ReaderModel.open(str(folder)).state_dict())


def row(ids: int, first: int) -> Row:
    spans = np.stack((np.arange(ids - first - 1), np.arange(1, ids - first)), axis=1)
    return Row(np.arange(ids) % 5, first, spans)


def test_losses_are_those_of_the_formula():
    torch.manual_seed(1)
    samples = [Sample(row(8, 3), True, (4, 5)), Sample(row(6, 3), False, NO_SPAN), Sample(row(7, 2), True, NO_SPAN)]
    scores = torch.randn(3, 8, 3)
    spans, relevance = losses(scores, samples)
    inside = scores[0, 3:7]  # the passage's four tokens
    start = -torch.log_softmax(inside[:, 0], 0)[1]
    end = -torch.log_softmax(inside[:, 1], 0)[2]
    chances = torch.sigmoid(scores[:, 0, 2])
    assert spans.item() == pytest.approx(((start + end) / 2).item())
    assert relevance.item() == pytest.approx(-(chances[0].log() + (1 - chances[1]).log() + chances[2].log()).item())
    assert span_count(samples) == 1


def test_without_a_known_answer_spans_cost_nothing():
    spans, _ = losses(torch.randn(1, 6, 3, requires_grad=True), [Sample(row(6, 3), True, NO_SPAN)])
    assert spans.item() == 0


def test_padding_changes_no_number(base: Path):
    model = ReaderModel.open(str(base)).eval()
    rows = [pairs_of(model, 64).rows("what is it?", text)[0] for text in ("the city", "the river of katan was old.")]
    with torch.inference_mode():
        together = model(*model.padded(rows)).numpy()
    for number, each in enumerate(rows):
        alone = Scored(model).states(each.ids, each.types)
        np.testing.assert_allclose(together[number, : len(each.ids)], alone, atol=1e-5)


def test_it_learns_and_a_stopped_run_ends_with_the_same_numbers(base: Path, data: Path, tmp_path: Path):
    straight, stopped = tmp_path / "straight", tmp_path / "stopped"
    assert train(base, data, straight) == 0
    logged = [json.loads(line) for line in (straight / "log.jsonl").read_text("utf-8").splitlines()]
    assert [line["step"] for line in logged] == [*range(1, STEPS + 1)]
    assert logged[-1]["loss"] < 0.8 * logged[0]["loss"]

    assert train(base, data, stopped, "--stop-after", "1e-9") == 0
    assert json.loads((stopped / "log.jsonl").read_text("utf-8").splitlines()[-1])["step"] == 1
    assert train(base, data, stopped, "--resume") == 0
    first, second = weights(straight / "model"), weights(stopped / "model")
    assert all(torch.equal(value, second[name]) for name, value in first.items())


def gradients(base: Path, data: Path, out: Path, group: int) -> dict[str, Any]:
    """Of one batch, dropout off."""
    words = ["--model", str(base), "--data", str(data), "--out", str(out), "--group", str(group), "--max-tokens", "64"]
    arguments = parse_arguments(words)
    torch.manual_seed(0)
    model = ReaderModel.open(str(base)).eval()
    found = Samples([data], pairs_of(model, 64))
    backward(model, [each for number in range(6) for each in drawn(found, number, 0, arguments)], arguments)
    return {name: value.grad for name, value in model.named_parameters() if value.grad is not None}


def test_groups_of_rows_change_nothing(base: Path, data: Path, tmp_path: Path):
    small, large = (gradients(base, data, tmp_path, group) for group in (3, 16))
    assert small.keys() == large.keys()
    for name, value in small.items():
        torch.testing.assert_close(value, large[name], atol=1e-6, rtol=1e-4)


def test_frozen_parts_stay_as_they_are(base: Path, data: Path, tmp_path: Path):
    train(base, data, tmp_path / "run", "--steps", "1", "--freeze-layers", "1", "--freeze-embeddings")
    before, after = weights(base), weights(tmp_path / "run" / "model")
    moved = {name for name, value in before.items() if not torch.equal(value, after[name])}
    assert any("layer.1." in name for name in moved)
    assert not any("layer.0." in name or "embeddings" in name for name in moved)


def refused(capsys: pytest.CaptureFixture[str], words: Sequence[str]) -> str:
    assert main(words) == 2
    return capsys.readouterr().err


def test_what_cannot_be_is_said(base: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    given = ["--model", str(base), "--data", str(data), "--out", str(tmp_path / "run")]
    assert "exceed the model's 64" in refused(capsys, [*given, "--max-tokens", "65"])
    assert "no room" in refused(capsys, [*given, "--max-tokens", "5"])
    assert "no batch of 99" in refused(capsys, [*given, "--max-tokens", "64", "--batch", "99"])


def test_a_folder_of_another_shape_is_refused(base: Path, tmp_path: Path):
    with pytest.raises(TrainingError):
        ReaderModel.open(str(tmp_path))
    assert ReaderModel.open(str(base)).positions == 64
    assert len(WORDS) > 1
