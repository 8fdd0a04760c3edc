"""Words are counted as a WordPiece cuts them."""

from __future__ import annotations

import pytest

pytest.importorskip("opencc", reason="OpenCC comes with the training extra")

from training.vocabulary.counting import characters, chosen, counted, cut

LEXICON = {"机器", "学习", "机器学习", "知识"}


def test_longest_word_is_taken_first() -> None:
    assert cut("机器学习知识库", LEXICON, 4) == ["机器学习", "知识", "库"]


def test_text_is_folded_and_broken_at_what_is_not_chinese() -> None:
    counts = counted(["機器，學習 and 知識", "知识"], LEXICON)
    assert counts == {"机器": 1, "学习": 1, "知识": 2}


def test_commonest_words_are_chosen_and_no_single_characters() -> None:
    counts = counted(["知识知识学习库库库库"], LEXICON)
    assert chosen(counts, 1) == ["知识"]
    assert chosen(counts, 9) == ["知识", "学习"]
    assert chosen(counts, 9, least=2) == ["知识"]


def test_characters_count_within_words_too() -> None:
    assert characters(counted(["知识，学习知"], LEXICON)) == {"知": 2, "识": 1, "学": 1, "习": 1}
