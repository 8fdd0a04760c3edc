"""A question and a passage become the rows that a reader reads: token ids, and where in the passage each stands.

A row is [CLS] question [SEP] part of the passage [SEP], with whatever tokens the model has for these. The trainer makes
its rows here too: what is trained is what is served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.models.flaws import Flaw
from engine.models.wordpieces import Ids, Spans, WordPieces

QUESTION_TOKENS = 64  # of a question; what it has beyond is left out
MAX_ROWS = 4  # of one passage; what lies beyond them is left out
_OVERLAP = 48  # tokens that two neighbouring rows share, so that an answer is whole in one of them


@dataclass(frozen=True, slots=True)
class Row:
    """One input of a reader."""

    ids: Ids  # (tokens,)
    first: int  # the first token of the passage
    spans: Spans  # (n, 2): the characters of the passage that each of its n tokens here stands for

    @property
    def types(self) -> Ids:
        """(tokens,): 0 for the question and what stands around it, 1 for the passage and its end."""
        types = np.ones_like(self.ids)
        types[: self.first] = 0
        return types


class Pairs:
    """Makes rows of at most `max_tokens`. Safe to call from several threads."""

    def __init__(self, pieces: WordPieces, max_tokens: int) -> None:
        """Raises Flaw when a question could fill a row so far that little room is left for the passage."""
        self._pieces = pieces
        self._room = max_tokens - len(pieces.before) - 2 * len(pieces.after)
        self._question_tokens = min(QUESTION_TOKENS, self._room // 3)
        if self._question_tokens < 1 or not len(pieces.after):
            raise Flaw("no_room", count=max_tokens)

    @classmethod
    def open(cls, path: Path, max_tokens: int) -> Pairs:
        """Reads a `tokenizer.json`. Raises Flaw when it is none."""
        return cls(WordPieces.open(path, max_tokens), max_tokens)

    @property
    def highest_id(self) -> int:
        return self._pieces.highest_id

    def known_share(self, text: str) -> float:
        """The share (0..1) of the text's letters and digits that the vocabulary knows."""
        return self._pieces.known_share(text)

    def rows(self, question: str, passage: str) -> list[Row]:
        """One at least, also of an empty passage; at most MAX_ROWS. Raises Flaw."""
        asked = self._pieces.located(question)[0][: self._question_tokens]
        ids, spans = self._pieces.located(passage)
        before = np.concatenate((self._pieces.before, asked, self._pieces.after))
        return [
            Row(np.concatenate((before, ids[start:end], self._pieces.after)), len(before), spans[start:end])
            for start, end in _cuts(len(ids), self._room - len(asked))
        ]


def _cuts(count: int, room: int) -> Sequence[tuple[int, int]]:
    """The fewest stretches of at most `room` of `count` tokens, evenly spaced, neighbours overlapping."""
    if count <= room:
        return [(0, count)]
    overlap = min(_OVERLAP, room // 2)
    rows = min(MAX_ROWS, -(-(count - overlap) // (room - overlap)))
    last = min(count, rows * (room - overlap) + overlap) - room  # where the last one starts
    starts = [round(last * number / (rows - 1)) for number in range(rows)]
    return [(start, start + room) for start in starts]
