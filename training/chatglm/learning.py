"""One step of learning: the loss of the answers' tokens, its gradient over all processes, and the learning rate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import torch
import torch.distributed as dist
from torch import Tensor, nn

from training.chatglm.packing import IGNORED, Batch
from training.processes import count, sum_gradients


def summed_loss(model: nn.Module, batch: Batch, virtual_tokens: int = 0) -> tuple[Tensor, int]:
    """Cross entropy of the labelled tokens, added up, and how many they are.

    The output layer is computed where some row has a labelled token next, and nowhere else: for the 6B a row's logits
    would take 0.26 MB a token. `virtual_tokens`: how many of the model's own stand before the row's in its output.
    """
    wanted = batch.labels[:, 1:]
    learnt = wanted != IGNORED
    places = learnt.any(0).nonzero()[:, 0]
    logits = model(
        input_ids=batch.ids,
        attention_mask=batch.mask,
        position_ids=None if batch.mask is None else batch.positions,
        logits_to_keep=places + virtual_tokens,
        use_cache=False,
    ).logits  # (rows, places, vocabulary)
    chosen, targets = logits[learnt[:, places]], wanted[learnt]  # (labelled, vocabulary), (labelled,)
    return nn.functional.cross_entropy(chosen.float(), targets, reduction="sum"), len(targets)


def mean_gradients(
    model: nn.Module, parameters: Sequence[nn.Parameter], batches: Iterable[Batch], virtual_tokens: int = 0
) -> tuple[float, int]:
    """Leaves in `parameters` the gradient of the mean loss over the answers' tokens of all batches of all processes.

    However the rows are spread, each token weighs the same. Returns that mean and the number of tokens.
    """
    for parameter in parameters:
        parameter.grad = torch.zeros_like(parameter)  # a process that has no row takes part, too
    total, tokens = 0.0, 0
    for batch in batches:
        loss, labelled = summed_loss(model, batch, virtual_tokens)
        loss.backward()
        total, tokens = total + loss.item(), tokens + labelled
    sum_gradients(parameters)
    total, tokens = summed(total, tokens, parameters[0].device)
    for parameter in parameters:
        parameter.grad /= tokens
    return total / tokens, tokens


@torch.no_grad()
def mean_loss(model: nn.Module, batches: Iterable[Batch], device: torch.device, virtual_tokens: int = 0) -> float:
    """The mean over the answers' tokens of all batches of all processes; the model ends in training mode."""
    model.eval()
    total, tokens = 0.0, 0
    for batch in batches:
        loss, labelled = summed_loss(model, batch, virtual_tokens)
        total, tokens = total + loss.item(), tokens + labelled
    model.train()
    total, tokens = summed(total, tokens, device)
    return total / tokens


def summed(total: float, tokens: int, device: torch.device) -> tuple[float, int]:
    """Both over all processes."""
    if count() == 1:
        return total, tokens
    both = torch.tensor([total, tokens], dtype=torch.float64, device=device)
    dist.all_reduce(both)
    return both[0].item(), int(both[1].item())


def rate(step: int, steps: int, peak: float, warm_up: float) -> float:
    """The learning rate of a step from 0: up in a straight line for `warm_up` of the steps, then a cosine to zero."""
    rising = max(1, round(warm_up * steps))
    if step < rising:
        return peak * (step + 1) / rising
    return peak * 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))
