"""SentencePiece `tokenizer.model` files for tests: written by hand, or trained on a few lines in a moment."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable

import sentencepiece

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
BLANK = "\u2581"

RESERVED = (
    ("<unk>", 0.0, UNKNOWN),
    ("<s>", 0.0, CONTROL),
    ("</s>", 0.0, CONTROL),
    *((f"<0x{byte:02X}>", 0.0, BYTE) for byte in range(256)),
)
BPE = {3: 2, 35: 1}  # model_type, byte_fallback
IDENTITY = {1: b"identity", 3: 1, 4: 0}  # add_dummy_prefix, no remove_extra_whitespaces


def written(
    pieces: Iterable[tuple[str, float] | tuple[str, float, int]],
    reserved: Iterable[tuple[str, float, int]] = RESERVED,
    trainer: dict[int, int | bytes] = BPE,
    normalizer: dict[int, int | bytes] = IDENTITY,
) -> bytes:
    """The contents of a model with the reserved pieces first, then `pieces`: (text, score) or (text, score, kind)."""
    every = (*reserved, *((piece if len(piece) == 3 else (*piece, NORMAL)) for piece in pieces))
    messages = [field(1, message({1: text.encode(), 2: score, 3: kind})) for text, score, kind in every]
    return b"".join((*messages, field(2, message(trainer)), field(3, message(normalizer))))


def trained(lines: Iterable[str], size: int, **options: object) -> bytes:
    """A BPE model with byte fallback, as ChatGLM3's, of `size` pieces."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        vocab_size=size,
        model_type="bpe",
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        minloglevel=2,
        **options,
    )
    return model.getvalue()


def message(fields: dict[int, int | float | bytes]) -> bytes:
    return b"".join(field(number, value) for number, value in fields.items())


def field(number: int, value: int | float | bytes) -> bytes:
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value)


def varint(value: int) -> bytes:
    rest, low = value >> 7, value & 0x7F
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])
