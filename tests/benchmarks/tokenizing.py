"""Whether our tokens are SentencePiece's, and how fast both are.

    python -m tests.benchmarks.tokenizing TOKENIZER_MODEL FOLDER_OF_JSONL_ZST... [--megabytes 60]

Every text is encoded by both; the ids must be the same, and so must be the text that both decode them to. Of the
megabytes 70 % come from the folders (every file in turn, a document each), 15 % are Python sources that are installed
here, and 15 % are made up: emoji, rare characters, odd white space, random Unicode, the vocabulary's pieces in random
order. Speed is by processor time, one thread. Exit code 1 when anything differs.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sentencepiece
import zstandard

from engine.models.manifest import Chat
from engine.models.sentencepieces import BLANK, tokenizer_json
from engine.models.tokens import FILE_NAME, Tokens

SHARES = {"text": 0.7, "code": 0.15, "made up": 0.15}
WHITE = " \t\n\r\v\f\0\x1c\x85\xa0\u1680\u2000\u2003\u2009\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + BLANK
EMOJI = (
    "😀👍🏽👨\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈🇨🇳🇬🇧❤\ufe0f\u200d🔥🧑🏿\u200d🚀1\ufe0f\u20e3©\ufe0f〰\ufe0f🫠☠"
    "\ufe0f"
)
RARE = (
    "𠮷𪚥㐀䶵豈﨑ꙮ꧁ᚠ𐍈𝔘𝟘ﷺﬁǅẞİıſΩÅ१٣๓ㄅㄱ힣한ㇰ\u3099é\u0334\u0308\u0301\u0360ก\u0e47\u0e47\u0e47\u0e47\u202e\u200f"
    "\u00ad\ue000\uf8ff\U000f0000\U0010fffd\ufffe\uffff\ufffd"
)
SPECIAL = (
    *("<s>", "</s>", "<unk>", "<0x0A>", "<0xE4>", "[MASK]", "[gMASK]", "sop", "eop", "<pad>", " \u2047 ", BLANK),
    *("<|system|>", "<|user|>", "<|assistant|>", "<|observation|>"),
)


@dataclass(slots=True)
class Tally:
    texts: int = 0
    bytes: int = 0
    tokens: int = 0
    ours_s: float = 0.0
    theirs_s: float = 0.0
    different_ids: int = 0
    different_texts: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--megabytes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    model = options.model.read_bytes()
    ours, theirs = open_both(model)
    dice = random.Random(options.seed)
    sources = {
        "text": documents(options.folders),
        "code": sources_of_python(),
        "made up": made_up(dice, [theirs.id_to_piece(id) for id in range(len(theirs))]),
    }
    tallies = {
        name: compare(texts, options.megabytes * 1e6 * SHARES[name], ours, theirs) for name, texts in sources.items()
    }
    report(tallies)
    return 1 if any(each.different_ids or each.different_texts for each in tallies.values()) else 0


def open_both(model: bytes) -> tuple[Tokens, sentencepiece.SentencePieceProcessor]:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / FILE_NAME).write_text(tokenizer_json(model), "utf-8")
        ours = Tokens.open(Path(name), Chat(special_ids={}, end_ids=(2,), cache_values=0, weight_bytes=0))
    return ours, sentencepiece.SentencePieceProcessor(model_proto=model)


def compare(
    texts: Iterator[str], size_bytes: float, ours: Tokens, theirs: sentencepiece.SentencePieceProcessor
) -> Tally:
    tally = Tally()
    for text in texts:
        tally.texts += 1
        tally.bytes += len(text.encode())
        found, found_s = timed(ours.encode, text)
        wanted, wanted_s = timed(theirs.encode, text)
        tally.tokens += len(wanted)
        tally.ours_s += found_s
        tally.theirs_s += wanted_s
        if found != wanted:
            tally.different_ids += 1
            print("different ids:", repr(smallest(text, lambda part: ours.encode(part) != theirs.encode(part))))
        if ours.decode(wanted) != theirs.decode(wanted):
            tally.different_texts += 1
            print("different texts:", repr(text[:200]))
        if tally.bytes >= size_bytes:
            break
    return tally


def timed(encode: Callable[[str], list[int]], text: str) -> tuple[list[int], float]:
    start_s = time.process_time()
    ids = encode(text)
    return ids, time.process_time() - start_s


def smallest(text: str, is_different: Callable[[str], bool]) -> str:
    """A short part of a text that still shows the difference."""
    step = len(text) // 2
    while step:
        shorter = [part for part in (text[step:], text[:-step]) if is_different(part)]
        text, step = (shorter[0], step) if shorter else (text, step // 2)
    return text


def report(tallies: dict[str, Tally]) -> None:
    print(f"{'':9}{'texts':>8}{'MB':>8}{'tokens':>12}{'ids differ':>12}{'text differs':>14}", end="")
    print(f"{'ours MB/s':>11}{'SentencePiece MB/s':>20}")
    whole = Tally(*(sum(getattr(each, name) for each in tallies.values()) for name in Tally.__slots__))
    for name, each in (*tallies.items(), ("together", whole)):
        size = each.bytes / 1e6
        print(f"{name:9}{each.texts:8}{size:8.2f}{each.tokens:12}{each.different_ids:12}", end="")
        print(f"{each.different_texts:14}{size / each.ours_s:11.2f}{size / each.theirs_s:20.2f}")


# --- texts ------------------------------------------------------------------------------------------------------


def documents(folders: list[Path]) -> Iterator[str]:
    """The texts of every `*.jsonl.zst` in the folders, one of each file in turn."""
    files = [read_texts(path) for folder in folders for path in sorted(folder.rglob("*.jsonl.zst"))]
    while files:
        for file in [*files]:
            text = next(file, None)
            if text is None:
                files.remove(file)
            else:
                yield text


def read_texts(path: Path) -> Iterator[str]:
    with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as plain:
        for line in io.TextIOWrapper(plain, "utf-8"):
            yield json.loads(line)["text"]


def sources_of_python() -> Iterator[str]:
    for name in ("stdlib", "purelib"):
        for path in sorted(Path(sysconfig.get_path(name)).rglob("*.py")):
            yield path.read_bytes().decode("utf-8", "replace")


def made_up(dice: random.Random, pieces: list[str]) -> Iterator[str]:
    plain = [piece.replace(BLANK, " ") for piece in pieces]
    short = [piece for piece in plain if len(piece) < 4]
    parts: tuple[Callable[[], str], ...] = (
        lambda: dice.choice(plain),
        lambda: dice.choice(short),
        lambda: dice.choice(plain)[: dice.randrange(1, 5)],  # a piece cut short, so that the next joins elsewhere
        lambda: dice.choice(pieces),  # with the mark for a blank itself
        lambda: dice.choice(WHITE) * dice.choice((1, 1, 2, 3, 5, 17, 90)),
        lambda: dice.choice(EMOJI),
        lambda: EMOJI[dice.randrange(len(EMOJI)) :],
        lambda: dice.choice(RARE),
        lambda: dice.choice(SPECIAL),
        lambda: dice.choice("=-_.*#/\\|<>(){}[]'\"aeio01,;:!?。！？…哈，、　的一") * dice.randrange(1, 40),
        lambda: any_character(dice),
    )
    while True:
        several = dice.sample(parts, dice.randrange(1, 5))  # few kinds at a time: mixed ones rarely meet twice
        yield "".join(dice.choice(several)() for _ in range(dice.randrange(1, 400)))


def any_character(dice: random.Random) -> str:
    """Any of Unicode's characters, assigned or not, but no surrogate: SentencePiece cannot be given one."""
    limit = dice.choice((0x80, 0x800, 0x10000, 0x110000))
    number = dice.randrange(limit)
    return chr(number) if not 0xD800 <= number < 0xE000 else BLANK


if __name__ == "__main__":
    sys.exit(main())
