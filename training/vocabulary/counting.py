"""How often each word of a lexicon stands in a text, cut as a WordPiece cuts: the longest word first, left to right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set

from training.vocabulary.folding import HAN, folded

_RUN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN) + "]+")


def counted(texts: Iterable[str], lexicon: Set[str]) -> Counter[str]:
    """Of each word, and of each single character, the lexicon's or not."""
    longest = max(map(len, lexicon), default=1)
    runs: Counter[str] = Counter()
    for text in texts:
        runs.update(_RUN.findall(folded(text)))
    found: Counter[str] = Counter()
    for run, times in runs.items():
        for word in cut(run, lexicon, longest):
            found[word] += times
    return found


def characters(counts: Counter[str]) -> Counter[str]:
    """How often each character stands in the counted words."""
    found: Counter[str] = Counter()
    for word, times in counts.items():
        for character in word:
            found[character] += times
    return found


def cut(run: str, lexicon: Set[str], longest: int) -> list[str]:
    words, start = [], 0
    while start < len(run):
        for end in range(min(len(run), start + longest), start, -1):
            if end == start + 1 or run[start:end] in lexicon:
                words.append(run[start:end])
                start = end
                break
    return words


def chosen(counts: Counter[str], count: int, least: int = 1) -> list[str]:
    """The `count` commonest words of two characters and more, in an order that ties do not change."""
    words = [word for word, times in counts.items() if len(word) > 1 and times >= least]
    return sorted(words, key=lambda word: (-counts[word], word))[:count]
