"""A tokenizer that reads Chinese words too: what it knew is cut as before, through a file as well."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("opencc", reason="OpenCC comes with the training extra")

from tokenizers import Tokenizer
from tokenizers.implementations import BertWordPieceTokenizer

from engine.models.wordpieces import WordPieces
from training.errors import TrainingError
from training.vocabulary import folding, tokenizing

KNOWN = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "know", "##ledge", "the", "python", "3", ",", ".", "。", "一"]
CHARACTERS = ["机", "器", "学", "习", "知", "识", "库"]
WORDS = ["机器", "学习", "机器学习", "知识"]


@pytest.fixture(scope="module")
def base() -> Tokenizer:
    return Tokenizer.from_str(BertWordPieceTokenizer({token: id for id, token in enumerate(KNOWN)}).to_str())


@pytest.fixture(scope="module")
def made(base: Tokenizer) -> Tokenizer:
    return tokenizing.extended(base, CHARACTERS, WORDS, folding.compiled())


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    return list(tokenizer.encode(text, add_special_tokens=False).tokens)


def test_english_has_the_ids_that_it_had(base: Tokenizer, made: Tokenizer) -> None:
    text = "The knowledge, python 3."
    assert made.encode(text).ids == base.encode(text).ids


def test_chinese_is_cut_into_the_longest_words(made: Tokenizer) -> None:
    assert pieces(made, "机器学习知识库") == ["机器学习", "##知识", "##库"]


def test_traditional_and_simplified_have_the_same_ids(made: Tokenizer) -> None:
    assert made.encode("機器學習，知識。").ids == made.encode("机器学习，知识。").ids
    assert pieces(made, "知識。") == ["知识", "."]


def test_latin_letters_are_kept_apart(made: Tokenizer) -> None:
    assert pieces(made, "学习python3知识") == ["学习", "[UNK]", "知识"]
    assert pieces(made, "学习Python 3知识") == ["学习", "python", "3", "知识"]


def test_unknown_character_leaves_the_others_known(made: Tokenizer) -> None:
    assert pieces(made, "机器龘学习") == ["机器", "[UNK]", "学习"]


def test_long_run_is_cut_and_known(made: Tokenizer) -> None:
    assert "[UNK]" not in pieces(made, "知识库" * 500)


def test_twins_are_the_two_tokens_of_a_word(made: Tokenizer) -> None:
    both = {(made.id_to_token(first), made.id_to_token(within)) for first, within in tokenizing.twins(made)}
    assert both == {(word, f"##{word}") for word in (*CHARACTERS, *WORDS, "一")}


def test_engine_reads_it_from_a_file(made: Tokenizer, tmp_path: Path) -> None:
    made.save(str(tmp_path / "tokenizer.json"))
    read = WordPieces.open(tmp_path / "tokenizer.json", 512)
    text = "機器學習，knowledge 知识龘"
    assert read.windows(text)[0].tolist() == made.encode(text).ids
    assert read.known_share("機器學習，knowledge 知识龘") == pytest.approx(15 / 16)


def test_word_of_other_characters_is_refused(base: Tokenizer) -> None:
    with pytest.raises(TrainingError, match="库"):
        tokenizing.extended(base, ["知", "识"], ["知识库"], folding.compiled())


def test_other_tokenizer_is_refused(made: Tokenizer) -> None:
    with pytest.raises(TrainingError, match="WordPiece"):
        tokenizing.extended(made, CHARACTERS, WORDS, folding.compiled())
