from __future__ import annotations

import random

import pytest

from engine.documents.budget import cut_within, token_count


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("kettle", 1),
        ("kettles", 2),
        ("internationalisation", 6),
        ("茶壶很烫。", 5),
        ("3.14", 3),
        ("GPIO", 2),
        ("TestCase", 2),
        ("привет", 3),
        ("a_b", 3),
    ],
)
def test_rule(text: str, tokens: int) -> None:
    assert token_count(text) == tokens


def test_joining_by_a_blank_adds_nothing() -> None:
    assert token_count("one two 三") == token_count("one") + token_count("two") + token_count("三")


def test_cut_stays_within_and_always_gets_on() -> None:
    rng = random.Random(3)
    for _ in range(3000):
        text = "".join(rng.choices("abcdefghXYZ0189 _.,中文，。éбٱ", k=rng.randint(1, 40)))
        budget = rng.randint(1, 8)
        cut = cut_within(text, 0, len(text), budget)
        assert cut > 0
        assert token_count(text[:cut]) <= budget
