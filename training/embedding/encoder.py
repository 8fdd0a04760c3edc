"""Texts become vectors of unit length: a BERT with pooling, in torch, as sentence-transformers would run it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from training.embedding.folders import Pooling, model_folder, open_tokenizer, pooling_of
from training.errors import TrainingError

Ids = list[int]  # of one text, special tokens counted


class Encoder(nn.Module):
    """`bf16`: matrices are multiplied in bfloat16; pooling and all that follows stay in float32."""

    def __init__(self, model: nn.Module, tokenizer: Tokenizer, pooling: Pooling, bf16: bool = False) -> None:
        super().__init__()
        self.model = model
        self.tokenizer = tokenizer
        self.pooling: Pooling = pooling
        self.bf16 = bf16
        self._pad = getattr(model.config, "pad_token_id", None) or 0

    @classmethod
    def open(cls, name: str, pooling: Pooling | None = None) -> Encoder:
        """From a sentence-transformers or BERT folder, or `minilm`. `pooling` None: what the folder says, else CLS.

        Raises TrainingError when the folder is missing, incomplete, or does not fit together.
        """
        folder = model_folder(name)
        tokenizer = open_tokenizer(folder)
        pooling = pooling or pooling_of(folder) or "cls"
        model = load_model(AutoModel, folder)
        check_vocabulary(folder, tokenizer, model)
        return cls(model, tokenizer, pooling)

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    @property
    def positions(self) -> int:
        """The longest text that it can read, in tokens."""
        return int(self.model.config.max_position_embeddings)

    def tokenise(self, texts: Sequence[str], max_tokens: int) -> list[Ids]:
        """Longer texts are cut, their last special token kept."""
        return [cut(encoding.ids, max_tokens) for encoding in self.tokenizer.encode_batch(list(texts))]

    def forward(self, ids: Sequence[Ids]) -> Tensor:
        """(n, dimension) float32, unit length, of n texts in one padded batch."""
        tokens, mask = self._padded(ids)  # (n, tokens) each
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            states = self.model(input_ids=tokens, attention_mask=mask).last_hidden_state  # (n, tokens, dimension)
        states = states.float()
        if self.pooling == "cls":
            return functional.normalize(states[:, 0])
        weights = mask[:, :, None] / mask.sum(dim=1)[:, None, None]
        return functional.normalize((states * weights).sum(dim=1))

    def _padded(self, ids: Sequence[Ids]) -> tuple[Tensor, Tensor]:
        longest = max(map(len, ids))
        tokens = torch.tensor([[*each, *[self._pad] * (longest - len(each))] for each in ids])
        lengths = torch.tensor([len(each) for each in ids])
        mask = (torch.arange(longest)[None, :] < lengths[:, None]).long()
        return tokens.to(self.device), mask.to(self.device)


def load_model(kind: type, folder: Path, **more: Any) -> nn.Module:
    """`kind.from_pretrained(folder, …)`. Raises TrainingError when the folder's weights are missing or not its own."""
    try:
        return kind.from_pretrained(folder, dtype=torch.float32, **more)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise TrainingError(f"{folder} cannot be opened as a model: {str(error).splitlines()[0]}") from error


def set_dropout(encoder: Encoder, share: float | None) -> None:
    """None leaves it as the folder says."""
    for module in encoder.modules() if share is not None else ():
        if isinstance(module, nn.Dropout):
            module.p = share
        elif hasattr(module, "dropout_prob"):  # attention that is computed in one piece has no module for it
            module.dropout_prob = share


def check_vocabulary(folder: Path, tokenizer: Tokenizer, model: nn.Module) -> None:
    if tokenizer.get_vocab_size() > model.config.vocab_size:
        raise TrainingError(
            f"{folder} does not fit together: its tokenizer has {tokenizer.get_vocab_size()} tokens, "
            f"its model knows {model.config.vocab_size}."
        )


def groups_by_length(ids: Sequence[Ids], size: int) -> list[list[int]]:
    """Texts of like length together, `size` of them, longest first: little padding, and memory that runs out does so
    at once."""
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]), reverse=True)
    return [order[start : start + size] for start in range(0, len(order), size)]


def embed(encoder: Encoder, ids: Sequence[Ids], size: int) -> Tensor:
    """(n, dimension) in the order of `ids`, computed `size` texts at a time."""
    groups = groups_by_length(ids, size)
    vectors = torch.cat([encoder([ids[row] for row in group]) for group in groups])
    return vectors[in_order(groups).to(vectors.device)]


def in_order(groups: Sequence[Sequence[int]]) -> Tensor:
    """Where each text stands among the groups set end to end."""
    return torch.argsort(torch.tensor([row for group in groups for row in group]))


def cut(ids: Ids, max_tokens: int) -> Ids:
    return ids if len(ids) <= max_tokens else [*ids[: max_tokens - 1], ids[-1]]
