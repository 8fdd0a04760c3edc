"""Words that are being typed become documents that hold them, at once: no model of any kind has a part in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.answers.retrieval import speaks
from engine.documents.placing import quote_boxes, span_at
from engine.library.keywords import CJK, match_expression, query_terms, stem
from engine.library.store import Store
from engine.types import EVERYTHING, Citation, Document, Found, Match, Passage, Scope

_POOL = 120  # passages that are looked at
_SHOWN = 3  # of one document
_BEFORE, _AFTER = 60, 180  # characters of a passage around its first words
_BOXES = 60  # of one passage
_TELLING = 3  # letters
_LONG_ENOUGH = 6  # letters: a longer word that is half typed may be longer than its stem, by which it is kept
_IS_CJK = re.compile(f"[{CJK}]")
_CJK_RUN = re.compile(f"[{CJK}]{{2,}}")


def look_up(store: Store, words: str, documents: int, scope: Scope = EVERYTHING) -> tuple[Found, ...]:
    """The documents whose passages hold the words best, best first; the last word may be half typed."""
    wanted = query_terms(words)
    if not wanted:
        return ()
    *whole, last = wanted
    unfinished = not words[-1].isspace()
    if whole and unfinished and _says_little(last):
        wanted, unfinished, (*whole, last) = whole, False, whole
    expressions = [match_expression([term]) for term in whole] + [
        _begun(last) if unfinished else match_expression([last])
    ]
    hits = store.quick_hits(expressions, _POOL, scope)
    known = store.passages([id for id, _ in hits], scope)
    pattern = _pattern(words, wanted)
    grouped: dict[Document, list[tuple[float, Passage]]] = {}
    for id, score in hits:
        if id in known and speaks(known[id][0].text, scope):
            passage, document = known[id]
            grouped.setdefault(document, []).append((score, passage))
    best = max((score for _, score in hits), default=1.0) or 1.0
    return tuple(_found(document, found, pattern, best) for document, found in [*grouped.items()][:documents])


def _says_little(term: str) -> bool:
    """One or two letters begin words of every passage: merging all of those takes longer than typing the third."""
    return len(term) < _TELLING and not _IS_CJK.match(term)


def _begun(term: str) -> str:
    """FTS5's expression for a word of which the end may not have been typed yet."""
    if _IS_CJK.match(term) or _says_little(term):
        return match_expression([term])
    shorter = f' OR "{term[:-3]}"*' if len(term) > _LONG_ENOUGH else ""
    return f'("{term}"*{shorter})'


def _pattern(words: str, wanted: Sequence[str]) -> re.Pattern[str]:
    """The words as they may stand in a text: with other endings; Chinese ones anywhere, as typed or in pairs."""
    runs = [*_CJK_RUN.findall(words), *(term for term in wanted if _IS_CJK.match(term))]
    others = [rf"\b{re.escape(stem(term))}\w*" for term in wanted if not _IS_CJK.match(term)]
    return re.compile("|".join([*map(re.escape, runs), *others]), re.IGNORECASE)


def _found(document: Document, found: Sequence[tuple[float, Passage]], pattern: re.Pattern[str], best: float) -> Found:
    matches = tuple(
        _match(number, document, passage, score / best, pattern)
        for number, (score, passage) in enumerate(found[:_SHOWN], 1)
    )
    return Found(document.path, document.title, matches, len(found) - len(matches))


def _match(number: int, document: Document, passage: Passage, score: float, pattern: re.Pattern[str]) -> Match:
    text = passage.text
    marks = list(_marks(text, pattern))
    first = marks[0][0] if marks else 0
    start, end = _window(text, first)
    begins = span_at(passage.spans, first)
    boxes = [box for from_, to in marks for box in quote_boxes(passage.spans, text, from_, to)]
    citation = Citation(
        number=number,
        path=document.path,
        title=document.title,
        unit=document.unit,
        page=begins.page,
        quote=text[start:end],
        boxes=tuple(boxes[:_BOXES]),
        score=round(score, 4),
        label=begins.label,
        sha256=document.sha256,
    )
    shown = tuple((from_ - start, to - start) for from_, to in marks if from_ >= start and to <= end)
    return Match(citation, shown)


def _marks(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where the words stand, in order; pairs of characters that touch are one."""
    spans = [found.span() for found in pattern.finditer(text)]
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    yield from joined


def _window(text: str, first: int) -> tuple[int, int]:
    """From a blank or sign somewhat before the first words on."""
    start = max(0, first - _BEFORE)
    if start:
        cut = re.search(r"[\s。，；！？,.;]", text[start:first])
        start += cut.end() if cut else 0
    return start, min(len(text), first + _AFTER)
