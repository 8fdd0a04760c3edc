"""Windows of a token file: every token is learnt once in an epoch, whoever asks and however often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.errors import TrainingError
from training.generator.windows import Windows


@pytest.fixture
def file(tmp_path: Path) -> Path:
    np.arange(1000, dtype=np.uint16).tofile(tmp_path / "train.bin")
    return tmp_path / "train.bin"


def test_a_window_ends_with_the_token_that_follows_it(file: Path) -> None:
    windows = Windows(file, 10)
    assert windows.read([0, 2]).tolist() == [[*range(11)], [*range(20, 31)]]
    assert windows.read([98], 9).tolist() == [[*range(989, 1000)]]
    assert (len(windows), windows.tokens) == (99, 1000)


def test_an_epoch_has_every_window_once(file: Path) -> None:
    windows = Windows(file, 10)
    epoch = np.concatenate([windows.step(number, 9, seed=1) for number in range(11)])[:, :-1]
    assert len({*epoch.ravel().tolist()}) == epoch.size == 990


def test_the_next_epoch_has_another_order_and_other_cuts(file: Path) -> None:
    windows = Windows(file, 10)
    first, second = (windows.step(number, 99, seed=1) for number in (0, 1))
    assert sorted(first[:, 0]) != sorted(second[:, 0])
    assert np.array_equal(second, windows.step(1, 99, seed=1))
    assert not np.array_equal(first, windows.step(0, 99, seed=2))


def test_files_that_are_missing_or_short(file: Path) -> None:
    with pytest.raises(TrainingError, match="There is no"):
        Windows(file.parent / "dev.bin", 10)
    with pytest.raises(TrainingError, match="too few for windows of 600"):
        Windows(file, 600)
    with pytest.raises(TrainingError, match="no batch of 100"):
        Windows(file, 10).step(0, 100, seed=1)
