"""Questions with passages that answer and passages that do not: what the contrastive training learns from.

A line is {"query": str, "pos": [str, …], "neg": [str, …], "lang", "source", "document", …}; queries carry no
instruction there, it is added here, so that the same data serves every model.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from engine.models.instructions import BGE_QUERY_PREFIX
from training.lines import Lines

BatchBy = Literal["all", "source", "lang"]


@dataclass(frozen=True, slots=True)
class Triplet:
    query: str  # with its instruction
    positive: str
    negatives: tuple[str, ...]  # fewer than asked for where the line has fewer


@dataclass(frozen=True, slots=True)
class Instructions:
    """What stands before a question (never before a passage), by its language. Empty: nothing."""

    zh: str = BGE_QUERY_PREFIX["zh"]
    en: str = BGE_QUERY_PREFIX["en"]

    def before(self, lang: str) -> str:
        """`lang` is "zh", "zh-Hant", "en", …; a language without its own instruction gets the English one."""
        return self.zh if lang.split("-")[0] == "zh" else self.en


class Triplets:
    """The triplets of all `paths`. Every line is read once at the start, so that a broken one is told before training.

    In memory are, for each, where it stands and what may not stand beside it in a batch: about 60 bytes.
    """

    def __init__(
        self, paths: Sequence[Path], instructions: Instructions, by: BatchBy = "all", scratch: Path | None = None
    ) -> None:
        self.lines = Lines(paths, scratch)
        self._instructions = instructions
        self._keys = array("q")  # of all rows, end to end
        self._ends = array("q", [0])
        names: dict[str, int] = {}
        self.groups = array("i")  # of each row: rows of two groups never share a batch
        for row in range(len(self.lines)):
            line = self._checked(row)
            self._keys.extend(_keys(line))
            self._ends.append(len(self._keys))
            self.groups.append(names.setdefault("" if by == "all" else str(line.get(by, "")), len(names)))

    def __len__(self) -> int:
        return len(self.groups)

    def keys(self, row: int) -> array[int]:
        """What the row is about: its question, its passages that answer, its document. Rows that share one of them
        would be each other's false negatives."""
        return self._keys[self._ends[row] : self._ends[row + 1]]

    def draw(self, row: int, epoch: int, negatives: int, seed: int) -> Triplet:
        """One positive and up to `negatives` negatives: other ones in every epoch until all were drawn."""
        line = self._checked(row)
        random = np.random.default_rng((seed, row))  # the same in every epoch: the order that is gone through
        positives = _shuffled(line["pos"], random)
        others = _shuffled([text for text in dict.fromkeys(line["neg"]) if text not in line["pos"]], random)
        first = epoch * negatives
        count = min(negatives, len(others))
        return Triplet(
            self._instructions.before(str(line.get("lang", "en"))) + line["query"],
            positives[epoch % len(positives)],
            tuple(others[(first + place) % len(others)] for place in range(count)),
        )

    def whole(self, row: int) -> tuple[str, list[str], list[str]]:
        """The question with its instruction, all passages that answer, all that do not."""
        line = self._checked(row)
        return self._instructions.before(str(line.get("lang", "en"))) + line["query"], line["pos"], line["neg"]

    def fingerprint(self) -> str:
        """Tells these triplets, in this order, from others."""
        return hashlib.sha256(self._keys.tobytes() + self.groups.tobytes()).hexdigest()[:16]

    def _checked(self, row: int) -> dict[str, Any]:
        line = self.lines[row]
        if not isinstance(line.get("query"), str) or not line["query"].strip():
            raise self.lines.broken(row, "it has no text as 'query'")
        if not _are_texts(line.get("pos")) or not line["pos"]:
            raise self.lines.broken(row, "it has no list with a text as 'pos'")
        if not _are_texts(line.setdefault("neg", [])):
            raise self.lines.broken(row, "it has no list of texts as 'neg'")
        return line


def text_key(text: str) -> int:
    """63 bits of a text, white space and case aside."""
    folded = " ".join(text.casefold().split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(folded, digest_size=8).digest()) >> 1


def _keys(line: Mapping[str, Any]) -> list[int]:
    keys = [text_key("query " + line["query"]), *map(text_key, line["pos"])]
    if line.get("document"):
        keys.append(text_key(f"document {line['document']}"))
    return keys


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)


def _shuffled(texts: Sequence[str], random: np.random.Generator) -> list[str]:
    return [texts[place] for place in random.permutation(len(texts))]
