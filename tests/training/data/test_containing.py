"""Finding which texts hold others, against Python's own `in`."""

from __future__ import annotations

import random

import pytest

from training.data.containing import WINDOW, Sought


@pytest.mark.parametrize("letters", ["ab", "abcdefgh", "天地玄黄𠀀"])
def test_finds_what_plain_search_finds(letters: str):
    draw = random.Random(letters)
    texts = ["".join(draw.choices(letters, k=draw.randint(WINDOW, 60))) for _ in range(150)]
    texts += [
        part for text in texts if len(part := text[draw.randint(0, 3) : len(text) - draw.randint(0, 3)]) >= WINDOW
    ]
    sought = Sought()
    for text in texts:
        sought.add(text)
    held = 0
    for text in texts:
        wanted = [number for number, other in enumerate(texts) if other in text]
        assert list(sought.inside(text)) == wanted
        held += len(wanted)
    assert held > len(texts) + 100  # each holds itself


def test_a_repetitive_text_is_no_trap():
    sought = Sought()
    for length in range(WINDOW, WINDOW + 600):
        sought.add("0" * length)
    assert list(sought.inside("0" * 615)) == list(range(600))
    assert list(sought.inside("0" * 20)) == list(range(5))


def test_more_may_be_added_after_a_question():
    sought = Sought()
    sought.add("a" * 20)
    assert list(sought.inside("b" * 30)) == []
    sought.add("b" * 20)
    assert list(sought.inside("b" * 30)) == [1]


def test_a_text_shorter_than_the_window_is_refused_and_holds_nothing():
    sought = Sought()
    with pytest.raises(ValueError, match="fewer than"):
        sought.add("a" * (WINDOW - 1))
    sought.add("a" * WINDOW)
    assert list(sought.inside("a" * (WINDOW - 1))) == []
