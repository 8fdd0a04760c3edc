"""A question becomes hits: words and meaning are searched side by side and weighed against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from engine.library.keywords import cjk_share, match_expression, query_terms
from engine.library.store import Store, Vectors
from engine.library.vectors import VectorIndex
from engine.types import EVERYTHING, Hit, Scope, Why

_POOL = 100  # candidates from each search
_WIDER = 5  # times as many, where some will turn out to be in another language
_CHINESE = 0.3  # a passage's share of Chinese characters
_MEANING = 0.4  # what meaning counts beside words, where the embedder knows every word of the question
_KNOWN_FLOOR = 0.8  # a vocabulary that knows less than this share of the question understands nothing of it


class QueryEmbedder(Protocol):
    def embed_query(self, text: str) -> Vectors: ...

    def known_share(self, text: str) -> float: ...

    def closeness(self, cosine: float) -> float: ...


class Retriever:
    """Finds passages; the same library and question always give the same order."""

    def __init__(self, store: Store, vectors: VectorIndex, embedder: QueryEmbedder) -> None:
        self._store = store
        self._vectors = vectors
        self._embedder = embedder

    def find(self, question: str, k: int, scope: Scope = EVERYTHING) -> tuple[Hit, ...]:
        """The `k` passages that fit best, best first; by words alone where the embedder doesn't know them."""
        weight = _MEANING * trust(self._embedder.known_share(question))
        query = self._embedder.embed_query(question)
        pool = max(_POOL, k) * (_WIDER if scope.language else 1)
        among = None if replace(scope, language="").is_everything else self._store.passage_ids(scope)
        words = dict(self.by_words(question, pool, scope))
        meaning = dict(self._vectors.search(query, pool, among))
        cosines = meaning | self._vectors.cosines(query, [id for id in words if id not in meaning])
        near = {id: self._embedder.closeness(cosine) for id, cosine in cosines.items()}
        ranked = [
            (id, score, tuple(way for way, found in ((Why.WORDS, words), (Why.MEANING, meaning)) if id in found))
            for id, score in fuse(words, near, weight).items()
        ]
        return self._hits(ranked, k, scope)

    def by_words(self, question: str, k: int, scope: Scope = EVERYTHING) -> list[tuple[int, float]]:
        """(passage id, BM25), best first."""
        wanted = query_terms(question)
        return self._store.word_hits([match_expression([term]) for term in wanted], k, scope) if wanted else []

    def by_meaning(self, question: str, k: int) -> list[tuple[int, float]]:
        """(passage id, cosine), best first."""
        return self._vectors.search(self._embedder.embed_query(question), k)

    def _hits(self, ranked: Sequence[tuple[int, float, tuple[Why, ...]]], k: int, scope: Scope) -> tuple[Hit, ...]:
        ways = {id: why for id, _, why in ranked}
        ordered = self._store.best({id: score for id, score, _ in ranked}, len(ranked))
        hits: list[Hit] = []
        for start in range(0, len(ordered), k):  # most of them are not wanted, and a passage takes a while to load
            part = ordered[start : start + k]
            found = self._store.passages([id for id, _ in part], scope)
            new = [Hit(*found[id], score, ways[id]) for id, score in part if id in found]
            hits += [hit for hit in new if speaks(hit.passage.text, scope)]
            if len(hits) >= k:
                break
        hits.sort(key=lambda hit: (-hit.score, str(hit.document.path), hit.passage.ordinal))
        return tuple(hits[:k])


def speaks(text: str, scope: Scope) -> bool:
    """Whether a passage is in the language that is wanted; no column says so, its text does."""
    return not scope.language or scope.language == ("zh" if cjk_share(text) > _CHINESE else "en")


def trust(known_share: float) -> float:
    """How far the embedder is to be believed, 0 to 1, by the share of the question that its vocabulary knows."""
    return max(0.0, known_share - _KNOWN_FLOOR) / (1 - _KNOWN_FLOOR)


def fuse(words: dict[int, float], near: dict[int, float], weight: float) -> dict[int, float]:
    """Both searches as one score (0 to 1) for every passage id; what scores 0 is left out.

    Scores are joined, not ranks: how far the best stands above the rest is what a rank forgets. Each is taken as a
    share of its best. A passage whose vector is still to come is judged by its words alone.
    """
    most = max(words.values(), default=0.0)
    nearest = max(near.values(), default=0.0)
    if not words and weight:
        weight = 1.0  # there is nothing else to go by, and it can be believed
    fused = {}
    for id in words.keys() | near.keys():
        by_words = words.get(id, 0.0) / most if most else 0.0
        by_meaning = max(0.0, near[id]) / nearest if id in near and nearest > 0 else None
        score = by_words if by_meaning is None else (1 - weight) * by_words + weight * by_meaning
        if score > 0:
            fused[id] = score
    return fused
