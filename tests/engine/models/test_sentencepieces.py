from __future__ import annotations

import json
import random

import pytest
import sentencepiece
from refusing import reason
from sentencepiece_models import BLANK, BPE, IDENTITY, RESERVED, UNUSED, USER_DEFINED, written
from tokenizers import Tokenizer

from engine.models.flaws import Flaw
from engine.models.sentencepieces import piece_count, tokenizer_json

AB = (("a", -5.0), ("b", -6.0), (BLANK, -7.0), ("ab", -1.0))


def same_ids(model: bytes, texts: list[str]) -> None:
    ours = Tokenizer.from_str(tokenizer_json(model))
    theirs = sentencepiece.SentencePieceProcessor(model_proto=model)
    for text in texts:
        assert ours.encode(text).ids == theirs.encode(text), text


@pytest.mark.parametrize("seed", range(40))
def test_any_order_of_any_pieces_joins_as_in_sentencepiece(seed: int) -> None:
    dice = random.Random(seed)
    letters = [*dice.choice(("ab", "a" + BLANK, "abc", "ab" + BLANK))]
    pieces = [*letters]
    for _ in range(dice.choice((5, 20, 60))):
        piece = dice.choice(pieces) + dice.choice(pieces)
        if piece not in pieces and len(piece) < 10:
            pieces.append(piece)
    scores = dice.sample(range(-len(pieces), 0), len(pieces))  # longer before shorter, too: nothing that training gives
    model = written([(text, float(score)) for text, score in zip(pieces, scores, strict=True)])
    same_ids(model, ["".join(dice.choices([*letters, " "], k=dice.randrange(1, 60))) for _ in range(100)])


def test_leftmost_of_overlapping_joins_comes_first() -> None:
    # "aaa" can be cut into "a" + "aa" and "aa" + "a"
    model = written([("a", -9.0), ("b", -9.0), (BLANK, -9.0), ("aa", -1.0), ("aaa", -2.0), ("aab", -0.5), ("ba", -3.0)])
    same_ids(model, ["a" * count + tail for count in range(12) for tail in ("", "b", "ba", "baaab")])


def test_piece_that_no_text_becomes_changes_nothing() -> None:
    # "ab" joins before "bc" in any text with "abcd", and neither "abc" nor "cd" is a piece that could follow
    longer = [("ab", -1.0), ("bc", -2.0), ("bcd", -3.0), ("abcd", -4.0)]
    model = written([*((letter, -9.0) for letter in "abcd"), (BLANK, -9.0), *longer])
    same_ids(model, ["abcd", "abcdabcd bcd aabbccdd"])
    assert ["a", "bcd"] in json.loads(tokenizer_json(model))["model"]["merges"]  # decoding must know it as text


def test_prefix_only_where_the_model_has_one() -> None:
    same_ids(written(AB, normalizer=IDENTITY | {3: 0}), ["", "ab", " ab", "  "])
    same_ids(written(AB), ["", "ab", " ab", "  "])


def test_holds_no_added_tokens_and_no_post_processor() -> None:
    values = json.loads(tokenizer_json(written(AB)))
    assert values["added_tokens"] == []
    assert values["post_processor"] is None
    assert piece_count(written(AB)) == len(values["model"]["vocab"]) == 259 + len(AB)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (b"", "is not a SentencePiece model"),
        (b"not a model at all", "is not a SentencePiece model"),
        (b"IQ== 0\nIg== 1\nIw== 2\n", "is a tiktoken file, as GLM-4 has"),
        (written(AB)[:-1], "is cut off"),
        (written(AB, trainer={3: 1}), "is not a BPE model"),
        (written(AB, trainer={}), "is not a BPE model"),  # what is not said is Unigram
        (written(AB, normalizer=IDENTITY | {2: b"charsmap"}), "changes characters"),
        (written(AB, normalizer={}), "removes blanks"),
        (written(AB, normalizer=IDENTITY | {5: 0}), "does not mark blanks"),
        (written(AB, trainer=BPE | {24: 1}), "does not mark blanks"),
        (written(AB, trainer=BPE | {44: b"?"}), "has its own text for the unknown token"),
        (written([*AB, ("<user>", 0.0, USER_DEFINED)]), "has user-defined or unused pieces"),
        (written([*AB, ("ba", -8.0, UNUSED)]), "has user-defined or unused pieces"),
        (written([*AB, ("ba", -8.0, 99)]), "has user-defined or unused pieces"),
        (written(AB, reserved=RESERVED[:-1]), "lacks pieces for single bytes"),
        (written([*AB, ("ab", -8.0)]), "has the same piece twice"),
        (written([*AB, ("c", -8.0, 3)]), "has a special piece of a single character"),
        (written([*AB, ("ba", -1.0)]), "has two pieces of the same score"),
        (written([*AB, ("ba", float("nan"))]), "has two pieces of the same score"),
        (written([*AB, ("ac", -8.0)]), "has pieces with 'c', but no piece for that character alone"),
        (written([*AB, ("bbb", -8.0)]), "has the piece 'bbb', which no two other pieces make up"),
        (written([*AB, ("", -8.0)]), "has a piece of 0 characters"),
        (written([*AB, ("a" * 600, -8.0)]), "has a piece of 600 characters"),
        (b"\x0a\x03\x0a\x01\xff" + written(AB), "has a piece that is not UTF-8"),
        (b"\x08\x01" + written(AB), "is not a SentencePiece model"),  # a piece that is a number
        (b"\x0a" + b"\xff" * 11, "is not a SentencePiece model"),  # a number without an end
        (bytes(2**23 + 1), "is too large"),
    ],
)  # fmt: skip
def test_refuses_what_cannot_be_made_equal(model: bytes, why: str) -> None:
    with pytest.raises(Flaw) as caught:
        tokenizer_json(model)
    assert reason(caught.value, file="tokenizer.model").startswith(f"tokenizer.model {why}")


def test_refuses_more_joins_than_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    model = written([("a", -1.0), (BLANK, -2.0), *(("a" * count, -1.0 - count) for count in range(2, 40))])
    assert len(json.loads(tokenizer_json(model))["model"]["merges"]) == 38 * 39 / 2
    monkeypatch.setattr("engine.models.sentencepieces._MOST_MERGES", 700)
    with pytest.raises(Flaw, match="large_sentencepiece"):
        tokenizer_json(model)


def test_refuses_a_model_cut_off_anywhere() -> None:
    model = written(AB)
    for size in range(0, len(model) - 1, 7):
        with pytest.raises(Flaw):
            tokenizer_json(model[:size])


def test_damaged_bytes_never_raise_anything_else() -> None:
    dice, model = random.Random(3), written(AB)
    for _ in range(300):
        damaged = bytearray(model)
        damaged[dice.randrange(len(model))] = dice.randrange(256)
        try:
            values = json.loads(tokenizer_json(bytes(damaged)))
        except Flaw:  # most of the damages are refused, a changed score is not
            continue
        assert values["added_tokens"] == []
