"""Small stand-ins for the parts that are slow or hostile: an embedder of words, a reader of prepared texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from engine.documents.sentences import sentences
from engine.errors import EngineError, UnreadableDocument
from engine.library.keywords import terms
from engine.library.store import Vectors
from engine.models.closeness import CosineScale
from engine.models.prompts import Prompt
from engine.types import Box, Chunk, Notice, Reading, Reason, Span, Stop, Unit, Waiting

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

    def closeness(self, cosine: float) -> float:
        return CosineScale().closeness(cosine)

    def known_share(self, text: str) -> float:
        letters = [char for char in text if char.isalnum()]
        return sum(char.isascii() for char in letters) / len(letters) if letters else 0.0


class FakeTokens:
    """Every character is a token."""

    special: Mapping[str, int] = {
        name: -number
        for number, name in enumerate(
            ("[gMASK]", "sop", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"), 1
        )
    }

    def encode(self, text: str) -> list[int]:
        return [ord(char) for char in text]


class FakeGenerator:
    """Writes what it was told to write, whatever it is asked; an EngineError among the pieces is raised.

    `prompts` are those that it was asked to answer, as text; `prepared` those that it was asked to compute ahead.
    """

    def __init__(self, *pieces: Waiting | str | Stop | EngineError, notice: Notice | None = None) -> None:
        self.tokens = FakeTokens()
        self.pieces = pieces
        self.notice = notice
        self.prompts: list[Prompt] = []
        self.prepared: list[Prompt] = []
        self.is_loaded = False
        self.is_busy = False
        self.is_closed = False
        self.was_left = False  # by someone who did not wait for the end

    def prompt_budget(self, chosen: int, max_new_tokens: int) -> int:
        return chosen or 5000

    def load(self) -> None:
        self.is_loaded = True

    def prepare(self, prompt: Prompt) -> bool:
        if not self.is_busy:
            self.prepared.append(prompt)
        return not self.is_busy

    def is_ready(self, prompt: Prompt) -> bool:
        return any(prompt.passages == each.passages for each in self.prepared)

    def stream(self, prompt: Prompt, sampling: object, stop: Callable[[], bool]) -> Iterator[Waiting | str | Stop]:
        self.prompts.append(prompt)
        self.was_left = True
        for piece in self.pieces:
            if stop():
                yield Stop.STOPPED
                break
            if isinstance(piece, EngineError):
                raise piece
            yield piece
        else:
            if not (self.pieces and isinstance(self.pieces[-1], Stop)):
                yield Stop.COMPLETE
        self.was_left = False


def shown(ids: Sequence[int]) -> str:
    """What FakeTokens made ids of."""
    return "".join(chr(id) for id in ids if id >= 0)


class PreparedReader:
    """Reads small text files in this process: every sentence becomes a chunk on a line of one page.

    A file that begins with "!" fails with the reason that follows.
    """

    def __init__(self) -> None:
        self.read_paths: list[Path] = []

    def rest(self) -> None:
        pass

    def interrupt(self) -> None:
        pass

    def read(self, path: Path) -> Reading:
        self.read_paths.append(path)
        text = path.read_text("utf-8")
        if text.startswith("!"):
            raise UnreadableDocument(path, Reason(text[1:].strip()))
        return Reading("", Unit.PAGE, 1, 0, tuple(chunk(text[start:end]) for start, end in sentences(text)))


def chunk(text: str, page: int = 1, heading: str = "") -> Chunk:
    """A chunk on one line that is 10 points high and as wide as its text is long."""
    return Chunk(text, heading, (Span(0, len(text), page, Box(page, 0, 0, float(len(text)), 10)),))
