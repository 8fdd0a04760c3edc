"""What a BERT learns from text alone before it learns from questions: masked words, and a vector that says enough.

MLM (Devlin et al. 2019): some tokens are masked, the encoder finds them. RetroMAE (Xiao et al. 2022,
https://arxiv.org/abs/2205.12035) adds a decoder of one layer that sees the same text with most tokens masked, and
the encoder's [CLS] vector: it can only find them when that vector says what the text was about. The decoder is
the paper's basic one (its section 3.2); it is thrown away afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertForMaskedLM


@dataclass(frozen=True, slots=True)
class Tokens:
    """Ids that mean something here."""

    pad: int
    mask: int
    special: tuple[int, ...]  # never masked


class MaskedLearner(nn.Module):
    """`model` with the loss of MLM; of RetroMAE too when `decoder_share` is not 0. Shares are of the tokens masked."""

    def __init__(self, model: BertForMaskedLM, tokens: Tokens, encoder_share: float, decoder_share: float) -> None:
        super().__init__()
        self.model = model
        self._tokens = tokens
        self._shares = encoder_share, decoder_share
        config = model.config
        self.decoder = nn.TransformerEncoderLayer(
            config.hidden_size,
            config.num_attention_heads,
            config.intermediate_size,
            config.hidden_dropout_prob,
            activation="gelu",
            batch_first=True,
        )

    def forward(self, blocks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Of blocks (n, tokens): the summed loss, the number of masked tokens that it is over, and the part of the
        sum that is the decoder's."""
        encoder_share, decoder_share = self._shares
        hidden = self._draw(blocks, encoder_share)  # (n, tokens) bool
        attention = (blocks != self._tokens.pad).long()
        shown = self._disguised(blocks, hidden)
        states = self.model.bert(input_ids=shown, attention_mask=attention).last_hidden_state  # (n, tokens, width)
        loss = self._loss(states, blocks, hidden)
        if not decoder_share:
            return loss, hidden.sum(), loss.new_zeros(())
        gone = self._draw(blocks, decoder_share)
        inputs = self.model.bert.embeddings(input_ids=blocks.masked_fill(gone, self._tokens.mask))
        inputs = torch.cat([states[:, :1], inputs[:, 1:]], dim=1)  # [CLS] carries the encoder's vector
        decoded = self.decoder(inputs, src_key_padding_mask=attention == 0)
        decoder_loss = self._loss(decoded, blocks, gone)
        return loss + decoder_loss, hidden.sum() + gone.sum(), decoder_loss

    def _loss(self, states: Tensor, blocks: Tensor, hidden: Tensor) -> Tensor:
        logits = self.model.cls(states[hidden])  # (hidden, vocabulary): for the masked ones alone
        return functional.cross_entropy(logits.float(), blocks[hidden], reduction="sum")

    def _draw(self, blocks: Tensor, share: float) -> Tensor:
        """Drawn on the CPU: the same on every device."""
        special = torch.isin(blocks, torch.tensor([*self._tokens.special, self._tokens.pad], device=blocks.device))
        return (torch.rand(blocks.shape).to(blocks.device) < share) & ~special

    def _disguised(self, blocks: Tensor, hidden: Tensor) -> Tensor:
        """Of the chosen tokens 80 % become [MASK], 10 % another token, 10 % stay, as in BERT."""
        fate = torch.rand(blocks.shape).to(blocks.device)
        others = torch.randint(self.model.config.vocab_size, blocks.shape).to(blocks.device)
        shown = torch.where(hidden & (fate < 0.8), self._tokens.mask, blocks)
        return torch.where(hidden & (fate >= 0.9), others, shown)
