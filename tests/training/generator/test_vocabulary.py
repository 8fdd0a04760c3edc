"""A vocabulary from texts: the product reads from its file the ids that SentencePiece gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sentencepiece
from tokenizers import Tokenizer

from engine.models.sentencepieces import tokenizer_json
from training.generator.vocabulary import commonest, main

SAID = (
    "门禁记录保存 90 天。",
    "The records are kept\nfor 2,024 days.",
    "    if x:\n\treturn  y  # 三个工作日之内",
    "Ünïcode 🙂 龘 \u3000 [1]",
    "",
    " ",
)


def test_the_product_reads_the_ids_that_sentencepiece_gives(vocabulary: Path) -> None:
    model = (vocabulary / "tokenizer.model").read_bytes()
    theirs = sentencepiece.SentencePieceProcessor(model_proto=model)
    ours = Tokenizer.from_str(tokenizer_json(model))
    for text in SAID:
        assert ours.encode(text, add_special_tokens=False).ids == theirs.encode(text)
        assert theirs.decode(theirs.encode(text)) == text


def test_digits_stand_alone_and_bytes_spell_the_rest(vocabulary: Path) -> None:
    processor = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary / "tokenizer.model"))
    assert processor.vocab_size() == 420
    assert processor.encode("2024", out_type=str)[-4:] == ["2", "0", "2", "4"]
    assert processor.encode("龘", out_type=str)[1:] == [f"<0x{byte:02X}>" for byte in "龘".encode()]
    assert [processor.id_to_piece(number) for number in range(4)] == ["<unk>", "<s>", "</s>", "<0x00>"]
    assert len(processor.encode("门禁记录保存")) < 6  # learnt, not spelt


def test_the_report_tells_how_it_was_made(vocabulary: Path) -> None:
    facts = json.loads((vocabulary / "vocabulary.json").read_text("utf-8"))
    assert facts["pieces"] == 420
    assert {*facts["read"]} == {*facts["characters_a_token"]} == {"zh", "en"}
    assert facts["characters_a_token"]["en"] > 1.5


def test_the_file_tells_nothing_of_the_computer(vocabulary: Path) -> None:
    assert str(vocabulary.parent).encode() not in (vocabulary / "tokenizer.model").read_bytes()


def test_the_commonest_characters_are_counted_without_blanks() -> None:
    assert commonest({"a": 2, "的": 9, " ": 50, "\n": 50, "b": 2, "\u200b": 7}, 3) == ["的", "a", "b"]


def test_texts_that_are_too_few_for_the_pieces(texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(texts), "--out", str(tmp_path / "vocabulary"), "--pieces", "9000"]) == 2
    assert "The texts make no vocabulary of 9000 pieces" in capsys.readouterr().err
    assert not (tmp_path / "vocabulary").exists()
