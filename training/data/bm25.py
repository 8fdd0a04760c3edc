"""BM25 over the passages of one block, by the engine's own terms, so that it finds what the product's search finds.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009). SQLite's FTS5 would give the
same order and takes three times as long for whole batches of questions; here a question is one sum over its postings.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.library.keywords import content_terms, stem, terms

_SATURATION, _LENGTH = 1.2, 0.75  # k1, b: as in FTS5

Scores = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]


class BM25:
    """In memory are 8 bytes for each term of each passage: about a kilobyte a passage."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._terms: dict[str, int] = {}
        passages, found, counts = array("i"), array("i"), array("i")  # one entry for each term of each passage
        lengths = np.zeros(len(texts), np.float32)
        for number, text in enumerate(texts):
            counted = Counter(map(_stem, terms(text)))
            lengths[number] = counted.total()
            passages.extend([number] * len(counted))
            found.extend([self._terms.setdefault(term, len(self._terms)) for term in counted])
            counts.extend(counted.values())
        self._count = len(texts)
        self._sort(np.array(passages), np.array(found), np.array(counts), lengths)

    def _sort(self, passages: Numbers, found: Numbers, counts: Numbers, lengths: Scores) -> None:
        """Postings by term, each with what it adds to its passage's score."""
        holders = np.bincount(found, minlength=len(self._terms))  # (terms,)
        rarity = np.log1p((self._count - holders + 0.5) / (holders + 0.5))
        order = np.argsort(found, kind="stable")
        relative = 1 - _LENGTH + _LENGTH * lengths / max(1.0, float(lengths.mean()))  # (passages,)
        counts, passages = counts[order], passages[order]
        weights = rarity[found[order]] * counts * (_SATURATION + 1) / (counts + _SATURATION * relative[passages])
        self._passages, self._weights = passages, weights.astype(np.float32)
        self._starts = np.concatenate(([0], np.cumsum(holders)))  # (terms + 1,)

    def scores(self, question: str) -> Scores:
        """(passages,): 0 where no term of the question stands."""
        scores = np.zeros(self._count, np.float32)
        for term in dict.fromkeys(map(_stem, content_terms(question))):
            number = self._terms.get(term)
            if number is not None:
                postings = slice(self._starts[number], self._starts[number + 1])
                scores[self._passages[postings]] += self._weights[postings]  # a passage stands there once
        return scores


@lru_cache(maxsize=200_000)
def _stem(term: str) -> str:
    return stem(term)
