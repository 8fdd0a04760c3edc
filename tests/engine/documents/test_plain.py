from __future__ import annotations

from pathlib import Path

import pytest

from engine.documents.kinds import Kind
from engine.documents.plain import Plain, open_document
from engine.errors import UnreadableDocument
from engine.types import Line, Reason


def test_why_a_text_is_not_read(tmp_path: Path) -> None:
    for data, reason in [(b"", Reason.EMPTY), (b" \n\t\n", Reason.NO_TEXT), (b"\x00" * 9, Reason.NOT_TEXT)]:
        (tmp_path / "a.txt").write_bytes(data)
        with pytest.raises(UnreadableDocument) as caught:
            open_document(str(tmp_path / "a.txt"), Kind.TEXT)
        assert caught.value.reason is reason


def lines(text: str, kind: Kind) -> list[tuple[int, Line]]:
    return [(page.number, page.lines[0]) for page in Plain(tuple(text.split("\n")), kind).pages()]


def gaps(text: str, kind: Kind = Kind.TEXT) -> list[bool]:
    return [line.gap for _, line in lines(text, kind)]


def test_every_line_keeps_its_number() -> None:
    assert [number for number, _ in lines("a\n\n\nb\nc", Kind.TEXT)] == [1, 4, 5]


def test_text_wrapped_by_hand_is_one_paragraph() -> None:
    wrapped = (
        "The kettle stands on the stove and sings a song that\n"
        "nobody in this house has ever listened to, and when\n"
        "it stops the tea is ready.\n"
        "Then the guests come through the garden and sit down\n"
        "around the table in the shade of an old apple tree.\n"
    )
    assert gaps(wrapped) == [True, False, False, True, False]


def test_text_that_is_not_wrapped_has_a_paragraph_on_every_line() -> None:
    assert gaps("第一段很长，" * 30 + "\n" + "第二段也很长，" * 30 + "\n短的一段。") == [True, True, True]


def test_markdown_headings() -> None:
    text = "# One #\ntext\n\nTwo\n===\n\n```\n# no heading\n```\n####### seven\n## Three"
    found = [(number, line.text) for number, line in lines(text, Kind.MARKDOWN) if line.heading]
    assert found == [(1, "One"), (4, "Two"), (11, "Three")]
    assert Plain(tuple(text.split("\n")), Kind.MARKDOWN).title == "One"
    assert Plain(tuple(text.split("\n")), Kind.TEXT).title == ""


def test_markdown_lines_of_a_paragraph_stay_together_and_items_do_not() -> None:
    assert gaps("one\ntwo\n\n- a\n- b\n  more of b\n| x | y |", Kind.MARKDOWN) == [
        *(True, False),
        *(True, True, False),
        True,
    ]
