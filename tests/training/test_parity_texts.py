"""The texts of the parity check cover the lengths that they claim."""

from __future__ import annotations

from itertools import pairwise

from engine.config import SHIPPED_MODELS
from engine.models.wordpieces import WordPieces
from training.parity_texts import parity_texts


def test_texts_run_from_empty_to_almost_all_positions():
    pieces = WordPieces.open(SHIPPED_MODELS / "inkstone-embed-small" / "tokenizer.json", max_tokens=512)
    windows = [pieces.windows(text) for text in parity_texts()]
    assert all(len(each) == 1 for each in windows)
    lengths = sorted(len(each[0]) for each in windows)
    assert lengths[0] == 2  # the special tokens alone
    assert 450 < lengths[-1] <= 512
    assert max(right - left for left, right in pairwise(lengths)) < 80


def test_no_text_stands_twice():
    for languages in (("en",), ("zh", "en")):
        assert len(set(parity_texts(languages))) == len(parity_texts(languages))


def test_chinese_models_are_compared_on_chinese_too():
    more = parity_texts(("zh-Hant",))[len(parity_texts()) :]
    assert sum("\u4e00" <= character <= "\u9fff" for character in "".join(more)) > 1000
    assert max(map(len, more)) < 500
