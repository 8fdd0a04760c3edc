"""What ends a command is one sentence and an exit code."""

from __future__ import annotations

import errno

import pytest

from training.errors import TrainingError, ended_by


def test_exit_code_of_main_is_kept():
    assert ended_by(lambda: 1) == 1


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (TrainingError("Line 3 is broken."), 2, "Line 3 is broken.\n"),
        (TrainingError("It is damaged.", 3), 3, "It is damaged.\n"),
        (OSError(errno.ENOSPC, "no space", "out/x"), 3, "The disk is full while writing out/x."),
        (FileNotFoundError(errno.ENOENT, "none", "x.jsonl"), 2, "There is no x.jsonl.\n"),
        (PermissionError(errno.EACCES, "no", "x.jsonl"), 3, "x.jsonl may not be read"),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_failure_is_one_sentence(error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]):
    def main() -> int:
        raise error

    assert ended_by(main) == code
    said = capsys.readouterr().err
    assert said.startswith(words)
    assert said.count("\n") == 1


@pytest.mark.parametrize("error", [ValueError("ours"), OSError(errno.EIO, "broken")])
def test_a_mistake_of_ours_keeps_its_traceback(error: Exception):
    def main() -> int:
        raise error

    with pytest.raises(type(error)):
        ended_by(main)
