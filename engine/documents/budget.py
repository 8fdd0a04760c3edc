"""How long a text is in tokens, by a rule of our own that depends on no model.

Measured against BERT's WordPiece on 3,000 pieces of English text: 1.13 times its count in the mean, under it for
1.5 % of them; on Chinese text with its Chinese vocabulary 0.98 times.
"""

from __future__ import annotations

import re

BUDGET = 250  # tokens a passage may have

_WIDE = r"\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_TOKEN = re.compile(
    r"(?P<word>[A-Z]?[a-z]+)"
    rf"|(?P<single>[{_WIDE}]|[^\w\s]|_)"
    r"|(?P<pairs>[A-Z]+(?![a-z])|[0-9]+)"
    rf"|(?P<other>[^\W\d_A-Za-z{_WIDE}]+|\d)"
)

# The same, token by token, so that counting them is one search: a word's first 6 letters, then 3 at a time, ...
_PIECE = re.compile(
    r"(?<=[a-z])[a-z]{1,3}"
    r"|[A-Z](?:[a-z]{1,5})|[a-z]{1,6}"
    rf"|[{_WIDE}]|[^\w\s]|_"
    r"|(?:[A-Z](?![a-z])){1,2}|[0-9]{1,2}"
    rf"|[^\W\d_A-Za-z{_WIDE}]{{1,2}}|\d"
)


def token_count(text: str) -> int:
    """Tokens of `text`: about what a BERT tokenizer finds, and seldom fewer.

    A Chinese, Japanese or Korean character is 1, a punctuation mark 1, a Latin word 1 and 1 more for every 3 letters
    begun beyond 6; capitals, digits and letters of other scripts are 1 for every 2 begun. "TestCase" is two words.
    """
    return len(_PIECE.findall(text))


def cut_within(text: str, start: int, end: int, budget: int) -> int:
    """The farthest offset to which text[start:end] stays within `budget`, on a token's end; always past `start`."""
    spent = 0
    for match in _TOKEN.finditer(text, start, end):
        cost = _cost(*match.groups(""))
        if spent + cost > budget:
            # a single run of letters beyond the whole budget is cut anywhere
            return match.start() if spent else min(end, start + budget)
        spent += cost
    return end


def _cost(word: str, single: str, pairs: str, other: str) -> int:
    if word:
        return 1 if len(word) <= 6 else 1 + (len(word) - 4) // 3
    if single:
        return 1
    return (len(pairs) + len(other) + 1) // 2
