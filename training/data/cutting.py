"""A context is cut into passages as long as the product's, and the one is found that holds the answer.

What is trained is what is served: the engine cuts documents on sentence ends within `BUDGET` tokens, so a thick page
from MedQuAD or a whole meeting must not arrive in one piece that no model would read to its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.documents.budget import BUDGET, cut_within, token_count
from engine.documents.sentences import sentences
from engine.library.keywords import content_terms, stem, terms

Span = tuple[int, int]  # characters: start, end

_ENOUGH = 0.5  # of an answer's terms that a passage must hold where the answer is not found word for word
_YES_NO = re.compile(r"(?:yes|no|是|否)[.。]?", re.IGNORECASE)


def cut(text: str, budget: int = BUDGET) -> list[Span]:
    """The passages of `text`, each within `budget` tokens; all of it where `budget` is 0. None when it is blank."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start >= end:
        return []
    if not budget or token_count(text) <= budget:
        return [(start, end)]
    spans: list[tuple[int, int, int]] = []  # start, end, tokens
    for first, last in sentences(text):
        for part in _parts(text, first, last, budget):
            if spans and spans[-1][2] + part[2] <= budget:
                spans[-1] = (spans[-1][0], part[1], spans[-1][2] + part[2])
            else:
                spans.append(part)
    return [(first, last) for first, last, _ in spans]


def holding(text: str, spans: Sequence[Span], question: str, answers: Sequence[str]) -> int | None:
    """Which of the passages answers: the index into `spans`, None where that cannot be told.

    The first with an answer word for word; else the one that holds most of the answer's terms (of the question's, for
    yes and no), at least half of them. A context of one passage answers as a whole.
    """
    if len(spans) == 1:
        return 0
    for answer in answers:
        place = text.find(answer)
        if place >= 0 and not is_yes_or_no(answer):
            return next((index for index, (_, end) in enumerate(spans) if place < end), None)
    wanted = _stems(content_terms(question if not answers or is_yes_or_no(answers[0]) else answers[0]))
    if not wanted:
        return None
    shares = [len(wanted & _stems(terms(text[start:end]))) / len(wanted) for start, end in spans]
    best = max(range(len(spans)), key=shares.__getitem__)
    return best if shares[best] >= _ENOUGH else None


def is_yes_or_no(answer: str) -> bool:
    return _YES_NO.fullmatch(answer.strip()) is not None


def _parts(text: str, start: int, end: int, budget: int) -> list[tuple[int, int, int]]:
    """A sentence with its tokens; in parts where it exceeds the budget."""
    found = []
    while start < end:
        until = cut_within(text, start, end, budget)
        found.append((start, until, token_count(text[start:until])))
        start = until
        while start < end and text[start].isspace():
            start += 1
    return found


def _stems(words: Sequence[str]) -> set[str]:
    return {stem(word) for word in words}
