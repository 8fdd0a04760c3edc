"""Texts become files of token ids that pretraining reads where they lie: two bytes a token.

    python -m training.generator.tokens text/zh text/en --vocabulary runs/chat_small/vocabulary \\
        --hold-out qa/dev retrieval/zh_cmrc_dev_passages --out runs/chat_small/tokens

The folder gets train.bin and dev.bin, tokens.json (the report) and tokenizer.model. A document is "[gMASK] sop", as
every prompt of the product begins, its text, and </s>. Documents, not windows, are parted into train and dev; one that
holds a piece of what is held out, or equals an earlier one, is left out. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from engine.models.chatglm import END_OF_TEXT, SPECIALS, TOKENIZER
from engine.models.flaws import Flaw
from engine.models.sentencepieces import piece_count, tokenizer_json
from training.data.normalising import digest, normalised
from training.data.sides import DEV, SIDES, TRAIN
from training.errors import TrainingError, ended_by
from training.generator.holding_out import HeldOut
from training.generator.texts import Document, documents, place_of
from training.progress import Progress
from training.saving import replace_folder

REPORT = "tokens.json"
_SHORTEST = 40  # letters and digits of a document
_MOST_IDS = 1 << 16  # that two bytes tell apart
_TOGETHER = 64  # documents that are encoded at once, by as many cores as there are

Ids = npt.NDArray[np.uint16]

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path, help="*.jsonl or *.jsonl.zst with 'text', or folders of them")
    parser.add_argument("--vocabulary", required=True, type=Path, help="a folder with tokenizer.model")
    parser.add_argument("--out", required=True, type=Path, help="the folder of token files")
    parser.add_argument("--hold-out", nargs="+", type=Path, default=[], help="question files and retrieval folders")
    parser.add_argument("--dev-share", type=float, default=0.005, help="of the documents")
    parser.add_argument("--limit", type=int, help="documents of each file")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: write(arguments))


def write(arguments: argparse.Namespace) -> int:
    vocabulary = Vocabulary.open(arguments.vocabulary)
    held = HeldOut(arguments.hold_out)
    report = Report(vocabulary.rows)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.out.parent, prefix=".tokens-") as temporary, ExitStack() as stack:
        done = Path(temporary, "done")
        done.mkdir()
        files = {side: stack.enter_context((done / f"{side}.bin").open("wb")) for side in SIDES}
        progress = stack.enter_context(Progress(None, "Encoding"))
        wanted = wanted_documents(documents(arguments.texts, arguments.limit, arguments.seed), held, report)
        while some := [*islice(wanted, _TOGETHER)]:
            for document, ids in zip(some, vocabulary.encoded(each.text for each in some), strict=True):
                side = DEV if place_of(document.text, arguments.seed) < arguments.dev_share else TRAIN
                files[side].write(ids.tobytes())
                report.add(document, side, ids)
            progress.step(len(some))
        for side in SIDES:
            files[side].flush()
            if not report.tokens[side]:
                raise TrainingError(f"The {side} side is empty: give more texts, or another --dev-share.")
        facts = {"vocabulary": vocabulary.digest, "rows": vocabulary.rows, "held_out_pieces": len(held)}
        text = json.dumps(facts | report.as_object(), ensure_ascii=False, indent=1)
        (done / REPORT).write_text(text + "\n", "utf-8")
        shutil.copyfile(arguments.vocabulary / TOKENIZER, done / TOKENIZER)
        replace_folder(done, arguments.out)
    print(text)
    return 0


# ---- the steps, in the order in which write takes them


class Vocabulary:
    """A `tokenizer.model`, read as the product reads it."""

    def __init__(self, model: bytes) -> None:
        self._tokenizer = Tokenizer.from_str(tokenizer_json(model))
        self.digest = hashlib.sha256(model).hexdigest()
        pieces = piece_count(model)
        self.rows = pieces + len(SPECIALS)
        self._start = [pieces + SPECIALS.index("[gMASK]"), pieces + SPECIALS.index("sop")]

    @classmethod
    def open(cls, folder: Path) -> Vocabulary:
        """Raises TrainingError when there is none, it cannot be used, or two bytes do not hold its ids."""
        path = folder / TOKENIZER
        if not path.is_file():
            raise TrainingError(f"There is no {path}: training.generator.vocabulary makes one.")
        try:
            vocabulary = cls(path.read_bytes())
        except Flaw as flaw:
            raise TrainingError(f"{path} cannot be used: {flaw}.") from flaw
        if vocabulary.rows > _MOST_IDS:
            raise TrainingError(f"{path} has {vocabulary.rows} tokens; two bytes tell {_MOST_IDS} apart.")
        return vocabulary

    def encoded(self, texts: Iterable[str]) -> Iterator[Ids]:
        """The ids of each document, with those that stand before and behind it."""
        for encoding in self._tokenizer.encode_batch_fast([*texts], add_special_tokens=False):
            yield np.array([*self._start, *encoding.ids, END_OF_TEXT], np.uint16)


@dataclass
class Report:
    """What was written, and what was left out."""

    rows: int
    files: dict[str, Counter[str]] = field(default_factory=dict)
    licences: Counter[str] = field(default_factory=Counter)  # tokens
    left_out: Counter[str] = field(default_factory=Counter)  # documents, by the reason
    tokens: Counter[str] = field(default_factory=Counter)  # by side

    def __post_init__(self) -> None:
        self._seen = {side: np.zeros(self.rows, np.int64) for side in SIDES}  # how often each id was

    def add(self, document: Document, side: str, ids: Ids) -> None:
        self.tokens[side] += len(ids)
        self.licences[document.license] += len(ids)
        self._seen[side] += np.bincount(ids, minlength=self.rows)
        counts = self.files.setdefault(document.file, Counter())
        counts.update(documents=1, characters=len(document.text), tokens=len(ids))

    def as_object(self) -> dict[str, Any]:
        return {
            "tokens": dict(self.tokens),
            "unigram_nats": round(self._unigram_nats(), 4),  # a loss that any learning must fall below
            "left_out": dict(self.left_out),
            "licences": dict(self.licences.most_common()),
            "files": {name: dict(counts) for name, counts in self.files.items()},
        }

    def _unigram_nats(self) -> float:
        """Cross entropy of dev's tokens where each has the frequency that it has in train, one added."""
        shares = (self._seen[TRAIN] + 1) / (self._seen[TRAIN].sum() + self.rows)
        return float(-(self._seen[DEV] * np.log(shares)).sum() / max(1, self._seen[DEV].sum()))


def wanted_documents(found: Iterable[Document], held: HeldOut, report: Report) -> Iterator[Document]:
    known: set[int] = set()
    for document in found:
        bare = normalised(document.text)
        key = digest(bare)
        if len(bare) < _SHORTEST:
            report.left_out["too short"] += 1
        elif key in known:
            report.left_out["as an earlier one"] += 1
        elif held.is_in(bare):
            report.left_out["holds what is held out"] += 1
        else:
            yield document
        known.add(key)


if __name__ == "__main__":
    sys.exit(main())
