"""Where the vectors of new words begin: at what their English meanings' vectors have in common.

A word begins as the mean of the pieces of its first meanings, so that a Chinese sentence reads to the model like its
translation word by word. One that the dictionary lacks begins as the mean of its characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

MEANINGS = 2  # of a word: more of them blur it
_SAYS_LITTLE = frozenset("a an the of to in on for and or by with at as be is one's ' , . ; : - ( ) \" s".split())


def first_vectors(
    words: Sequence[str], senses: Mapping[str, Sequence[str]], known: Tokenizer, vectors: Vectors
) -> Vectors:
    """(words, width) from the model's own `vectors` (tokens, width); as far from their mean as those mostly are."""
    middle = vectors.mean(axis=0)
    usual = float(np.median(np.linalg.norm(vectors - middle, axis=1)))
    found = {word: _meant(senses[word], known, vectors) for word in words if word in senses}
    rows = np.stack([_begun(word, found, middle) for word in words])
    away = rows - middle
    distance = np.linalg.norm(away, axis=1, keepdims=True)
    return np.asarray(middle + away * np.where(distance > 0, usual / np.maximum(distance, 1e-9), 0), np.float32)


def _meant(senses: Sequence[str], known: Tokenizer, vectors: Vectors) -> Vectors:
    means = []
    for sense in senses[:MEANINGS]:
        encoding = known.encode(sense, add_special_tokens=False)
        pieces = [id for id, token in zip(encoding.ids, encoding.tokens, strict=True) if token not in _SAYS_LITTLE]
        means.append(vectors[pieces or encoding.ids].mean(axis=0))
    return np.asarray(np.mean(means, axis=0), np.float32)


def _begun(word: str, found: Mapping[str, Vectors], middle: Vectors) -> Vectors:
    if word in found:
        return found[word]
    parts = [found[character] for character in word if character in found]
    return np.asarray(np.mean(parts, axis=0), np.float32) if parts else middle
