"""Lines are read by number, and what is wrong with one is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import zstandard

from training.errors import TrainingError
from training.lines import Lines


def test_lines_of_several_files_by_number(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl.zst"
    first.write_text('{"n": "é"}\n\n{"n": 1}', "utf-8")
    second.write_bytes(zstandard.compress(b'{"n": 2}\n{"n": 3}\n'))
    lines = Lines([first, second], tmp_path)
    assert [lines[row]["n"] for row in (3, 0, 2, 1)] == [3, "é", 2, 1]
    assert len(lines) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl.zst"]  # nothing is left behind


@pytest.mark.parametrize(("line", "why"), [("{", "it is no JSON ("), ("[1]", "it is no JSON object")])
def test_broken_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{{}}\n\n{line}\n", "utf-8")
    with pytest.raises(TrainingError) as caught:
        Lines([path])[1]
    assert str(caught.value).startswith(f"{path}, line 3: {why}")


def test_empty_missing_and_cut_off_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", "utf-8")
    (tmp_path / "cut.jsonl.zst").write_bytes(zstandard.compress(bytes(range(256)) * 99)[:40])
    (tmp_path / "no.zst").write_bytes(b"no zstd at all")
    for name, why in (
        ("empty.jsonl", "is empty"),
        ("none.jsonl", "There is no file"),
        ("no.zst", "cannot be unpacked"),
    ):
        with pytest.raises(TrainingError, match=why):
            Lines([tmp_path / name], tmp_path)
