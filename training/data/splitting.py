"""Documents are parted into train and dev, and a check proves that no passage stands on both sides.

    python -m training.data.splitting TRAIN… --against OTHER…

tells what two sets share: files of triplets, chats or questions, or a retrieval folder's corpus.jsonl. Exit code 1 when
they share a passage.

Rows are never parted: all that belong together, because a passage of one document equals a passage of another or is
contained in it, go to one side. In memory are 8 bytes for each document, and for the check about 100 for each passage.
"""

from __future__ import annotations

import argparse
import random
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from training.data.containing import WINDOW, Sought
from training.data.normalising import digest, normalised
from training.data.records import Tally, files_in, objects
from training.errors import TrainingError, ended_by

Texts = Callable[[], Iterable[str]]  # gives the same texts each time that it is called


class Groups:
    """Numbers from 0 that belong together: disjoint sets with path halving."""

    def __init__(self) -> None:
        self._above = array("q")

    def __len__(self) -> int:
        return len(self._above)

    def add(self) -> int:
        self._above.append(len(self._above))
        return len(self._above) - 1

    def of(self, number: int) -> int:
        """The least number of its group."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.of(one), self.of(other)))
        self._above[other] = one


def dev_groups(rows_of: dict[int, int], dev_share: float, seed: int) -> frozenset[int]:
    """Which groups go to dev, of `rows_of` (group → rows): drawn until they hold `dev_share` of the rows.

    A group too large for what is left is passed over. Raises TrainingError when either side would be empty.
    """
    if not rows_of:
        raise TrainingError("The train split is empty: nothing was left of what was read.")
    if not dev_share:
        return frozenset()
    total = sum(rows_of.values())
    room = max(1, round(dev_share * total))
    order = sorted(rows_of)
    random.Random(seed).shuffle(order)
    chosen = set()
    for group in order:
        if rows_of[group] <= room and len(chosen) + 1 < len(order):
            chosen.add(group)
            room -= rows_of[group]
    if not chosen:
        raise TrainingError(
            f"The dev split is empty: {total} rows come from {len(order)} groups of documents, and the smallest has "
            f"more than {dev_share:.0%} of them. Give more documents, a larger --dev-share, or --dev-share 0."
        )
    return frozenset(chosen)


def check(train: Texts, dev: Texts) -> None:
    """Raises TrainingError when any passage stands on both sides: equal, or one within the other, once normalised."""
    for holder in shared(train, dev):
        raise TrainingError(f"A passage stands on both sides: one side has it in {holder[:100]!r}.", 3)


def shared(one: Texts, other: Texts) -> Iterator[str]:
    """Texts (normalised) that hold or equal a passage of the other side.

    For each passage of `one` its first holder in `other`, then for each of `other` its first holder in `one`.
    """
    yield from _held(one, other)
    yield from _held(other, one)


def _held(smaller: Texts, larger: Texts) -> Iterator[str]:
    """For the passages of `smaller`, what holds them in `larger`. Those under WINDOW characters have to be equal."""
    sought, short = Sought(), set[int]()
    for text in _distinct(smaller()):
        if len(text) >= WINDOW:
            sought.add(text)
        else:
            short.add(digest(text))
    met: set[int] = set()
    for text in _distinct(larger()):
        if digest(text) in short:
            yield text
        for number in sought.inside(text):
            if number not in met:
                met.add(number)
                yield text


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    """Normalised."""
    seen: set[int] = set()
    for text in texts:
        bare = normalised(text)
        if bare and (key := digest(bare)) not in seen:
            seen.add(key)
            yield bare


def passages_in(paths: Sequence[Path]) -> Texts:
    """Every passage that the files hold, whatever kind of row; each row once, repeated passages again."""
    return lambda: (text for path in _corpora(paths) for _, row in objects(path, Tally()) for text in passages_of(row))


def _corpora(paths: Sequence[Path]) -> Iterator[Path]:
    """The files; of a retrieval folder its corpus alone."""
    for path in paths:
        yield from (sorted(path.glob("corpus.jsonl*")) if path.is_dir() else ()) or files_in([path])


def passages_of(row: dict[str, Any]) -> Iterator[str]:
    yield from row.get("pos", ())
    yield from row.get("neg", ())
    yield from (passage["text"] for passage in row.get("passages", ()))
    yield from (each["text"] for name in ("positive_doc", "negative_doc") for each in row.get(name, ()))
    yield from (text for name in ("positive_docs", "negative_docs") for text in row.get(name) or ())
    yield from (row[name] for name in ("context", "text") if isinstance(row.get(name), str))


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("--against", nargs="+", type=Path, required=True)
    arguments = parser.parse_args(words)
    found = list(shared(passages_in(arguments.train), passages_in(arguments.against)))
    for each in found[:10]:
        print(f"  {each[:100]!r}")
    print(f"{len(found)} passages stand on both sides")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(ended_by(main))
