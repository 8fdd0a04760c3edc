"""Which characters are read as others, and that the tokenizer's form of the rules says the same."""

from __future__ import annotations

import pytest

pytest.importorskip("opencc", reason="OpenCC comes with the training extra")

from tokenizers import normalizers

from training.vocabulary import folding

ENGLISH = "It’s “naïve” — 5 % of café prices… (e.g. £3), x²\n\tend"


def test_traditional_characters_are_read_as_simplified() -> None:
    assert folding.folded("電腦軟體與機器學習") == "电脑软体与机器学习"


def test_chinese_punctuation_and_wide_letters_are_read_as_ascii() -> None:
    assert folding.folded("「ＡＢＣ」，１２３。（好！）") == '"ABC",123.(好!)'


def test_english_is_left_as_it_is() -> None:
    assert folding.folded(ENGLISH) == ENGLISH


@pytest.mark.parametrize("text", ["後來，電腦《程式設計》。", ENGLISH, "ｶﾅ かな 한국어 😀", ""])
def test_compiled_rules_say_the_same(text: str) -> None:
    rule = normalizers.Precompiled(folding.compiled())
    assert rule.normalize_str(text) == folding.folded(text)
