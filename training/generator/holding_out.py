"""What a model is to be measured on must not be learnt: documents that hold a piece of it are found by their text.

`training.data` keeps passages apart that are equal or contain each other. A document and a passage of it may differ by
a heading or a missing sentence, so here a document is left out as soon as it holds any piece of PIECE letters, cut at
the ends of sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.documents.sentences import sentences
from training.data.containing import WINDOW, Sought
from training.data.normalising import digest, normalised
from training.data.splitting import passages_in

PIECE = 40  # letters and digits: about two Chinese sentences, or one short English one


class HeldOut:
    """The passages of question files and of retrieval folders' corpora, in pieces: 24 bytes for each of them."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises TrainingError for a path that is missing or cannot be read."""
        self._sought = Sought()
        known: set[int] = set()
        for passage in passages_in(paths)() if paths else ():
            for piece in pieces(passage):
                if (key := digest(piece)) not in known:
                    known.add(key)
                    self._sought.add(piece)

    def __len__(self) -> int:
        return len(self._sought)

    def is_in(self, bare: str) -> bool:
        """Whether a text, normalised, holds a piece of what is held out."""
        return next(self._sought.inside(bare), None) is not None


def pieces(text: str) -> Iterator[str]:
    """Sentences, normalised, as many together as make PIECE characters; a short text is one piece by itself."""
    bare, found = "", False
    for start, end in sentences(text):
        bare += normalised(text[start:end])
        if len(bare) >= PIECE:
            yield bare
            bare, found = "", True
    if not found and len(bare) >= WINDOW:
        yield bare
