"""Whether a page's text layer is rubbish: its fonts don't say which characters their shapes are. Pure functions.

Such pages look right and read as nonsense. Each test here is one that prose, code, tables, formulas and any language
pass by far; what is only odd stays text.
"""

from __future__ import annotations

import re
from itertools import pairwise

from engine.documents.scripts import cjk_letters

_LEAST = 60  # characters: with fewer nothing is certain
_UNMAPPED = 0.25  # of the characters have no meaning at all
_LOST_WORDS = 0.06  # or these, in runs: words. Alone they are a formula's
_PRIVATE = 0.35  # have a meaning of their font's own: bullets, icons and formulas have these too
_ODD = 0.35  # are marks that no text is full of
_ODD_ALONE = 0.10  # or these and unmapped ones, where no word of any language stands beside them
_LEAST_LETTERS = 250
_LETTERS = 0.75  # of the characters, or it is a table or code
_RARE_PAIRS = 0.25  # of the pairs of letters: English has 0.3 %, code 2 %, Polish 9 %; shifted letters 20 to 60 %
_COMMON_WORDS = 0.01
_LEAST_CHINESE = 60
_PLAUSIBLE = 0.6  # of Chinese characters are everyday ones; of random ones a third

_NO_MEANING = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_NO_WORD = re.compile(_NO_MEANING.pattern + "{3,}")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_ODD_MARKS = re.compile("[¡-§ª¬¯²-´¶¸-¿ÐÞßðþ\u0180-\u024f\u02b0-\u02ff]")
_WORD = re.compile(r"[a-zA-Z]{2,20}")
# Pairs that make up less than 1 in 50,000 of English prose and technical documentation, by their first letter.
_RARE_AFTER = (
    "a:oq b:fghkqwxz c:bjvxz d:qxz f:bdghjkmnqvwxz g:fjkqvwxz h:ghjpqvxz i:hjwy j:bcdfghjklmnpqrtvwxyz k:chjkqrvxz "
    "l:jqxz m:hjkqwxz o:qz p:jnqxz q:abcdfghijkmnopqrstvwxyz r:jqxz s:jx t:jkq u:hjkqvwz v:bdfghjklnpqruvwxyz "
    "w:bgjkquvxyz x:bfghjklnoqrsuvz y:hjkqvx z:bcdfgjklmnpqrstuvwxy"
)
_RARE = frozenset(group[0] + after for group in _RARE_AFTER.split() for after in group[2:])
_COMMON = frozenset(
    "the of and to in is for that it as on are be with this by an or from not at you can if we have "
    "der die und das ist von zu den mit le la les des et est de un une que el los en por da do os um uma het een van "
    "di il per non och att det som er og på i".split()
)


def is_garbage(text: str) -> bool:
    """Whether nobody can read this: `text` is a page's, as its fonts have it, before anything is taken out.

    Its lines are those of the page: what stands alone on one is a drawing's or a formula's.
    """
    text = "\n".join(line for line in text.split("\n") if len(line) > 2)
    characters = "".join(text.split())
    count = len(characters)
    if count < _LEAST:
        return False
    unmapped = len(_NO_MEANING.findall(characters))
    if unmapped > _UNMAPPED * count or sum(map(len, _NO_WORD.findall(characters))) > _LOST_WORDS * count:
        return True
    if len(_PRIVATE_USE.findall(characters)) > _PRIVATE * count:
        return True
    if not characters.isascii():
        odd = len(_ODD_MARKS.findall(characters))
        if odd > _ODD * count or _is_chinese_salad(characters):
            return True
        if odd + unmapped > _ODD_ALONE * count and not _has_words(text):
            return True
    return _is_letter_salad(text)


def _has_words(text: str) -> bool:
    words = [word for word in _WORD.findall(text) if len(word) > 2]  # shorter ones are met by chance
    common = sum(word.lower() in _COMMON for word in words)
    return common > 0.04 * len(words) or len(cjk_letters(text)) > _LEAST_CHINESE / 2


def _is_letter_salad(text: str) -> bool:
    words = [word for word in _WORD.findall(text) if not word.isupper()]
    if sum(map(len, words)) < max(_LEAST_LETTERS, _LETTERS * len("".join(text.split()))):
        return False
    lower = [word.lower() for word in words]
    if sum(word in _COMMON for word in lower) > _COMMON_WORDS * len(lower):
        return False
    pairs = [word[index : index + 2] for word in lower for index in range(len(word) - 1)]
    return sum(pair in _RARE for pair in pairs) > _RARE_PAIRS * len(pairs)


def _is_chinese_salad(characters: str) -> bool:
    letters = cjk_letters(characters)
    if len(letters) < _LEAST_CHINESE or len(letters) < 0.2 * len(characters):
        return False
    if sum(0 < ord(b) - ord(a) < 9 for a, b in pairwise(letters)) > 0.3 * len(letters):
        return False  # a list of characters
    return sum(map(_is_everyday, letters)) < _PLAUSIBLE * len(letters)


def _is_everyday(letter: str) -> bool:
    """Whether it is among the frequent characters of mainland China or Taiwan, or Japanese or Korean."""
    if not "\u4e00" <= letter <= "\u9fff":
        return letter < "\u3400" or letter >= "\uac00"
    simplified, traditional = letter.encode("gb2312", "replace"), letter.encode("big5", "replace")
    return b"\xb0" <= simplified[:1] <= b"\xd7" or b"\xa4" <= traditional[:1] <= b"\xc6"
