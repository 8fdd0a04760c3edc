"""Passages by their words and by their ids, with the documents that hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from heapq import nlargest
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from engine.library.rows import DOCUMENT, parts, to_bytes, to_document, to_passage
from engine.library.tables.base import Table
from engine.library.tables.embeddings import Ids
from engine.library.tables.scoping import Within, within
from engine.types import EVERYTHING, Document, Passage, Scope

_WEIGHED_AT_MOST = 2_500  # matches, for one question
_EVERYWHERE = 10_000  # passages that hold a word: where rarer ones are asked for too, it says little
_TIES = 50  # hits beyond those wanted that may be as good as the last: which of them stays is not left to chance


class Finding(Table):
    """What a search reads."""

    def keyword_hits(self, expression: str, limit: int, scope: Scope = EVERYTHING) -> list[tuple[int, float]]:
        """(passage id, BM25, larger is better) of the passages within the scope that match best."""
        only, values = _inside(scope)
        rows = self.database.all(
            f"SELECT rowid, -bm25(keywords) FROM keywords WHERE keywords MATCH ?{only} ORDER BY 2 DESC, 1 LIMIT ?",
            [expression, *values, limit],
        )
        # the order of the terms changes the last digits
        return [(int(id), round(float(score), 9)) for id, score in rows]

    def word_hits(self, expressions: Sequence[str], limit: int, scope: Scope = EVERYTHING) -> list[tuple[int, float]]:
        """(passage id, BM25) of the passages that match any of the expressions best; equal ones by path and ordinal.

        Weighing takes some microseconds for each match. Where there are too many, those passages are weighed that
        hold one of the rarest expressions, by all that they hold but for words that are everywhere: what holds
        nothing but common words could hardly be among the best.
        """
        counts = self._some_counts(expressions)
        if sum(counts.values()) <= _WEIGHED_AT_MOST:
            return self._weighed([" OR ".join(expressions)], limit, scope)
        by_rarity = sorted(filter(counts.get, counts), key=lambda expression: (counts[expression], expression))
        sums = list(accumulate(counts[expression] for expression in by_rarity))
        affordable = sum(total <= _WEIGHED_AT_MOST for total in sums)
        wanted = 1 + sum(total < limit for total in sums)  # the few matches of the rarest are no choice yet
        telling = sum(counts[each] < _EVERYWHERE for each in by_rarity)
        kept = max(1, affordable, min(wanted, telling))
        rare = " OR ".join(by_rarity[:kept])
        common = " OR ".join(each for each in by_rarity[kept:] if counts[each] < _EVERYWHERE)
        return self._weighed([rare, f"({rare}) AND ({common})"] if common else [rare], limit, scope)

    def quick_hits(self, expressions: Sequence[str], limit: int, scope: Scope = EVERYTHING) -> list[tuple[int, float]]:
        """As `word_hits`, while the words are still being typed: where even the rarest is too common to weigh all that
        hold it, they are the first of those, each with a score of 0.
        """
        counts = {each: count for each, count in self._some_counts(expressions).items() if count}
        rarest = min(counts, key=lambda expression: (counts[expression], expression), default="")
        if not rarest or counts[rarest] <= _WEIGHED_AT_MOST:
            return self.word_hits([*counts], limit, scope) if counts else []
        only, values = _inside(scope)
        rows = self.database.all(
            f"SELECT rowid FROM keywords WHERE keywords MATCH ?{only} LIMIT ?", [rarest, *values, limit]
        )
        return self.best({int(id): 0.0 for (id,) in rows}, limit)

    def _some_counts(self, expressions: Sequence[str]) -> dict[str, int]:
        """In how many passages each expression is found, up to a bound."""
        return {each: self.database.remembered(f"some {each}", partial(self._count_some, each)) for each in expressions}

    def _weighed(self, expressions: Sequence[str], limit: int, scope: Scope) -> list[tuple[int, float]]:
        """What matches several of the expressions has its score by the last of them."""
        found: dict[int, float] = {}
        for expression in expressions:
            found |= dict(self.keyword_hits(expression, limit + _TIES, scope))
        return self.best(found, limit)

    def _count_some(self, expression: str) -> int:
        row = self.database.one(
            "SELECT count(*) FROM (SELECT 1 FROM keywords WHERE keywords MATCH ? LIMIT ?)", [expression, _EVERYWHERE]
        )
        return int(row[0]) if row else 0

    def best(self, scored: Mapping[int, float], k: int) -> list[tuple[int, float]]:
        """(passage id, score) of the `k` best, best first; equal ones by path and ordinal."""
        least = min(nlargest(k, scored.values()), default=0.0)
        scored = {id: score for id, score in scored.items() if score >= least}
        counts = Counter(scored.values())
        places = self._places([id for id, score in scored.items() if counts[score] > 1])
        ranked = sorted(scored.items(), key=lambda found: (-found[1], places.get(found[0], (b"", 0)), found[0]))
        return ranked[:k]

    def term_counts(self, expressions: Sequence[str]) -> list[int]:
        """In how many passages each expression is found."""
        return [self.database.remembered(f"term {each}", partial(self._count_term, each)) for each in expressions]

    def _count_term(self, expression: str) -> int:
        row = self.database.one("SELECT count(*) FROM keywords WHERE keywords MATCH ?", [expression])
        return int(row[0]) if row else 0

    def passage_ids(self, scope: Scope) -> Ids:
        """The ids of all passages within the scope, ascending."""
        inside = within(scope)
        only = f" WHERE content_id IN ({inside.contents})" if inside else ""
        rows = self.database.all(f"SELECT id FROM passages{only} ORDER BY id", inside.values if inside else ())
        return np.fromiter((row[0] for row in rows), np.int64, len(rows))

    def passages(self, ids: Sequence[int], scope: Scope = EVERYTHING) -> dict[int, tuple[Passage, Document]]:
        """Passages with the document that holds them: where several hold the same content, the first that is not away.

        Those of removed folders, of forgotten files and of files outside the scope are left out.
        """
        inside = within(scope) or Within("", "1", ())
        found: dict[int, tuple[Passage, Document]] = {}
        for part in parts(ids):
            marks = ",".join("?" * len(part))
            rows = self.database.all(
                "SELECT p.id, p.ordinal, p.text, p.heading, p.page_first, p.page_last, p.spans, document.*"
                f" FROM passages p JOIN ({DOCUMENT}) document ON document.content_id = p.content_id"
                f" WHERE p.id IN ({marks}) AND document.root IN (SELECT path FROM roots) AND {inside.document}"
                " ORDER BY document.away DESC, document.path DESC",
                [*part, *inside.values],
            )
            for row in rows:
                document = to_document(row[7:])
                found[row[0]] = (to_passage(row[:7], document.id), document)
        return found

    def passages_of(self, path: Path) -> tuple[Passage, ...]:
        """A document's passages in their order; none where it is not known, or not read yet."""
        rows = self.database.all(
            "SELECT p.id, p.ordinal, p.text, p.heading, p.page_first, p.page_last, p.spans, d.id FROM documents d"
            " JOIN passages p ON p.content_id = d.content_id WHERE d.path = ? ORDER BY p.ordinal",
            [to_bytes(path)],
        )
        return tuple(to_passage(row[:7], row[7]) for row in rows)

    def document(self, path: Path) -> Document | None:
        row = self.database.one(f"{DOCUMENT} WHERE d.path = ? AND d.root IN (SELECT path FROM roots)", [to_bytes(path)])
        return to_document(row) if row else None

    def _places(self, ids: Sequence[int]) -> dict[int, tuple[bytes, int]]:
        """(path, ordinal) of passages."""
        found: dict[int, tuple[bytes, int]] = {}
        for part in parts(ids):
            marks = ",".join("?" * len(part))
            rows = self.database.all(
                "SELECT p.id, min(d.path), p.ordinal FROM passages p JOIN documents d ON d.content_id = p.content_id"
                f" WHERE p.id IN ({marks}) GROUP BY p.id",
                part,
            )
            found |= {id: (path, ordinal) for id, path, ordinal in rows}
        return found


def _inside(scope: Scope) -> tuple[str, tuple[Any, ...]]:
    """What holds a search of the keywords to a scope, and its values."""
    inside = within(scope)
    if inside is None:
        return "", ()
    # the plus keeps SQLite from looking each passage of the scope up in the index
    return f" AND +rowid IN (SELECT id FROM passages WHERE content_id IN ({inside.contents}))", inside.values
