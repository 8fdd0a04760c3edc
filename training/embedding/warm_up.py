"""Prepares a BERT on plain text before its fine-tune: for a new vocabulary, or a field whose words it never read.

    python -m training.embedding.warm_up --model FOLDER --texts text/zh --vocabulary vocab.txt --freeze-body 1000 \\
        --out runs/warm
    python -m training.embedding.train --model runs/warm/model …

RetroMAE by default, plain MLM with `--method mlm`; see training/embedding/retromae.py. torchrun, checkpoints,
log.jsonl and --resume as in training.embedding.train.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertForMaskedLM

from training import processes
from training.embedding.blocks import Blocks, write_blocks
from training.embedding.encoder import check_vocabulary, load_model
from training.embedding.folders import (
    Card,
    max_tokens_of,
    model_folder,
    open_tokenizer,
    pooling_of,
    prompts_of,
    save_folder,
    word_pieces,
)
from training.embedding.options import add_running, settings_of, uses_bf16
from training.embedding.retromae import MaskedLearner, Tokens
from training.embedding.stepping import Position, Run, Schedule, adamw, descend, seed_step
from training.embedding.vocabulary import adopt
from training.errors import TrainingError, ended_by
from training.progress import Log, Progress

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a BERT or sentence-transformers folder, or minilm")
    parser.add_argument("--texts", required=True, nargs="+", type=Path, help="*.jsonl[.zst] with 'text', or folders")
    parser.add_argument("--method", choices=("retromae", "mlm"), default="retromae")
    parser.add_argument("--vocabulary", type=Path, help="a vocab.txt that takes the place of the model's")
    parser.add_argument("--cased", action="store_true", help="the new vocabulary tells capital letters")
    parser.add_argument("--encoder-mask", type=float, help="share of tokens; default 0.3 for retromae, 0.15 for mlm")
    parser.add_argument("--decoder-mask", type=float, default=0.5, help="share of tokens, 0.5 to 0.7")
    parser.add_argument("--freeze-body", type=int, default=0, help="first steps in which only embeddings learn")
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--blocks", type=int, help="so many blocks of --max-tokens are enough; default: all text")
    parser.add_argument("--batch", type=int, default=32, help="blocks in a step, over all processes")
    parser.add_argument("--steps", type=int, default=1000)
    add_running(parser, rate=1e-4)
    return parser.parse_args(words)


def warm_up(arguments: argparse.Namespace, device: torch.device) -> int:
    if arguments.batch % processes.count():
        raise TrainingError(f"--batch {arguments.batch} cannot be shared evenly by {processes.count()} processes.")
    arguments.out.mkdir(parents=True, exist_ok=True)

    # ---- model
    torch.manual_seed(arguments.seed)  # heads that the folder lacks are drawn
    source = model_folder(arguments.model)
    model, tokenizer = open_model(source, arguments)
    if not 3 <= arguments.max_tokens <= model.config.max_position_embeddings:
        raise TrainingError(f"--max-tokens must lie between 3 and the model's {model.config.max_position_embeddings}.")
    shares = shares_of(arguments)
    learner = MaskedLearner(model, tokens_of(tokenizer), *shares).to(device).train()
    optimiser = adamw(learner, arguments.weight_decay)
    schedule = Schedule(arguments.rate, arguments.steps, arguments.warm_up)

    # ---- data
    blocks = write_blocks(files_of(arguments.texts), tokenizer, arguments.max_tokens, arguments.out, arguments.blocks)
    if len(blocks) < arguments.batch:
        raise TrainingError(f"The texts make {len(blocks)} blocks, fewer than a batch of {arguments.batch}.")

    # ---- where to begin
    run = Run(arguments.out, settings_of(arguments, blocks_found=len(blocks)))
    position = run.begin(learner, optimiser, arguments.resume)
    leader = processes.rank() == 0
    log = Log(arguments.out, after=position.step) if leader else None
    bf16 = uses_bf16(arguments.bf16, device)

    # ---- loop
    with Progress(arguments.steps, "Warming up", done=position.step, quiet=not leader) as told:
        for rows, following in batches_from(len(blocks), position, arguments):
            step = position.step
            seed_step(arguments.seed, step)
            model.bert.encoder.requires_grad_(step >= arguments.freeze_body)
            with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
                loss, count, decoder_loss = learner(read_batch(blocks, rows, device))
            together = processes.total(count)
            (loss / together).backward()
            norm = descend(optimiser, schedule.rate(step), arguments.clip)
            position = following
            mean = (processes.total(loss) / together).item()
            told.step(loss=mean)
            if log and (position.step % arguments.log_every == 0 or position.step == arguments.steps):
                of_decoder = (decoder_loss / loss).item()
                log.write(position.step, loss=mean, decoder_share=of_decoder, rate=schedule.rate(step), norm=norm)
            if position.step % arguments.save_every == 0 or position.step == arguments.steps:
                run.save(learner, optimiser, position)

    # ---- save
    if leader:
        card = Card(pooling_of(source) or "cls", max_tokens_of(source) or arguments.max_tokens, prompts_of(source))
        save_folder(arguments.out / "model", model.bert, tokenizer, card, None if arguments.vocabulary else source)
        print(f"{arguments.out / 'model'}: {arguments.steps} steps of {arguments.batch} blocks, {arguments.method}")
    processes.wait_for_all()
    return 0


# ---- the steps, in the order in which warm_up takes them


def open_model(source: Path, arguments: argparse.Namespace) -> tuple[BertForMaskedLM, Tokenizer]:
    """The model with its tokenizer, or with the new vocabulary's."""
    tokenizer = open_tokenizer(source)
    model = load_model(BertForMaskedLM, source)
    check_vocabulary(source, tokenizer, model)
    if arguments.vocabulary is None:
        return model, tokenizer
    if not arguments.vocabulary.is_file():
        raise TrainingError(f"There is no file {arguments.vocabulary}.")
    wanted = word_pieces(arguments.vocabulary, not arguments.cased)
    new = adopt(model, tokenizer, wanted)
    print(f"{arguments.vocabulary}: {wanted.get_vocab_size()} tokens, {new} of them new to the model")
    return model, wanted


