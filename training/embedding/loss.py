"""InfoNCE: a question should be nearer to its passage than to every other passage of the batch.

    loss = mean over i of  -log( exp(q_i . p_i / t) / sum over j of exp(q_i . p_j / t) )

p are the passages of the joined batch: everyone's right ones and everyone's hard negatives (van den Oord et al. 2018,
https://arxiv.org/abs/1807.03748; in-batch and hard negatives as in Karpukhin et al. 2020, https://arxiv.org/abs/2004.04906).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.processes import gathered


def info_nce(queries: Tensor, passages: Tensor, right: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """One number. queries (b, d) and passages (p, d) of unit length; right (b,): the row in `passages` of each answer.

    keys (p,) int64 are equal where passages are: a copy of a question's own passage, someone else's hard negative, is
    left out of its sum.
    """
    scores = queries @ passages.T / temperature  # (b, p)
    copies = keys[None, :] == keys[right][:, None]  # (b, p)
    copies[torch.arange(len(right), device=right.device), right] = False
    return functional.cross_entropy(scores.masked_fill(copies, -torch.inf), right)


def joined_loss(queries: Tensor, passages: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """The loss over the batches of all processes, the same number in each; its gradient reaches the own vectors only.

    queries (b, d); passages (p, d): the b right ones in the order of the queries, then the hard negatives; keys (p,).
    """
    place = torch.arange(len(passages), device=keys.device)
    is_right = gathered((place < len(queries)).long())  # (P,)
    return info_nce(gathered(queries), gathered(passages), is_right.nonzero().flatten(), gathered(keys), temperature)
