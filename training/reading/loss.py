"""What a reader is to get right: where the answer starts and ends where it stands, and which passages answer."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from engine.models.reader import END, START
from training.reading.model import relevance_of
from training.reading.samples import NO_SPAN, Sample


def losses(scores: Tensor, samples: Sequence[Sample]) -> tuple[Tensor, Tensor]:
    """Sums over the rows of `scores` (rows, tokens, 3): of the spans, of the relevance; neither is divided by anything.

    Spans: the mean of the cross entropies of start and end, over the passage's tokens. Relevance: binary cross entropy.
    """
    right = torch.tensor([float(each.answers) for each in samples], device=scores.device)
    relevance = functional.binary_cross_entropy_with_logits(relevance_of(scores), right, reduction="sum")
    known = [number for number, each in enumerate(samples) if each.span != NO_SPAN]
    if not known:
        return scores.sum() * 0, relevance
    outside = torch.ones(len(known), scores.shape[1], dtype=torch.bool)
    for place, number in enumerate(known):
        row = samples[number].row
        outside[place, row.first : row.first + len(row.spans)] = False
    wanted = torch.tensor([samples[number].span for number in known], device=scores.device)  # (known, 2)
    given = scores[known][:, :, [START, END]].masked_fill(outside.to(scores.device)[:, :, None], float("-inf"))
    given = given.transpose(1, 2).reshape(-1, scores.shape[1])  # (2 * known, tokens)
    return functional.cross_entropy(given, wanted.reshape(-1), reduction="sum") / 2, relevance


def span_count(samples: Sequence[Sample]) -> int:
    return sum(each.span != NO_SPAN for each in samples)
