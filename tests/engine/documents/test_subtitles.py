from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.kinds import Kind
from engine.documents.subtitles import open_document
from engine.errors import UnreadableDocument
from engine.types import Reason

SRT = "1\n00:00:01,000 --> 00:00:02,000\n<i>Pour</i>\nthe tea.\n\n2\n01:02:03,500 --> 01:02:04,000\n{\\an8}再来一杯。\n"
VTT = (
    "WEBVTT\n\nNOTE made by hand\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Ann>Pour\nthe tea.\n\n"
    "01:02:03.500 --> 01:02:04.000\n再来一杯。\n"
)


@pytest.mark.parametrize("text", [SRT, VTT], ids=["SubRip", "WebVTT"])
def test_what_is_said_has_its_time(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(text, "utf-8")
    document = open_document(str(tmp_path / "a.srt"), Kind.SUBTITLES)
    assert document.lines == ("Pour", "the tea.", "再来一杯。")
    assert document.labels == ("00:00:01", "00:00:01", "01:02:03")


def test_a_file_without_times_has_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("just words\n", "utf-8")
    with pytest.raises(UnreadableDocument) as caught:
        open_document(str(tmp_path / "a.srt"), Kind.SUBTITLES)
    assert caught.value.reason is Reason.NO_TEXT
