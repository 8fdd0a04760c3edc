"""What was measured of models is kept by their weights."""

from __future__ import annotations

from engine.models.speeds import Speeds
from engine.types import Speed

SPEED = Speed(per_second=34.5, load_s=0.4, memory_bytes=130_000_000, measured_ms=1)


def test_speed_is_kept_for_the_same_weights_only(tmp_path):
    Speeds(tmp_path / "speeds.json").keep("small@1", SPEED)
    later = Speeds(tmp_path / "speeds.json")
    later.keep("large@1", SPEED)
    assert later.of("small@1") == SPEED
    assert later.of("small@2") is None


def test_damaged_file_counts_for_none_and_is_written_anew(tmp_path):
    for text in ("{", "[]", '{"small@1": {"per_second": 3, "unknown": 1}}'):
        (tmp_path / "speeds.json").write_text(text)
        assert Speeds(tmp_path / "speeds.json").of("small@1") is None
    Speeds(tmp_path / "speeds.json").keep("small@1", SPEED)
    assert Speeds(tmp_path / "speeds.json").of("small@1") == SPEED


def test_folder_that_cannot_be_written_is_no_failure(tmp_path):
    Speeds(tmp_path / "none" / "speeds.json").keep("small@1", SPEED)
