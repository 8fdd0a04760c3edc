import pytest

from engine.answers.marks import Mark, MarkReader


def read(*pieces: str) -> tuple[str, list[tuple[int, ...]]]:
    """The text without marks, and the marks."""
    reader = MarkReader()
    found = [token for piece in pieces for token in reader.feed(piece)]
    found += reader.rest()
    text = "".join(token.text for token in found if not isinstance(token, Mark))
    return text, [token.numbers for token in found if isinstance(token, Mark)]


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("For seven years [1].", "For seven years.", [(1,)]),
        ("For seven years.[1] Then", "For seven years. Then", [(1,)]),
        ("For seven years[1].", "For seven years.", [(1,)]),
        ("Both [1][2] say", "Both say", [(1,), (2,)]),
        ("Both [1, 2] say", "Both say", [(1, 2)]),
        ("All [1-3] say", "All say", [(1, 2, 3)]),
        ("All [^1] say", "All say", [(1,)]),
        ("保留七年[1]。", "保留七年。", [(1,)]),
        ("保留七年【1】。", "保留七年。", [(1,)]),
        ("保留七年【1、3】。", "保留七年。", [(1, 3)]),
        ("[1] Logs are kept.\n[2] So are backups.", "Logs are kept.\nSo are backups.", [(1,), (2,)]),
        ("far away [99]", "far away", [(99,)]),
    ],
)
def test_marks_are_taken_out(written: str, text: str, marks: list[tuple[int, ...]]):
    assert read(written) == (text, marks)


@pytest.mark.parametrize(
    "written",
    [
        "in [2021] it began",
        "a[0] is the first",
        "a[1] is the second",
        "my_list[1] too",
        "`rows[1]` in code",
        "``a ` [1]``",
        "```python\nrows [1]\n```\nend",
        "[1](https://example.org)",
        "[1a] is no number",
        "（1）首先 备份",
        "[see 1]",
        "[",
        "an open [12",
    ],
)
def test_what_is_no_mark_stays(written: str):
    assert read(written) == (written, [])


def test_a_mark_after_code_is_one():
    assert read("Use `a[1]` [2].") == ("Use `a[1]`.", [(2,)])
    assert read("```\nx [1]\n```\nDone [2].") == ("```\nx [1]\n```\nDone.", [(2,)])


def test_a_backtick_that_nothing_closes_ends_with_its_line():
    assert read("a ` stray\nline [1].") == ("a ` stray\nline.", [(1,)])


@pytest.mark.parametrize(
    "written",
    [
        "For seven years [1][2]. Then [3-4] `x[1]` [2021] 七年【1】。\n\n- a [1]\n```\n[1]\n```\n[2] b",
        "a  [1]  b [",
        "[1",
    ],
)
def test_pieces_of_any_size_read_the_same(written: str):
    whole = read(written)
    for size in range(1, 9):
        assert read(*(written[at : at + size] for at in range(0, len(written), size))) == whole


def test_only_a_possible_beginning_of_a_mark_is_held_back():
    reader = MarkReader()
    told = ["".join(token.text for token in reader.feed(piece)) for piece in ("For seven", " years [", "a] and")]
    assert told == ["For seven", " years", " [a] and"]
