"""A BERT's tokenizer that also reads Chinese words: folded, kept apart from Latin letters, cut longest word first.

BERT sets a blank around every Chinese character. Here a run of them stays together, so that WordPiece finds words in
it: each word has two tokens, "词" where a run begins and "##词" within it, whose vectors are meant to be one. What is
no Chinese character is cut as before, into the same ids.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from tokenizers import Tokenizer

from training.errors import TrainingError
from training.vocabulary.folding import HAN

CONTINUED = "##"
LONGEST_RUN = 32  # characters: WordPiece's time grows with their square, and a longer run is hardly one phrase

_IS_HAN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN) + "]")


def extended(base: Tokenizer, characters: Iterable[str], words: Sequence[str], charsmap: bytes) -> Tokenizer:
    """`base` with `characters` and `words` of them; the ids that it had stay what they were.

    Raises TrainingError when `base` is no WordPiece with BERT's rules, or a word holds another character.
    """
    values = json.loads(base.to_str())
    rules = values["normalizer"] or {}
    if values["model"]["type"] != "WordPiece" or rules.get("type") != "BertNormalizer":
        raise TrainingError("Only BERT's own tokenizer, a WordPiece, can be extended.")
    known = {*characters, *filter(_IS_HAN.fullmatch, values["model"]["vocab"])}
    for word in words:
        if not known.issuperset(word):
            raise TrainingError(f"{word} holds a character that is not among the vocabulary's.")
    vocabulary: dict[str, int] = values["model"]["vocab"]
    for word in (*sorted(known), *words):
        for token in (word, CONTINUED + word):
            vocabulary.setdefault(token, len(vocabulary))
    trie = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap).decode()}
    values["normalizer"] = {"type": "Sequence", "normalizers": [trie, rules | {"handle_chinese_chars": False}]}
    # A run ends at a character that is unknown: else one of them would make all of it unknown.
    pattern = f"[{''.join(_ranges(known))}]{{1,{LONGEST_RUN}}}|{_IS_HAN.pattern}"
    runs = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    values["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [runs, values["pre_tokenizer"]]}
    return Tokenizer.from_str(json.dumps(values, ensure_ascii=False))


def twins(tokenizer: Tokenizer) -> list[tuple[int, int]]:
    """The ids of each Chinese word at the beginning of a run and within one."""
    vocabulary = tokenizer.get_vocab()
    return sorted(
        (id, vocabulary[CONTINUED + word])
        for word, id in vocabulary.items()
        if is_chinese(word) and CONTINUED + word in vocabulary
    )


def is_chinese(token: str) -> bool:
    return _IS_HAN.match(token) is not None


def characters_of(lines: Iterable[str]) -> list[str]:
    """The Chinese characters among the tokens of a vocab.txt."""
    return [token for line in lines if _IS_HAN.fullmatch(token := line.strip())]


def _ranges(characters: Iterable[str]) -> Iterator[str]:
    codes = sorted(map(ord, characters))
    first = last = codes[0]
    for code in [*codes[1:], -1]:
        if code != last + 1:
            yield chr(first) if first == last else f"{chr(first)}-{chr(last)}"
            first = code
        last = code
