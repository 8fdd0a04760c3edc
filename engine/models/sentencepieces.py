"""A SentencePiece `tokenizer.model` becomes a `tokenizer.json` whose plain `encode` gives the same ids for any text.

The file is a protobuf message (sentencepiece_model.proto), of which the few fields below are read.

Why the ids are equal. SentencePiece joins the adjacent pair of symbols whose joined text is the piece with the best
score, the leftmost of equals, until no pair joins to a piece. The library does the same by a list of pairs, best first:
it ranks pairs, SentencePiece pieces, and many a piece can be cut in several ways, of which it must not matter which
comes first. It does not, because only one of them ever lies side by side: as long as no join has crossed the ends of a
stretch of text, the joins within it and their order depend on nothing outside, so that the last two symbols which a
piece is joined from are, in every text, those that it has when it is encoded alone.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from engine.models.flaws import Flaw

BLANK = "\u2581"  # stands for a blank in every piece

_LARGEST_FILE = 8 * 2**20  # ChatGLM3's has 1
_LONGEST_PIECE = 128  # characters; ChatGLM3's longest has 16
_MOST_MERGES = 2_000_000  # ChatGLM3's has 90,000
_TIKTOKEN = re.compile(rb"[A-Za-z0-9+/]+={0,2} \d+\r?\n")
_BPE = 2
_UNKNOWN_TEXT = " \u2047 ".encode()


class _Kind(IntEnum):
    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    score: float
    kind: int


@dataclass(frozen=True, slots=True)
class _Model:
    pieces: tuple[_Piece, ...]  # in the order of their ids
    trainer: Mapping[int, int | bytes]  # field number → value, the last one where it is repeated
    normalizer: Mapping[int, int | bytes]
    denormalizer: Mapping[int, int | bytes]


def tokenizer_json(model: bytes) -> str:
    """The `tokenizer.json` of the contents of a `tokenizer.model`.

    It has no added tokens and no post-processor. In its vocabulary a piece is text when it is one character or made by
    a merge; the others are the bytes "<0x00>" to "<0xFF>", the unknown token, and control pieces, which have no text.

    Raises Flaw for a file that is cut off or foreign, and for a kind of model that cannot be made equal.
    """
    parsed = _parse(model)
    _check(parsed)
    unknown = next((piece.text for piece in parsed.pieces if piece.kind == _Kind.UNKNOWN), None)
    bpe = {
        "type": "BPE",
        "dropout": None,
        "unk_token": unknown,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": True,
        "ignore_merges": False,
        "vocab": {piece.text: id for id, piece in enumerate(parsed.pieces)},
        "merges": _merges(parsed),
    }
    whole = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": _normalizer(has_prefix=bool(parsed.normalizer.get(3, 1))),
        "pre_tokenizer": None,
        "post_processor": None,
        "decoder": None,
        "model": bpe,
    }
    return json.dumps(whole, ensure_ascii=False)


def piece_count(model: bytes) -> int:
    """How many ids the contents of a `tokenizer.model` have, which `tokenizer_json` took."""
    return sum(number == 1 for number, _ in _fields(model))


def _normalizer(*, has_prefix: bool) -> object:
    escape = {"type": "Replace", "pattern": {"String": " "}, "content": BLANK}
    prefix = [{"type": "Prepend", "prepend": BLANK}] if has_prefix else []
    return {"type": "Sequence", "normalizers": [*prefix, escape]}


# --- joins ------------------------------------------------------------------------------------------------------


def _merges(model: _Model) -> list[tuple[str, str]]:
    """Every two pieces that make up a third, in the order of its score, best first."""
    scores = {piece.text: piece.score for piece in model.pieces if piece.kind == _Kind.NORMAL}
    missing = next((char for text in scores for char in text if char not in scores), None)
    if missing is not None:
        raise Flaw("no_character", character=repr(missing))
    longer = [text for text in sorted(scores, key=scores.__getitem__, reverse=True) if len(text) > 1]
    merges: list[tuple[str, str]] = []
    for text in longer:
        merges += _cuts(text, scores)
        if len(merges) > _MOST_MERGES:
            raise Flaw("large_sentencepiece")
    return merges


def _cuts(text: str, pieces: Container[str]) -> list[tuple[str, str]]:
    places = range(1, len(text))
    pairs = [(text[:cut], text[cut:]) for cut in places if text[:cut] in pieces and text[cut:] in pieces]
    if not pairs:
        raise Flaw("unmade_piece", piece=repr(text))
    return pairs


# --- what can be made equal -------------------------------------------------------------------------------------


def _check(model: _Model) -> None:
    if model.trainer.get(3, 1) != _BPE:
        raise Flaw("not_bpe")
    if model.normalizer.get(2) or model.denormalizer.get(2):
        raise Flaw("changes_characters")
    if model.normalizer.get(4, 1):
        raise Flaw("removes_blanks")
    if not model.normalizer.get(5, 1) or model.trainer.get(24, 0):
        raise Flaw("other_blanks")
    if model.trainer.get(44, _UNKNOWN_TEXT) != _UNKNOWN_TEXT:
        raise Flaw("unknown_text")
    _check_pieces(model.pieces)


def _check_pieces(pieces: tuple[_Piece, ...]) -> None:
    of_kind = {kind: [piece for piece in pieces if piece.kind == kind] for kind in _Kind}
    if sum(map(len, of_kind.values())) != len(pieces) or of_kind[_Kind.USER_DEFINED] or of_kind[_Kind.UNUSED]:
        raise Flaw("other_pieces")
    if {piece.text for piece in of_kind[_Kind.BYTE]} != {f"<0x{byte:02X}>" for byte in range(256)}:
        raise Flaw("no_bytes")
    if len({piece.text for piece in pieces}) != len(pieces):
        raise Flaw("same_pieces")
    if any(len(piece.text) < 2 for piece in pieces if piece.kind != _Kind.NORMAL):
        raise Flaw("short_special")  # it would come out of plain text
    scores = [piece.score for piece in of_kind[_Kind.NORMAL] if len(piece.text) > 1]
    if len({*scores}) != len(scores) or not all(map(math.isfinite, scores)):
        raise Flaw("same_scores")


# --- the protobuf message ---------------------------------------------------------------------------------------


def _parse(model: bytes) -> _Model:
    if _TIKTOKEN.match(model):
        raise Flaw("tiktoken")
    if len(model) > _LARGEST_FILE:
        raise Flaw("large_sentencepiece")
    pieces, specs = [], {}
    for number, value in _fields(model):
        if number == 1:
            pieces.append(_parse_piece(_bytes(value)))
        elif number in (2, 3, 5):
            specs[number] = dict(_fields(_bytes(value)))
    if not pieces or 2 not in specs:
        raise Flaw("no_sentencepiece")
    return _Model(tuple(pieces), specs[2], specs.get(3, {}), specs.get(5, {}))


def _parse_piece(message: bytes) -> _Piece:
    fields = dict(_fields(message))
    try:
        text = _bytes(fields.get(1, b"")).decode("utf-8")
    except UnicodeDecodeError:
        raise Flaw("no_utf8") from None
    if not 0 < len(text) <= _LONGEST_PIECE:
        raise Flaw("long_piece", count=len(text))
    score, kind = _bytes(fields.get(2, bytes(4))), fields.get(3, _Kind.NORMAL)
    if len(score) != 4 or not isinstance(kind, int):
        raise Flaw("no_sentencepiece")
    return _Piece(text, struct.unpack("<f", score)[0], kind)


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise Flaw("no_sentencepiece")
    return value


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message, in their order: a number from 1, and an int (varint) or the bytes of any other type.

    https://protobuf.dev/programming-guides/encoding
    """
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        if wire_type == 2:
            size, place = _varint(message, place)
        elif wire_type in (1, 5):
            size = 8 if wire_type == 1 else 4
        else:
            raise Flaw("no_sentencepiece")
        if number == 0:
            raise Flaw("no_sentencepiece")
        if size > len(message) - place:
            raise Flaw("cut_sentencepiece")
        yield number, message[place : place + size]
        place += size


def _varint(message: bytes, place: int) -> tuple[int, int]:
    """The number that starts at `place`, and the place behind it."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(message):
            raise Flaw("cut_sentencepiece")
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise Flaw("no_sentencepiece")
