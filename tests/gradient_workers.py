"""The gradient of one joined batch, in this process or shared by several: what tests/training/embedding compares."""

from __future__ import annotations

import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    import torch
    import torch.distributed as dist

    from training.embedding import train
    from training.embedding.caching import cached_backward
    from training.embedding.encoder import Encoder
    from training.embedding.loss import joined_loss
    from training.embedding.stepping import Position
    from training.embedding.triplets import Instructions, Triplets
    from training.processes import sum_gradients


def gradients(folder: Path) -> dict[str, torch.Tensor]:
    """By name, of the first batch of 8 of folder/triplets.jsonl, and the loss; dropout is off."""
    words = ["--triplets", str(folder / "triplets.jsonl"), "--model", str(folder / "bert"), "--out", str(folder)]
    arguments = train.parse_arguments([*words, "--batch", "8", "--negatives", "2", "--temperature", "0.1"])
    triplets = Triplets(arguments.triplets, Instructions())
    encoder = Encoder.open(arguments.model).eval()
    rows, _ = next(train.batches_from(triplets, Position(), 1, arguments))
    ids, keys = train.read_batch(encoder, triplets, rows, 0, arguments)

    def loss_of(vectors: torch.Tensor) -> torch.Tensor:
        return joined_loss(vectors[: len(rows)], vectors[len(rows) :], keys, arguments.temperature)

    loss = cached_backward(encoder, ids, 4, loss_of)
    sum_gradients(encoder.parameters())
    found = {name: each.grad for name, each in encoder.named_parameters() if each.grad is not None}
    return {**found, "loss": torch.tensor(loss)}


def work(folder: Path, rank: int, count: int) -> None:
    """One of `count` processes that meet over a file; each writes what it found."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{folder / f'meeting{count}'}", rank=rank, world_size=count)
    try:
        torch.save(gradients(folder), folder / f"gradients-{count}-{rank}.pt")
    finally:
        dist.destroy_process_group()
