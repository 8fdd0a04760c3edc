"""Hard negatives: passages that look right to BM25 or to the current embedder, and are not.

A passage that looks too right may be an answer that nobody has marked. So none is taken whose score exceeds
(1 - margin) of the right passage's, as in NV-Retriever (arXiv 2407.15831, "TopK-PercPos": there 5 % is best). Where an
embedder reads the language, its margin holds for what BM25 proposes too: BM25 sees words and no meaning.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from training.data.bm25 import BM25
from training.data.normalising import digest

DEPTH = 100  # candidates of each ranking

Scores = npt.NDArray[np.float32]


class Embedding(Protocol):
    """What is needed of `engine.models.embedder.Embedder`."""

    id: str
    dimension: int
    languages: tuple[str, ...]

    def embed_passages(self, texts: Sequence[str]) -> Scores: ...

    def embed_query(self, text: str) -> Scores: ...


@dataclass(frozen=True, slots=True)
class Mining:
    """How hard negatives are looked for."""

    bm25: bool
    margin: float  # 0..1 of the right passage's score
    only_top: int = 0  # the embedder scores only as many of BM25's best; 0: every passage of the block


class Miner:
    """Ranks the passages of one block, numbered from 0, for questions about them."""

    def __init__(self, texts: Sequence[str], mining: Mining, meaning: Meaning | None) -> None:
        self._mining = mining
        self._words = BM25(texts) if mining.bm25 or (meaning and mining.only_top) else None
        self._meaning = meaning
        self._texts = texts

    def candidates(self, question: str, lang: str, positives: Sequence[int]) -> Iterator[int]:
        """Passages that are probably no answers, hardest first: of both rankings in turn where both are wanted.

        The same passage may come twice.
        """
        if not positives:
            return
        by_words: list[int] = []
        if self._words:
            by_words = _ranked(self._words.scores(question), positives, self._mining.margin)
        if not self._meaning or lang not in self._meaning.languages:
            yield from by_words if self._mining.bm25 else ()
            return
        near = by_words[: self._mining.only_top] if self._mining.only_top else range(len(self._texts))
        scores = self._meaning.scores(question, self._texts, [*positives, *near])
        by_meaning = _ranked(scores, positives, self._mining.margin)
        if not self._mining.bm25:
            yield from by_meaning
            return
        highest = _highest(scores, positives, self._mining.margin)
        agreed = [number for number in by_words if scores[number] <= highest]  # not a number, not embedded: left out
        yield from (number for number in chain(*zip_longest(agreed, by_meaning)) if number is not None)


class Meaning:
    """The embedder, with the vectors of the block's passages as far as they were wanted.

    Vectors are kept in a file of `cache` and are found there by the passage's text, also by a later run. In memory are
    the vectors of one block, and 8 bytes for each in the cache.
    """

    def __init__(self, embedder: Embedding, cache: Path) -> None:
        self.languages = embedder.languages
        self._embedder = embedder
        cache.mkdir(parents=True, exist_ok=True)
        self._path = cache / f"{digest(embedder.id):016x}.vectors"
        self._entry = np.dtype([("key", "<u8"), ("vector", "<f4", (embedder.dimension,))])
        self._places = self._read_places()
        self._block: Sequence[str] = ()
        self._vectors = np.empty((0, embedder.dimension), np.float32)

    def scores(self, question: str, texts: Sequence[str], wanted: Sequence[int]) -> Scores:
        """(passages,): the cosine of the question with each of the `wanted` passages, NaN for the others."""
        if texts is not self._block:
            self._block = texts
            self._vectors = np.full((len(texts), self._embedder.dimension), np.nan, np.float32)
        for number in wanted:
            if np.isnan(self._vectors[number, 0]):
                self._vectors[number] = self._vector(texts[number])
        scores: Scores = self._vectors @ self._embedder.embed_query(question)
        return scores

    def _vector(self, text: str) -> Scores:
        key = digest(text)
        place = self._places.get(key)
        if place is not None:
            entry = np.fromfile(self._path, self._entry, count=1, offset=place * self._entry.itemsize)
            return np.asarray(entry["vector"][0], np.float32)
        vector = self._embedder.embed_passages([text])[0]
        entry = np.zeros(1, self._entry)
        entry["key"], entry["vector"] = key, vector
        with self._path.open("ab") as file:
            file.write(entry.tobytes())
        self._places[key] = len(self._places)
        return vector

    def _read_places(self) -> dict[int, int]:
        if not self._path.exists():
            return {}
        whole = self._path.stat().st_size // self._entry.itemsize
        with self._path.open("r+b") as file:
            file.truncate(whole * self._entry.itemsize)  # an entry that a stopped run did not finish
        entries = np.memmap(self._path, self._entry, "r", shape=(whole,)) if whole else np.empty(0, self._entry)
        return {key: place for place, key in enumerate(array("Q", entries["key"].tobytes()))}


def _ranked(scores: Scores, positives: Sequence[int], margin: float) -> list[int]:
    """The best DEPTH that stay within the margin; of equals the earlier passage first."""
    within = (scores > 0) & (scores <= _highest(scores, positives, margin))
    within[list(positives)] = False
    found = np.flatnonzero(within)
    if len(found) > DEPTH:
        found = found[np.argpartition(-scores[found], DEPTH)[:DEPTH]]
    return found[np.lexsort((found, -scores[found]))].tolist()


def _highest(scores: Scores, positives: Sequence[int], margin: float) -> float:
    """What a negative may score."""
    return float(scores[list(positives)].max()) * (1 - margin)
