"""What the words of a question or a sentence tell: rare ones more."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Protocol

from engine.library.keywords import is_pair, match_expression, query_terms, stem, terms

Weights = dict[str, float]  # stemmed term → its share of what is said; together 1

_UNHEARD_PAIR = 0.5  # a pair of characters found nowhere is often no word: 志要 in 日志要
_OWN = 3.0  # what a follow-up brings, beside what it takes over from the question before


class Counter(Protocol):
    def term_counts(self, expressions: Sequence[str]) -> list[int]: ...

    def passage_count(self) -> int: ...


def weights(text: str, store: Counter, own: Collection[str] = ()) -> Weights:
    """How much each term of `text` tells; those of `own` count more."""
    wanted = query_terms(text)
    total = max(1, store.passage_count())
    counts = store.term_counts([match_expression([term]) for term in wanted])
    told = {
        stem(term): _telling(term, count, total) * (_OWN if term in own else 1.0)
        for term, count in zip(wanted, counts, strict=True)
    }
    whole = sum(told.values()) or 1.0
    return {term: weight / whole for term, weight in told.items()}


def stems(text: str) -> frozenset[str]:
    return frozenset(stem(term) for term in terms(text))


def held(there: Collection[str], wanted: Weights) -> float:
    """The share of what `wanted` tells that is `there`."""
    return sum(weight for term, weight in wanted.items() if term in there)


def _telling(term: str, count: int, total: int) -> float:
    """What a term found in `count` of `total` passages says about a passage that holds it."""
    rare = math.log(1 + total / (1 + count))
    return rare * _UNHEARD_PAIR if not count and is_pair(term) else rare
