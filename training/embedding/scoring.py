"""How well an encoder finds the right passage of a dev file: a quick look while it trains, and before.

    python -m training.embedding.scoring --model minilm --triplets prepared/triplets.dev.jsonl --query-prefix-en ""

All passages of the file, right and wrong ones of every question, form the pool that each question is put to.
`training.evaluating.retrieval` measures on whole retrieval sets.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from training.embedding.encoder import Encoder, embed
from training.embedding.options import add_encoding, add_instructions, instructions_of
from training.embedding.triplets import Triplets
from training.errors import ended_by


def dev_scores(encoder: Encoder, dev: Triplets, rows: int, query_tokens: int, passage_tokens: int) -> dict[str, float]:
    """recall@1, recall@10 and MRR@10 of up to `rows` questions, evenly spread over the file, as a share of 1."""
    chosen = range(0, len(dev), max(1, -(-len(dev) // rows)))
    questions, right, pool = [], [], {}  # `pool`: passage -> its column
    for row in chosen:
        query, positives, negatives = dev.whole(row)
        questions.append(query)
        right.append([pool.setdefault(text, len(pool)) for text in positives])
        for text in negatives:
            pool.setdefault(text, len(pool))
    was_training = encoder.training
    encoder.eval()
    with torch.inference_mode():
        queries = embed(encoder, encoder.tokenise(questions, query_tokens), 32)  # (q, d)
        passages = embed(encoder, encoder.tokenise(list(pool), passage_tokens), 32)  # (p, d)
        scores = queries @ passages.T  # (q, p)
        best = torch.stack([scores[row, columns].max() for row, columns in enumerate(right)])  # (q,)
        ranks = (scores > best[:, None]).sum(dim=1)  # (q,) from 0
    encoder.train(was_training)
    return {
        "recall@1": (ranks < 1).float().mean().item(),
        "recall@10": (ranks < 10).float().mean().item(),
        "mrr@10": torch.where(ranks < 10, 1 / (ranks + 1), 0).mean().item(),
    }


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triplets", required=True, nargs="+", type=Path)
    parser.add_argument("--rows", type=int, default=2000, help="questions asked")
    add_encoding(parser)
    add_instructions(parser)
    return parser.parse_args(words)


def score(arguments: argparse.Namespace) -> int:
    encoder = Encoder.open(arguments.model, arguments.pooling)
    dev = Triplets(arguments.triplets, instructions_of(arguments))
    limits = arguments.max_tokens_query, arguments.max_tokens_passage
    for name, value in dev_scores(encoder, dev, arguments.rows, *limits).items():
        print(f"{name} {value:.4f}")
    return 0


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: score(arguments))


if __name__ == "__main__":
    sys.exit(main())
