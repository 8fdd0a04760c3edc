"""Only the vectors of Chinese words learn, at a rate of their own; those of all other tokens stay as they are.

A word's two tokens, at the beginning of a run and within it, hold one vector: they begin equal (training.vocabulary)
and get the sum of both gradients.
"""

from __future__ import annotations

import torch
from torch import Tensor

from training.embedding.encoder import Encoder
from training.errors import TrainingError
from training.vocabulary.tokenizing import CONTINUED, is_chinese, twins


def confine(encoder: Encoder) -> torch.nn.Parameter:
    """From now on a gradient reaches the words' vectors only. Returns the matrix that holds them, (tokens, width).

    Raises TrainingError for a vocabulary without such words.
    """
    weight: torch.nn.Parameter = encoder.model.get_input_embeddings().weight
    vocabulary = encoder.tokenizer.get_vocab()
    chinese = [id for token, id in vocabulary.items() if is_chinese(token.removeprefix(CONTINUED))]
    if not chinese:
        raise TrainingError("The model's vocabulary has no Chinese words: make one with training.vocabulary.extend.")
    fixed = torch.ones(len(weight), dtype=torch.bool)
    fixed[chinese] = False
    first, within = torch.tensor(twins(encoder.tokenizer)).T.to(weight.device)  # (pairs,) each
    fixed = fixed.to(weight.device)

    def confined(gradient: Tensor) -> Tensor:
        gradient = gradient.masked_fill(fixed[:, None], 0.0)
        together = gradient[first] + gradient[within]
        gradient[first] = together
        gradient[within] = together
        return gradient

    weight.register_hook(confined)
    return weight
