"""How many stretches of real text are decoded right, by their encoding and length.

    python -m tests.benchmarks.decoding FILE.jsonl.zst... [--samples 200]

Each line of a file is a JSON object with the text in `text` or `context`. A stretch that the encoding cannot hold loses
the characters that it lacks; one that is wholly ASCII afterwards is not counted.
"""

from __future__ import annotations

import argparse
import io
import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import zstandard

from engine.documents.decoding import decode

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be", "utf-32-le", "cp1252")
LENGTHS = ((20, 60), (200, 200), (200, 5000))  # characters
_DOCUMENTS = 500  # of each file
_LOST = 0.02  # a stretch that an encoding cannot hold is no text of that encoding


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("files", type=Path, nargs="+")
    arguments.add_argument("--samples", type=int, default=200)
    chosen = arguments.parse_args()
    print(f"| | {' | '.join(ENCODINGS)} |", "|---|" + "--:|" * len(ENCODINGS), sep="\n")
    for file in chosen.files:
        texts = [text for text in islice(_texts(file), _DOCUMENTS) if len(text) >= 20]
        for least, most in LENGTHS:
            cells = [_right(texts, encoding, least, most, chosen.samples) for encoding in ENCODINGS]
            print(f"| {file.name.split('.')[0]}, {least}–{most} characters | {' | '.join(cells)} |", flush=True)


def _texts(file: Path) -> Iterator[str]:
    with file.open("rb") as packed:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), "utf-8"):
            record = json.loads(line)
            yield record.get("text") or record.get("context") or ""


def _right(texts: list[str], encoding: str, least: int, most: int, samples: int) -> str:
    chance = random.Random(6)
    right = tried = 0
    for _ in range(samples):
        text = chance.choice(texts)
        start = chance.randrange(max(1, len(text) - most))
        piece = text[start : start + chance.randint(least, most)]
        data = piece.encode(encoding, "ignore")
        kept = data.decode(encoding)
        if len(kept) < len(piece) * (1 - _LOST) or kept.isascii():
            continue
        tried += 1
        right += decode(data) == kept
    return f"{right}/{tried}" if tried else "–"


if __name__ == "__main__":
    main()
