import json
import random
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the extra `training` is not installed")

from training.errors import TrainingError
from training.evaluating.curves import apart, averaged, drawn, main, read

LOG = [
    {"step": 0, "dev_recall@10": 0.5, "dev_loss": 2.0, "seconds": 1.0},
    {"step": 10, "loss": 2.0, "rate": 1e-5, "norm": 3.0, "seconds": 2.0},
    {"step": 20, "loss": 1.0, "rate": 2e-5, "seconds": 3.0},
    {"step": 20, "dev_recall@10": 0.75, "dev_loss": 1.5, "seconds": 4.0},
]


def write_log(folder: Path, rows: list[dict[str, float]], rest: str = "") -> Path:
    (folder / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + rest, "utf-8")
    return folder


def test_a_picture_is_drawn_at_twice_the_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write_log(tmp_path, LOG))]) == 0
    data = (tmp_path / "curves.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 1440  # pixels wide
    assert "curves.png" in capsys.readouterr().out


def test_each_panel_shows_what_the_log_has(tmp_path: Path) -> None:
    figure = drawn(read(write_log(tmp_path, LOG) / "log.jsonl"), "run")
    assert [axes.get_title("left") for axes in figure.axes] == ["loss", "learning rate", "on dev data"]
    assert [text.get_text() for text in figure.axes[2].texts] == ["recall@10 0.75"]
    assert [text.get_text() for text in figure.axes[0].texts] == ["training 1", "dev data 1.5"]
    alone = drawn({"loss": [(1, 2.0)]}, "run")
    assert [axes.get_title("left") for axes in alone.axes] == ["loss"]


def test_a_step_that_was_logged_again_after_a_resume_counts_once(tmp_path: Path) -> None:
    log = write_log(tmp_path, [*LOG[:3], {"step": 10, "loss": 1.8, "seconds": 1.0}]) / "log.jsonl"
    assert read(log)["loss"] == [(10, 1.8), (20, 1.0)]


def test_a_line_that_is_being_written_is_left_out(tmp_path: Path) -> None:
    assert read(write_log(tmp_path, LOG, '{"step": 30, "lo') / "log.jsonl")["loss"][-1] == (20, 1.0)


@pytest.mark.parametrize(
    ("rows", "rest", "why"),
    [
        (LOG, "not json\n", "line 5: it is no line of a training log"),
        (LOG, '{"loss": 1.0}\n', "line 5: it is no line of a training log"),
        ([], "", "there is nothing to draw"),
        ([{"step": 1, "seconds": 1.0}], "", "there is nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path: Path, rows: list[dict[str, float]], rest: str, why: str) -> None:
    with pytest.raises(TrainingError, match=why):
        read(write_log(tmp_path, rows, rest) / "log.jsonl")


def test_a_folder_without_a_log_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "log.jsonl" in capsys.readouterr().err


def test_the_average_keeps_a_straight_line_and_calms_the_rest() -> None:
    line = [3.0 - 0.01 * step for step in range(200)]
    assert averaged(line) == pytest.approx(line)
    random_numbers = random.Random(0)
    noise = [random_numbers.gauss(0, 1) for _ in range(500)]
    assert max(map(abs, averaged(noise)[50:-50])) < 1


def test_labels_stand_apart_and_in_order() -> None:
    places = apart([0.50, 0.51, 0.52, 0.9], 0.1)
    assert all(high - low >= 0.1 - 1e-9 for low, high in pairwise(places))
    assert apart([0.1, 0.5], 0.1) == [0.1, 0.5]
