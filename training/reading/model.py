"""A BERT that reads question and passage together, with three numbers for every token, and its folder.

It is transformers' model for classifying tokens, whose "classes" are the engine's columns: start, end, relevance.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModelForTokenClassification

from engine.models.networks import States
from engine.models.pairs import Row
from engine.models.reader import RELEVANCE
from engine.models.wordpieces import Ids
from training.embedding.encoder import check_vocabulary, load_model
from training.embedding.folders import model_folder, open_tokenizer
from training.saving import replace_folder, save_pretrained

COLUMNS = {0: "start", 1: "end", 2: "relevance"}


class ReaderModel(nn.Module):
    """`bf16`: matrices are multiplied in bfloat16; the loss stays in float32."""

    def __init__(self, model: nn.Module, tokenizer: Tokenizer, bf16: bool = False) -> None:
        super().__init__()
        self.model = model
        self.tokenizer = tokenizer
        self.bf16 = bf16
        self._pad = getattr(model.config, "pad_token_id", None) or 0

    @classmethod
    def open(cls, name: str, **config: float | str) -> ReaderModel:
        """From a folder that `save` wrote, or any BERT folder (or `minilm`), whose three columns are drawn anew then.

        `config` says otherwise than the folder: hidden_dropout_prob and the like. Raises TrainingError when the folder
        is missing, incomplete, or does not fit together.
        """
        folder = model_folder(name)
        tokenizer = open_tokenizer(folder)
        model = load_model(AutoModelForTokenClassification, folder, num_labels=3, **config)
        model.config.id2label, model.config.label2id = COLUMNS, {name: id for id, name in COLUMNS.items()}
        check_vocabulary(folder, tokenizer, model)
        return cls(model, tokenizer)

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    @property
    def positions(self) -> int:
        """The longest row that it can read, in tokens."""
        return int(self.model.config.max_position_embeddings)

    def freeze(self, layers: int, embeddings: bool) -> None:
        """Leaves the lowest `layers`, and the embeddings, as they are."""
        body = self.model.base_model
        for module in (*body.encoder.layer[:layers], *([body.embeddings] if embeddings else [])):
            module.requires_grad_(False)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """(rows, tokens) each to (rows, tokens, 3) float32; the third number is meant at the first token alone."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            scores = self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).logits
        return scores.float()

    def padded(self, rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
        """(rows, tokens) each: ids, types, and 1 where a token is none of the padding."""
        longest = max(len(row.ids) for row in rows)
        ids = np.full((len(rows), longest), self._pad, np.int64)
        types, mask = np.zeros_like(ids), np.zeros_like(ids)
        for number, row in enumerate(rows):
            ids[number, : len(row.ids)], types[number, : len(row.ids)] = row.ids, row.types
            mask[number, : len(row.ids)] = 1
        given = (torch.from_numpy(each).to(self.device) for each in (ids, types, mask))
        return next(given), next(given), next(given)

    def save(self, folder: Path, source: Path | None) -> None:
        """In place of what `folder` was. `source`: where the tokenizer's other files are. Raises OSError."""
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        save_pretrained(self.model, new)
        self.tokenizer.save(str(new / "tokenizer.json"), pretty=False)
        for name in ("tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
            if source and (source / name).is_file():
                shutil.copyfile(source / name, new / name)
        replace_folder(new, folder)


class Scored:
    """A model in torch in the place of the engine's network: one row in, its numbers out."""

    def __init__(self, model: ReaderModel) -> None:
        self._model = model

    @torch.inference_mode()
    def states(self, ids: Ids, types: Ids | None = None) -> States:
        kinds = np.zeros_like(ids) if types is None else types
        given = [torch.from_numpy(each)[None].to(self._model.device) for each in (ids, kinds, np.ones_like(ids))]
        return self._model(*given)[0].float().cpu().numpy()

    def rest(self, ids: Ids) -> None:
        """There is nothing to give back."""


def relevance_of(scores: Tensor) -> Tensor:
    """(rows,) of (rows, tokens, 3)."""
    return scores[:, 0, RELEVANCE]
