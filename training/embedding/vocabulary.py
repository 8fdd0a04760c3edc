"""A BERT changes its vocabulary: tokens that it knew keep their vectors, new ones begin as the mean of their pieces."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM


def adopt(model: BertForMaskedLM, known: Tokenizer, wanted: Tokenizer) -> int:
    """`model`, which spoke `known`, speaks `wanted` afterwards. Returns how many tokens are new to it.

    The output layer shares the input's vectors; its bias moves with them.
    """
    old = model.get_input_embeddings().weight.detach().clone()  # (old tokens, width)
    old_bias = model.cls.predictions.bias.detach().clone()  # (old tokens,)
    vectors = old.mean(dim=0).repeat(wanted.get_vocab_size(), 1)  # (new tokens, width)
    bias = old_bias.mean().repeat(wanted.get_vocab_size())
    new = 0
    for token, id in wanted.get_vocab().items():
        pieces = _pieces(token, known)
        new += known.token_to_id(token) is None
        if pieces:
            vectors[id] = old[pieces].mean(dim=0)
            bias[id] = old_bias[pieces].mean()
    model.resize_token_embeddings(wanted.get_vocab_size(), mean_resizing=False)
    with torch.no_grad():
        model.get_input_embeddings().weight.copy_(vectors)
        model.cls.predictions.bias.copy_(bias)
    model.config.vocab_size = wanted.get_vocab_size()
    return new


def _pieces(token: str, known: Tokenizer) -> list[int]:
    """The old ids that make up a new token; none where the old vocabulary cannot spell it."""
    own = known.token_to_id(token)
    if own is not None:
        return [own]
    ids = known.encode(token.removeprefix("##"), add_special_tokens=False).ids
    unknown = known.token_to_id("[UNK]")
    return [id for id in ids if id != unknown]
