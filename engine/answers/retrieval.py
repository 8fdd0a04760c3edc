"""A question becomes hits: words and meaning are searched side by side and weighed against each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.library.keywords import match_expression, query_terms
from engine.library.store import Store, Vectors
from engine.library.vectors import VectorIndex
from engine.types import Hit, Why

_POOL = 100  # candidates from each search
_MEANING = 0.5  # what meaning counts beside words, where the embedder knows every word of the question
_KNOWN_FLOOR = 0.8  # a vocabulary that knows less than this share of the question understands nothing of it


class QueryEmbedder(Protocol):
    def embed_query(self, text: str) -> Vectors: ...

    def known_share(self, text: str) -> float: ...


class Retriever:
    """Finds passages; the same library and question always give the same order."""

    def __init__(self, store: Store, vectors: VectorIndex, embedder: QueryEmbedder) -> None:
        self._store = store
        self._vectors = vectors
        self._embedder = embedder

    def find(self, question: str, k: int) -> tuple[Hit, ...]:
        """The `k` passages that fit best, best first; by words alone where the embedder doesn't know them."""
        weight = meaning_weight(self._embedder.known_share(question))
        return self._hits(fuse(self.by_words(question, _POOL), self.by_meaning(question, _POOL), weight), k)

    def by_words(self, question: str, k: int) -> list[tuple[int, float]]:
        """(passage id, BM25), best first."""
        wanted = query_terms(question)
        return self._store.keyword_hits(match_expression(wanted), k) if wanted else []

    def by_meaning(self, question: str, k: int) -> list[tuple[int, float]]:
        """(passage id, cosine), best first."""
        return self._vectors.search(self._embedder.embed_query(question), k)

    def _hits(self, ranked: Sequence[tuple[int, float, tuple[Why, ...]]], k: int) -> tuple[Hit, ...]:
        found = self._store.passages([id for id, _, _ in ranked])
        hits = [Hit(*found[id], score, why) for id, score, why in ranked if id in found]
        hits.sort(key=lambda hit: (-hit.score, str(hit.document.path), hit.passage.ordinal))
        return tuple(hits[:k])


def meaning_weight(known_share: float) -> float:
    """How much meaning counts, 0 to `_MEANING`, by the share of the question that the vocabulary knows."""
    return _MEANING * max(0.0, known_share - _KNOWN_FLOOR) / (1 - _KNOWN_FLOOR)


def fuse(
    words: Sequence[tuple[int, float]], meaning: Sequence[tuple[int, float]], weight: float
) -> list[tuple[int, float, tuple[Why, ...]]]:
    """Both rankings as one: (passage id, score 0 to 1, found by), unordered.

    Scores are joined, not ranks: how far the best stands above the rest is what a rank forgets. Each search's scores
    are spread from 0 (its last candidate) to 1 (its first).
    """
    by_words, by_meaning = _spread(words), _spread(meaning)
    if not by_words:
        weight = 1.0
    fused = []
    for id in dict.fromkeys([*by_words, *by_meaning]):
        score = (1 - weight) * by_words.get(id, 0.0) + weight * by_meaning.get(id, 0.0)
        why = tuple(way for way, found in ((Why.WORDS, by_words), (Why.MEANING, by_meaning)) if id in found)
        if score > 0:
            fused.append((id, score, why))
    return fused


def _spread(ranked: Sequence[tuple[int, float]]) -> dict[int, float]:
    if not ranked:
        return {}
    best, worst = ranked[0][1], ranked[-1][1]
    return {id: (score - worst) / (best - worst) if best > worst else 1.0 for id, score in ranked}
