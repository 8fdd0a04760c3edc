"""Averages the weights of a fine-tuned encoder with those of the model that it came from.

    python -m training.embedding.mixing --base minilm --tuned runs/bge/model --share 0.5 --out runs/bge/mixed

A fine-tune on few data gains on its own kind of text and loses on others; halfway between both weights most of the gain
stays and most of the loss goes (Xiao et al. 2023, "LM-Cocktail", https://arxiv.org/abs/2311.13534). Choose the share on
dev data, never on what is reported.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from training import checkpoints
from training.embedding.encoder import Encoder
from training.embedding.folders import Card, max_tokens_of, model_folder, prompts_of, save_folder
from training.errors import TrainingError, ended_by


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="the folder that the fine-tune began with, or minilm")
    parser.add_argument("--tuned", required=True, help="the fine-tuned folder, as training.embedding.train wrote it")
    parser.add_argument("--share", type=float, default=0.5, help="of the fine-tuned weights, 0 to 1")
    parser.add_argument("--out", required=True, type=Path)
    return parser.parse_args(words)


def mix(arguments: argparse.Namespace) -> int:
    if not 0 <= arguments.share <= 1:
        raise TrainingError("--share must lie between 0 and 1.")
    base, tuned = Encoder.open(arguments.base), Encoder.open(arguments.tuned)
    if base.pooling != tuned.pooling:
        raise TrainingError(f"The models were pooled differently: {base.pooling} and {tuned.pooling}.")
    folder = model_folder(arguments.tuned)
    checkpoints.check_shapes(folder, tuned.model.state_dict(), base.model.state_dict())
    mixed = {
        name: torch.lerp(value, tuned.model.state_dict()[name], arguments.share) if value.is_floating_point() else value
        for name, value in base.model.state_dict().items()
    }
    tuned.model.load_state_dict(mixed)
    card = Card(tuned.pooling, max_tokens_of(folder) or tuned.positions, prompts_of(folder))
    save_folder(arguments.out, tuned.model, tuned.tokenizer, card, folder)
    print(f"{arguments.out}: {arguments.share:g} of {arguments.tuned}, {1 - arguments.share:g} of {arguments.base}")
    return 0


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: mix(arguments))


if __name__ == "__main__":
    sys.exit(main())