def shares_of(arguments: argparse.Namespace) -> tuple[float, float]:
    retro = arguments.method == "retromae"
    encoder_share = arguments.encoder_mask or (0.3 if retro else 0.15)
    return encoder_share, arguments.decoder_mask if retro else 0.0


def tokens_of(tokenizer: Tokenizer) -> Tokens:
    """Raises TrainingError when the vocabulary lacks one that is needed."""
    named = {token: tokenizer.token_to_id(token) for token in ("[PAD]", "[MASK]", "[CLS]", "[SEP]")}
    for token, id in named.items():
        if id is None:
            raise TrainingError(f"The vocabulary has no {token}.")
    return Tokens(named["[PAD]"], named["[MASK]"], (named["[CLS]"], named["[SEP]"]))


def files_of(paths: Sequence[Path]) -> list[Path]:
    """A folder stands for its *.jsonl and *.jsonl.zst."""
    found = []
    for path in paths:
        found += sorted([*path.glob("*.jsonl"), *path.glob("*.jsonl.zst")]) if path.is_dir() else [path]
    if not found:
        raise TrainingError(f"There is no *.jsonl or *.jsonl.zst in {', '.join(map(str, paths))}.")
    return found


def batches_from(
    count: int, position: Position, arguments: argparse.Namespace
) -> Iterator[tuple[np.ndarray, Position]]:
    """This process's blocks of each batch from `position` on, and the position after it."""
    own = arguments.batch // processes.count()
    first = processes.rank() * own
    while position.step < arguments.steps:
        order = np.random.default_rng((arguments.seed, position.epoch)).permutation(count)
        for number in range(position.batch, count // arguments.batch):
            if position.step == arguments.steps:
                return
            position = replace(position, step=position.step + 1, batch=position.batch + 1)
            start = number * arguments.batch + first
            yield order[start : start + own], position
        position = replace(position, epoch=position.epoch + 1, batch=0)


def read_batch(blocks: Blocks, rows: np.ndarray, device: torch.device) -> torch.Tensor:
    """(rows, tokens) int64."""
    return torch.from_numpy(blocks[rows].astype(np.int64)).to(device)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)

    def joined() -> int:
        with processes.joined_processes(arguments.device) as device:
            return warm_up(arguments, device)

    return ended_by(joined)


if __name__ == "__main__":
    sys.exit(main())
