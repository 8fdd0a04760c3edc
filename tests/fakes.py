"""Small stand-ins for the parts that are slow or hostile: an embedder of words, a reader of prepared texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.documents.sentences import sentences
from engine.errors import UnreadableDocument
from engine.library.keywords import terms
from engine.library.store import Vectors
from engine.types import Box, Chunk, Reading, Reason, Span, Unit

DIMENSION = 64


class WordEmbedder:
    """Texts that share words are near each other. Knows no Chinese, like the first real one."""

    name = "words"
    dimension = DIMENSION

    def __init__(self, id: str = "words@1") -> None:
        self.id = id
        self.embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(DIMENSION, 1e-3, np.float32)
        for term in terms(text):
            vector[hashlib.md5(term.encode()).digest()[0] % DIMENSION] += 1
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def known_share(self, text: str) -> float:
        letters = [char for char in text if char.isalnum()]
        return sum(char.isascii() for char in letters) / len(letters) if letters else 0.0


class PreparedReader:
    """Reads small text files in this process: every sentence becomes a chunk on a line of one page.

    A file that begins with "!" fails with the reason that follows.
    """

    def __init__(self) -> None:
        self.read_paths: list[Path] = []

    def read(self, path: Path) -> Reading:
        self.read_paths.append(path)
        text = path.read_text("utf-8")
        if text.startswith("!"):
            raise UnreadableDocument(path, Reason(text[1:].strip()))
        return Reading("", Unit.PAGE, 1, 0, tuple(chunk(text[start:end]) for start, end in sentences(text)))


def chunk(text: str, page: int = 1, heading: str = "") -> Chunk:
    """A chunk on one line that is 10 points high and as wide as its text is long."""
    return Chunk(text, heading, (Span(0, len(text), page, Box(page, 0, 0, float(len(text)), 10)),))
