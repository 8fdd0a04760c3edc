"""How long a text is in tokens, by a rule of our own that depends on no model."""

from __future__ import annotations

import re

BUDGET = 250  # tokens a passage may have

_TOKEN = re.compile(
    r"(?P<word>[A-Za-z]+)"
    r"|(?P<digits>[0-9]+)"
    r"|(?P<wide>[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff])"
    r"|(?P<letters>[^\W\d_A-Za-z]+)"
    r"|(?P<mark>\S)"
)


def token_count(text: str) -> int:
    """Tokens of `text`: about what a BERT tokenizer finds, and seldom fewer.

    A Chinese, Japanese or Korean character is 1, a punctuation mark 1, a Latin word 1 and 1 more for every 4 letters
    beyond 8, a number 1 for every 2 digits begun, a run of other letters 1 for every 2 begun.
    """
    return sum(_cost(match) for match in _TOKEN.finditer(text))


def cut_within(text: str, start: int, end: int, budget: int) -> int:
    """The farthest offset to which text[start:end] stays within `budget`, on a token's end; always past `start`."""
    spent = 0
    for match in _TOKEN.finditer(text, start, end):
        cost = _cost(match)
        if spent + cost > budget:
            # a single run of letters beyond the whole budget is cut anywhere
            return match.start() if match.start() > start and spent else min(end, start + budget)
        spent += cost
    return end


def _cost(match: re.Match[str]) -> int:
    kind = match.lastgroup
    if kind in ("wide", "mark"):
        return 1
    length = match.end() - match.start()
    if kind == "word":
        return 1 if length <= 8 else 1 + (length - 5) // 4
    return (length + 1) // 2
