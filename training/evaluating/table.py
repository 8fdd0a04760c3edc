"""One table of what an evaluation gave before and after, in Markdown.

    python -m training.evaluating.table --before before.json --after after.json --out RUN

writes RUN/table.md. Several files may follow each option (those of retrieval and of answers, say). Figures of
different questions are not put side by side: the sets, how many questions were drawn, and the conditions must agree.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.scores import Mean
from training.errors import TrainingError, ended_by
from training.evaluating.results import Result, SetResult

NAMES = {
    "em": "exact match",
    "f1": "F1",
    "rouge_l": "ROUGE-L",
    "yes_no": "yes/no accuracy",
    "contains": "holds the answer",
    "citation_precision": "citation precision",
    "citation_recall": "citation recall",
    "right_refusals": "right refusals",
    "wrong_refusals": "wrong refusals (fewer is better)",
    "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10",
}


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", required=True, nargs="+", type=Path, metavar="FILE.json")
    parser.add_argument("--after", required=True, nargs="+", type=Path, metavar="FILE.json")
    parser.add_argument("--out", required=True, type=Path, metavar="RUN", help="the run's folder")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: run(arguments))


def run(arguments: argparse.Namespace) -> int:
    pairs = paired([Result.load(path) for path in arguments.before], [Result.load(path) for path in arguments.after])
    text = "\n\n".join(table(before, after) for before, after in pairs) + "\n"
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "table.md").write_text(text, "utf-8")
    print(text, end="")
    return 0


def table(before: Result, after: Result) -> str:
    """One of a kind: a row for each score of each set. Raises TrainingError when the two are not of the same."""
    check_same(before, after)
    lines = [
        f"| {before.kind} | | before: {before.model} | after: {after.model} | difference | n |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for name, one in before.sets.items():
        lines += [f"| {name} | {row} |" for row in rows(one, after.sets[name])]
    return "\n".join(lines)


def rows(before: SetResult, after: SetResult) -> Iterator[str]:
    for score in dict.fromkeys((*before.scores, *after.scores)):
        one, other = before.scores.get(score), after.scores.get(score)
        difference = f"{other.value - one.value:+.4f}" if one and other else "–"
        yield f"{NAMES.get(score, score)} | {shown(one)} | {shown(other)} | {difference} | {counted(one, other)}"


def shown(mean: Mean | None) -> str:
    return f"{mean.value:.4f}" if mean else "–"


def counted(before: Mean | None, after: Mean | None) -> str:
    """Questions that the score is a mean over: two numbers where the models left it different ones to judge."""
    counts = [str(mean.count) for mean in (before, after) if mean]
    return " / ".join(dict.fromkeys(counts))


def paired(before: Sequence[Result], after: Sequence[Result]) -> list[tuple[Result, Result]]:
    """Each file before with the one after of the same kind and sets. Raises TrainingError when one is alone."""
    left = list(after)
    pairs = []
    for one in before:
        fits = [other for other in left if (other.kind, {*other.sets}) == (one.kind, {*one.sets})]
        if not fits:
            raise TrainingError(f"Nothing in --after is of the same as {described(one)} in --before.")
        left.remove(fits[0])
        pairs.append((one, fits[0]))
    if left:
        raise TrainingError(f"Nothing in --before is of the same as {described(left[0])} in --after.")
    return pairs


def check_same(before: Result, after: Result) -> None:
    if before.conditions != after.conditions:
        raise TrainingError(f"The conditions differ: {before.conditions} before, {after.conditions} after.")
    for name, one in before.sets.items():
        other = after.sets[name]
        drawn, drawn_after = (each.limit and (each.limit, each.seed) for each in (one, other))
        if drawn != drawn_after:
            raise TrainingError(f"{name}: {in_words(one)} before, {in_words(other)} after. Evaluate both alike.")
        if one.fingerprint != other.fingerprint:
            raise TrainingError(f"{name} has changed between the two evaluations. Evaluate both on the same files.")


def in_words(result: SetResult) -> str:
    return f"{result.limit} questions drawn by seed {result.seed}" if result.limit else "all questions"


def described(result: Result) -> str:
    return f"{result.kind} on {', '.join(sorted(result.sets))}"


if __name__ == "__main__":
    sys.exit(main())
