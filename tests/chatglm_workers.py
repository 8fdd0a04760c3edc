"""One of several processes that fine-tune a ChatGLM3 together: started by a test, it writes its gradients to a file."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # inside these packages, at their import
    import torch
    from torch import Tensor

    from training.chatglm.base import Base
    from training.chatglm.learning import mean_gradients
    from training.chatglm.loading import load
    from training.chatglm.methods import Sizes, adapted
    from training.chatglm.packing import batch
    from training.chatglm.samples import Samples, SampleWriter
    from training.processes import joined_processes

ROWS = ((0, 1, 2), (3,), (4, 5), (6, 7, 8, 9))  # of very different numbers of tokens


def gradients(folder: Path, rank: int = 0, count: int = 1) -> tuple[float, dict[str, Tensor]]:
    """The mean loss of all rows, and the gradients that this process ends with; it computes every `count`-th row."""
    base = Base(folder / "base")
    with Samples([folder / "chats.jsonl"], SampleWriter(base), 2000, quiet=True) as samples:
        rows = [[samples[number] for number in row] for row in ROWS[rank::count]]
    torch.manual_seed(3)
    model = adapted(load(base, torch.float32, quantise=True, quiet=True), "qlora", Sizes(rank=4, dropout=0.0))
    learnt = {name: value for name, value in model.named_parameters() if value.requires_grad}
    for value in learnt.values():  # B is zero at first, and A without gradient
        torch.nn.init.normal_(value, std=0.02)
    loss, _ = mean_gradients(model.train(), [*learnt.values()], (batch([row]) for row in rows))
    return loss, {name: value.grad.clone() for name, value in learnt.items() if value.grad is not None}


def work(folder: Path, rank: int, count: int) -> None:
    torch.set_num_threads(1)
    os.environ |= {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": (folder / "port").read_text(),
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(count),
    }
    with joined_processes("cpu"):
        torch.save(gradients(folder, rank, count), folder / f"gradients-{count}-{rank}.pt")
