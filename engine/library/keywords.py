"""Text becomes search terms: words, and overlapping pairs of Chinese characters.

FTS5's own tokenizers find no two-character Chinese word, so the terms are made here and SQLite only splits them on
blanks. A run of CJK characters gives every pair of neighbours and, so that a single character can be found, its last
character alone. Everything else gives its words, folded to lower case; SQLite stems the English ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

TERMS_VERSION = 1  # raise it when the same text gives other terms: the keyword index is then made again

CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_FIRST_CJK = "\u3005"
_IS_CJK = re.compile(rf"[{CJK}]")

# Words that say how something is asked, not what about. They would let any passage look related.
_ENGLISH = """
    a about after all also am an and any are as at be been before being between both but by can could did do does doing
    down during each for from had has have having he her here hers him his how i if in into is it its itself just many
    may me might more most much must my no nor not of off on once only or other our ours out over own please same she
    should so some such tell than that the their theirs them then there these they this those through to too under until
    up upon us very was we were what when where which while who whom whose why will with would you your yours give list
    describe explain name s t
"""
_ENGLISH_STOPS = frozenset(_ENGLISH.split())
# Few single characters: most are parts of other words (对 of 对称, 何 of 几何).
_CHINESE_STOPS = (
    "是什么时候|什么时候|什么地方|什么样|为什么|有什么|是什么|什么|怎么样|怎么|怎样|如何|多少|多久|多长时间|"
    "哪一年|哪一个|哪个|哪些|哪里|哪儿|哪位|哪种|哪年|谁的|是谁|几个|几年|几次|几位|几种|是否|有没有|是不是|"
    "能否|可否|请问|告诉我|请|吗|呢|吧|啊|的|了|是|谁|哪|在|于|与|及|被|要"
)
_CHINESE_ASKING = re.compile(_CHINESE_STOPS)


def terms(text: str) -> list[str]:
    """The terms under which `text` is kept."""
    found: list[str] = []
    for run in _runs(text):
        if run[0] >= _FIRST_CJK and _IS_CJK.match(run):
            found += [run[i : i + 2] for i in range(len(run) - 1)]
            found.append(run[-1])
        else:
            found.append(run)
    return found


def query_terms(text: str) -> list[str]:
    """The terms that a passage about `text` should hold, each once. The words of asking are left out,
    unless nothing else is said."""
    return content_terms(text) or _distinct(_runs(text))


def content_terms(text: str) -> list[str]:
    """As `query_terms`, and empty where only words of asking are said."""
    return _distinct(run for run in _runs(_CHINESE_ASKING.sub(" ", text)) if run not in _ENGLISH_STOPS)


def stem(term: str) -> str:
    """An English word without its commonest endings, so that "retained" meets "retain". Others stay as they are."""
    for ending in ("ations", "ation", "ings", "ing", "edly", "ies", "ied", "ed", "es", "s", "ly", "e", "y"):
        if term.endswith(ending) and len(term) - len(ending) >= 3 and term.isascii():
            return term.removesuffix(ending)
    return term


def match_expression(query: list[str]) -> str:
    """FTS5's expression for any of the terms; a single Chinese character is found at the start of a pair too."""
    return " OR ".join(f'"{term}"*' if len(term) == 1 and _IS_CJK.match(term) else f'"{term}"' for term in query)


def is_pair(term: str) -> bool:
    """Whether the term is two neighbouring Chinese characters, which need not be a word."""
    return len(term) == 2 and bool(_IS_CJK.match(term))


def cjk_share(text: str) -> float:
    """The share of letters that are CJK characters, 0 for a text without letters."""
    letters = [char for char in text if char.isalnum()]
    return sum(bool(_IS_CJK.match(char)) for char in letters) / len(letters) if letters else 0.0


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def _distinct(runs: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(term for run in runs for term in _asked(run)))


def _asked(run: str) -> list[str]:
    if len(run) > 1 and _IS_CJK.match(run):
        return [run[i : i + 2] for i in range(len(run) - 1)]
    return [run]
