"""Text to a generator's token ids and back, by the `tokenizer.json` that converting made of its `tokenizer.model`.

A door of the `tokenizers` library.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer  # type: ignore[import-untyped]

from engine.models.flaws import Flaw, refused
from engine.models.manifest import Chat
from engine.models.sentencepieces import BLANK

FILE_NAME = "tokenizer.json"

# What an id says: text, one byte of a character that the vocabulary lacks, or nothing.
Piece = str | bytes | None

_BYTES = {f"<0x{byte:02X}>": bytes([byte]) for byte in range(256)}
_UNKNOWN_TEXT = " \u2047 "  # as SentencePiece shows it


class Tokens:
    """Text to ids and back for a generator; special ids never come out of text. Safe to call from several threads."""

    def __init__(self, tokenizer: Tokenizer, pieces: Sequence[Piece], has_prefix: bool, special: Mapping[str, int]):
        """`pieces` by id; `has_prefix`: every text is encoded with a blank before it, which decoding takes away."""
        self._tokenizer = tokenizer
        self._pieces = pieces
        self._has_prefix = has_prefix
        self.special = special

    @classmethod
    def open(cls, folder: Path, chat: Chat) -> Tokens:
        """Reads the folder's `tokenizer.json`.

        Raises BrokenInstallation(BAD_MODEL) when it cannot be read, or is none that converting makes.
        """
        try:
            text = (folder / FILE_NAME).read_text("utf-8")
            values = json.loads(text)
            pieces, has_prefix = _pieces(values["model"]), _has_prefix(values)
            tokenizer = _tokenizer(text)
        except FileNotFoundError:
            raise refused(folder, "no_file", file=FILE_NAME) from None
        except Flaw as flaw:
            raise flaw.of(folder, file=FILE_NAME) from flaw
        except (OSError, ValueError, RecursionError) as error:
            raise refused(folder, "unreadable_file", file=FILE_NAME, words=error) from error
        except (LookupError, TypeError, AttributeError) as error:
            raise refused(folder, "foreign_tokenizer", file=FILE_NAME) from error
        for name, id in chat.special_ids.items():
            if 0 <= id < len(pieces) and pieces[id] is not None:
                raise refused(folder, "special_text", file=FILE_NAME, id=id, name=name)
        return cls(tokenizer, pieces, has_prefix, dict(chat.special_ids))

    def encode(self, text: str) -> list[int]:
        """The ids that SentencePiece gives the text. A lone surrogate, which UTF-8 cannot hold, counts as U+FFFD."""
        ids: list[int] = self._tokenizer.encode(_without_surrogates(text), add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text that SentencePiece gives the ids. Special ones, and ids that no piece has, are nothing."""
        stream = self.stream()
        return "".join([stream.text(id) for id in ids]) + stream.rest()

    def stream(self) -> TokenStream:
        return TokenStream(self._pieces, self._has_prefix)


class TokenStream:
    """The text of ids that come one by one: whole characters only. Joined it is what `Tokens.decode` gives them all."""

    def __init__(self, pieces: Sequence[Piece], has_prefix: bool) -> None:
        self._pieces = pieces
        self._awaits_prefix = has_prefix  # nothing said yet: a blank that comes now is the one that encoding added
        self._bytes = b""  # of a character that is not whole yet

    def text(self, id: int) -> str:
        """What the next id adds: nothing while a character lacks bytes."""
        piece = self._pieces[id] if 0 <= id < len(self._pieces) else None
        if isinstance(piece, bytes):
            self._bytes += piece
            return self._said(self._take(final=False))
        return self.rest() + self._said(self._plain(piece or ""))

    def rest(self) -> str:
        """What is left when no byte follows: U+FFFD for every byte of a character that never became whole."""
        return self._said(self._take(final=True))

    def _plain(self, piece: str) -> str:
        if self._awaits_prefix and piece.startswith(BLANK):
            self._awaits_prefix = False
            piece = piece[1:]
        return piece.replace(BLANK, " ")

    def _said(self, text: str) -> str:
        self._awaits_prefix = self._awaits_prefix and not text
        return text

    def _take(self, *, final: bool) -> str:
        return "".join(self._characters(final))

    def _characters(self, final: bool) -> Iterator[str]:
        while self._bytes:
            try:
                text, used = codecs.utf_8_decode(self._bytes, "strict", final)
            except UnicodeDecodeError as error:  # SentencePiece replaces byte by byte; Python's "replace" would not
                text, used = self._bytes[: error.start].decode() + "\ufffd", error.start + 1
            if not used:
                return
            self._bytes = self._bytes[used:]
            yield text


def _tokenizer(text: str) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # the library raises no narrower one
        raise Flaw("unusable_file", words=error) from error
    if tokenizer.get_added_tokens_decoder() or tokenizer.post_processor or tokenizer.truncation or tokenizer.padding:
        raise Flaw("busy_tokenizer")  # a text could become a special token, or be cut
    return tokenizer


def _pieces(model: Mapping[str, Any]) -> list[Piece]:
    """What each id says, by the rule that `sentencepieces.tokenizer_json` states."""
    merged = {left + right for left, right in model["merges"]}
    pieces: list[Piece] = [None] * len(model["vocab"])
    for text, id in model["vocab"].items():
        if text == model["unk_token"]:
            pieces[id] = _UNKNOWN_TEXT
        elif len(text) == 1 or text in merged:
            pieces[id] = text
        else:
            pieces[id] = _BYTES.get(text)
    return pieces


def _has_prefix(values: Mapping[str, Any]) -> bool:
    return any(step["type"] == "Prepend" for step in values["normalizer"]["normalizers"])


def _without_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # two halves side by side are one
    return text
