"""How well a reader answers from the passage that answers, and tells that passage from others.

    python -m training.reading.evaluate --model RUN/model --set qa/dev/zh_cmrc2018_dev.jsonl.zst --out RUN/after.json

`--model` is what training left, or an exported folder: the engine's own reader in both cases. Each question is put to
its passage (em, f1), and to the best passages of a search by words, once with its passage among them and once without:

    found      with it: its passage has the highest relevance
    refusal    area under the ROC curve: how often the highest relevance with it exceeds that of a question without
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.scores import Mean, exact_match, f1
from training.errors import ended_by
from training.evaluating.results import Result, SetResult, check_names, positive, printed
from training.progress import Progress
from training.reading import asking
from training.reading.asking import Collected, open_reader, put, read

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--set", required=True, nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.json")
    parser.add_argument("--limit", type=positive, metavar="N", help="draw N questions of each file")
    parser.add_argument("--seed", type=int, default=0, help="by which they are drawn")
    parser.add_argument("--passages", type=positive, default=4, metavar="N", help="that the search brings")
    parser.add_argument("--max-tokens", type=positive, default=320, help="of a row; an exported model says itself")
    return parser.parse_args(words)


def run(arguments: argparse.Namespace) -> int:
    # ---- data and model
    sets = [asking.load(path, arguments.limit, arguments.seed) for path in arguments.set]
    check_names([each.name for each in sets])
    reader = open_reader(arguments.model, arguments.max_tokens)

    # ---- read and score
    results = {each.name: measured(reader, each, arguments) for each in sets}

    # ---- print and save
    conditions = {"passages": arguments.passages}
    result = Result("reading", reader.id, {}, conditions, results)
    print(printed(result))
    result.save(arguments.out)
    return 0


def measured(reader: asking.Reader, chosen: Collected, arguments: argparse.Namespace) -> SetResult:
    began = time.monotonic()
    rows: dict[str, list[float]] = {"em": [], "f1": [], "found": []}
    present, absent = [], []
    with Progress(len(chosen.cases), chosen.name) as progress:
        for each in put(chosen, arguments.passages):
            others = [number for number in each.found if number not in each.case.right]
            readings = read(reader, each.case.question, chosen, [each.right, *others])
            said = readings[each.right]
            words = chosen.passages[each.right][said.start : said.end]
            rows["em"].append(exact_match(words, each.case.answers))
            rows["f1"].append(f1(words, each.case.answers))
            highest = max((readings[number].relevance for number in others), default=-np.inf)
            rows["found"].append(float(said.relevance > highest))
            present.append(max(said.relevance, highest))
            if others:
                absent.append(highest)
            progress.step(f1=float(np.mean(rows["f1"])))
    scores = {name: Mean(round(float(np.mean(row)), 4), len(row)) for name, row in rows.items()}
    if absent:
        scores["refusal"] = Mean(round(roc_area(np.array(present), np.array(absent)), 4), len(absent))
    facts = {"questions": len(present), "seconds": round(time.monotonic() - began, 1)}
    return SetResult(chosen.fingerprint, arguments.limit, arguments.seed, scores, facts)


def roc_area(right: npt.NDArray[np.float64], wrong: npt.NDArray[np.float64]) -> float:
    """How often one of `right` exceeds one of `wrong`, ties counting half (Mann and Whitney 1947)."""
    ordered = np.sort(wrong)
    below, upto = np.searchsorted(ordered, right, "left"), np.searchsorted(ordered, right, "right")
    return float((below + upto).sum() / (2 * len(right) * len(wrong)))


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: run(arguments))


if __name__ == "__main__":
    sys.exit(main())
