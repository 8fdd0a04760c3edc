"""The gradient of a loss over a whole batch, at once or, for a batch larger than memory, in two passes.

Gradient caching (Gao et al. 2021, https://arxiv.org/abs/2101.06983): all vectors are computed without their graphs; the
loss gives a gradient for each vector; then each chunk of texts is computed again, with its graph, and that gradient
is sent back through it. Dropout must fall as it did the first time, so the random state before each chunk is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from training.embedding.encoder import Encoder, Ids, embed, groups_by_length, in_order

Loss = Callable[[Tensor], Tensor]  # vectors (n, dimension) -> one number


def plain_backward(encoder: Encoder, ids: Sequence[Ids], size: int, loss_of: Loss) -> float:
    """Adds the gradient to the encoder's; all graphs are in memory together."""
    loss = loss_of(embed(encoder, ids, size))
    loss.backward()
    return loss.item()


def cached_backward(encoder: Encoder, ids: Sequence[Ids], size: int, loss_of: Loss) -> float:
    """The same gradient with the graph of `size` texts in memory, for twice the forward work."""
    groups = groups_by_length(ids, size)
    states, parts = [], []
    with torch.no_grad():
        for group in groups:
            states.append(_random_state(encoder.device))
            parts.append(encoder([ids[row] for row in group]))
    order = in_order(groups).to(encoder.device)
    vectors = torch.cat(parts)[order].requires_grad_()  # (n, dimension)
    loss = loss_of(vectors)
    loss.backward()
    assert vectors.grad is not None
    for group, state in zip(groups, states, strict=True):
        _set_random_state(state, encoder.device)
        again = encoder([ids[row] for row in group])  # (size, dimension)
        again.backward(vectors.grad[group])
    return loss.item()


def _random_state(device: torch.device) -> tuple[Tensor, Tensor | None]:
    return torch.get_rng_state(), torch.cuda.get_rng_state(device) if device.type == "cuda" else None


def _set_random_state(state: tuple[Tensor, Tensor | None], device: torch.device) -> None:
    torch.set_rng_state(state[0])
    if state[1] is not None:
        torch.cuda.set_rng_state(state[1], device)
