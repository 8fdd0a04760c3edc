"""How long a reader takes over the passages of a question.

    python -m tests.benchmarks.reading READER_FOLDER [--threads 2] [--passages 18] [--tokens 250] [--rounds 9]

Text of the project's own, cut into passages of so many tokens by the product's rule; other passages in every round.
Printed are medians of the time by the clock and of all cores, the load of the machine, and for comparison the same rows
one after the other with every core on each.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from engine.documents.budget import cut_within
from engine.models.manifest import Manifest
from engine.models.networks import Network
from engine.models.pairs import Pairs
from engine.models.reader import TOKENIZER, WEIGHTS, Reader, Source
from training.parity_texts import PARAGRAPHS

QUESTION = "How long is the deposit of two months' rent kept after the keys are handed over?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--passages", type=int, default=18)
    parser.add_argument("--tokens", type=int, default=250)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    manifest = Manifest.load(arguments.folder)
    reader = Reader.open(arguments.folder, arguments.threads)
    pairs = Pairs.open(arguments.folder / TOKENIZER, manifest.max_tokens)
    whole = Network.open(arguments.folder / WEIGHTS, arguments.threads)

    def in_turn(texts: list[str]) -> None:
        for text in texts:
            for row in pairs.rows(QUESTION, text):
                whole.states(row.ids, row.types)

    ways: dict[str, Callable[[list[str]], object]] = {
        "the product: rows side by side": lambda texts: reader.read(QUESTION, [Source(text) for text in texts]),
        "rows in turn, all cores on each": in_turn,
    }
    tokens = [len(row.ids) for text in passages(arguments, 0) for row in pairs.rows(QUESTION, text)]
    print(f"{manifest.id}, {arguments.threads} threads, {arguments.passages} passages, {sum(tokens) / len(tokens):.0f} "
          f"tokens a row, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(arguments.rounds + 1):  # the first warms up
        for name, read in ways.items():
            texts = passages(arguments, number)
            clock, cores = time.perf_counter(), time.process_time()
            read(texts)
            times[name].append((time.perf_counter() - clock, time.process_time() - cores))
    for name, found in times.items():
        best = min(each[0] for each in found)
        clock, cores = (statistics.median(each[at] for each in found[1:]) for at in (0, 1))
        print(f"  {name:34} {clock:.3f} s by the clock, {best:.3f} at best; {cores:.3f} of cores")


def passages(arguments: argparse.Namespace, number: int) -> list[str]:
    """Other ones for each `number`."""
    words = " ".join(PARAGRAPHS).split()
    found = []
    for place in range(arguments.passages):
        start = (number * 7 + place * 31) % len(words)
        text = " ".join((words[start:] + words) * 2)
        found.append(text[: cut_within(text, 0, len(text), arguments.tokens)])
    return found


if __name__ == "__main__":
    main()
