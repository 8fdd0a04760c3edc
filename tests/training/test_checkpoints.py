"""A run's checkpoint: whole or not at all, and only for the run that it belongs to."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside torch, at its import
    torch = pytest.importorskip("torch", reason="torch comes with the training extra")
    from training import checkpoints
    from training.errors import TrainingError

SETTINGS = {"--rate": 0.1, "steps": 10}


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    state = {"step": 3, "values": {"a": torch.arange(4.0)}, "moments": [torch.ones(2), 0.5]}
    assert checkpoints.load(tmp_path / "checkpoint", SETTINGS) is None
    checkpoints.save(tmp_path / "checkpoint", state, SETTINGS)
    found = checkpoints.load(tmp_path / "checkpoint", SETTINGS)
    assert found is not None
    assert found["step"] == 3
    assert torch.equal(found["values"]["a"], torch.arange(4.0))
    assert [path.name for path in (tmp_path / "checkpoint").iterdir()] == [checkpoints.FILE]


def test_device_without_room_keeps_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """torch's own error, of a file that takes no more bytes, becomes the system's."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    checkpoints.save(tmp_path, {"step": 1}, SETTINGS)
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *more: real(Path("/dev/full") if path.suffix == ".new" else path, *more)
    )
    with pytest.raises(OSError, match="No space left"):
        checkpoints.save(tmp_path, {"step": 2, "values": torch.zeros(1_000_000)}, SETTINGS)
    monkeypatch.undo()
    assert checkpoints.load(tmp_path, SETTINGS) == {"step": 1}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"--rate": 0.2, "steps": 10}, "was saved with --rate 0.1, but this run has 0.2"),
        ({"--rate": 0.1}, "was saved with steps 10, but this run has None"),
    ],
)
def test_run_of_other_settings_is_refused(tmp_path: Path, other: dict[str, object], said: str) -> None:
    checkpoints.save(tmp_path, {"step": 1}, SETTINGS)
    with pytest.raises(TrainingError, match=said):
        checkpoints.load(tmp_path, other)


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 cut"])
def test_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / checkpoints.FILE).write_bytes(content)
    with pytest.raises(TrainingError, match="is damaged"):
        checkpoints.load(tmp_path, SETTINGS)


def test_values_of_another_model_are_refused() -> None:
    path, own = Path("state.pt"), {"a": torch.zeros(2, 3)}
    checkpoints.check_shapes(path, {"a": torch.ones(2, 3)}, own)
    for saved, said in (
        ({"a": torch.ones(3, 3)}, r"a has the shape \(3, 3\) instead of \(2, 3\)"),
        ({}, "it lacks a"),
        ({"a": torch.ones(2, 3), "b": torch.ones(1)}, "the model lacks b"),
    ):
        with pytest.raises(TrainingError, match=said):
            checkpoints.check_shapes(path, saved, own)
