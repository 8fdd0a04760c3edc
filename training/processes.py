"""Several processes train one model, as `torchrun` starts them: gloo on CPUs, nccl on GPUs. One process needs none.

Each process works on its own part of a batch; the loss is over the joined batch. Only its own vectors carry a
gradient in a process, so the gradient of the joined loss is the sum over the processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor


@contextmanager
def joined_processes(device: str = "auto") -> Iterator[torch.device]:
    """Joins the processes that torchrun started, if it did, and gives this one's device. `device`: auto, cpu, cuda."""
    on_gpu = torch.cuda.is_available() if device == "auto" else device.startswith("cuda")
    if "WORLD_SIZE" not in os.environ:
        yield torch.device("cuda" if on_gpu else "cpu")
        return
    own = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if on_gpu else torch.device("cpu")
    if on_gpu:
        torch.cuda.set_device(own)
    dist.init_process_group("nccl" if on_gpu else "gloo")
    try:
        yield own
    finally:
        dist.destroy_process_group()


def rank() -> int:
    return dist.get_rank() if dist.is_initialized() else 0


def count() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


def wait_for_all() -> None:
    if dist.is_initialized():
        dist.barrier()


def gathered(own: Tensor) -> Tensor:
    """(rows of all processes, …), in the order of ranks, from each one's (rows, …); their numbers of rows may differ.

    This process's own rows keep their gradient, those of the others have none: see the top of this file.
    """
    if count() == 1:
        return own
    sizes = [torch.zeros(1, dtype=torch.int64, device=own.device) for _ in range(count())]
    dist.all_gather(sizes, torch.tensor([len(own)], device=own.device))
    most = max(int(size) for size in sizes)
    padded = own.new_zeros((most, *own.shape[1:]))
    padded[: len(own)] = own.detach()
    parts = [torch.empty_like(padded) for _ in range(count())]
    dist.all_gather(parts, padded)
    rows = [part[: int(size)] for part, size in zip(parts, sizes, strict=True)]
    rows[rank()] = own
    return torch.cat(rows)


def sum_gradients(parameters: Iterable[torch.nn.Parameter]) -> None:
    """Every process ends with the gradient of the joined loss. One message for all of them."""
    if count() == 1:
        return
    gradients = [each.grad for each in parameters if each.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat, op=dist.ReduceOp.SUM)
    for gradient, part in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))


def total(own: Tensor) -> Tensor:
    """The sum over all processes, without gradient."""
    if count() == 1:
        return own.detach()
    summed = own.detach().clone()
    dist.all_reduce(summed, op=dist.ReduceOp.SUM)
    return summed


def over(began: float, minutes: float, device: torch.device) -> bool:
    """Whether so many minutes are spent since `began` (of time.monotonic); 0: never. The first process decides."""
    if not minutes:
        return False
    spent = rank() == 0 and time.monotonic() - began > 60 * minutes
    return total(torch.tensor(float(spent), device=device)).item() > 0
