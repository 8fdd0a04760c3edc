import pytest

from engine.documents.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("今天下雨。我们在家！你呢？", ["今天下雨。", "我们在家！", "你呢？"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("  Blank around.  And inside. ", ["Blank around.", "And inside."]),
        ("温度为3.14度。见图2.1。", ["温度为3.14度。", "见图2.1。"]),
        ("等等……他没有来。", ["等等……", "他没有来。"]),
        ("It ends in Chinese.下一句。", ["It ends in Chinese.", "下一句。"]),
    ],
)
def test_sentences_end_at_marks_of_both_languages(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "See e.g. Smith et al. (2019), Fig. 3 and Sec. 4.2 of the book.",
        "Dr. Miller and J. K. Rowling met Mr. Smith.",
        "Pi is 3.14 and the version is 2.0.1 here.",
        "Read https://example.org/a.b?c=d for more.",
        "3. Press the button.",
        "It takes approx. three days, i.e. not long.",
        "The file is named setup.py and it stays.",
        "Wait... and see.",
        "No. 5 is alive.",
    ],
)
def test_points_inside_a_sentence_do_not_end_it(text: str) -> None:
    assert cut(text) == [text]


def test_nothing_has_no_sentences() -> None:
    assert sentences(" \n ") == []
