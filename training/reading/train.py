"""Teaches a BERT to read: question and passage in, relevance and the answer's words out.

    python -m training.reading.train --model minilm --data prepared/triplets.train.jsonl --out runs/reader

`--model` is any BERT folder, or one that this command wrote. Every question of a step brings the passage that answers
it and `--negatives` that do not, hard ones first. `--steps` and the rate's way down are of one run; `--stop-after` ends
it early, at a checkpoint, for a later session to go on from with --resume, to the same numbers.

In `--out`: log.jsonl, checkpoint/, and in the end model/, for `training.reading.export`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from engine.models.flaws import Flaw
from engine.models.pairs import Pairs
from engine.models.wordpieces import WordPieces
from training import processes
from training.embedding.encoder import groups_by_length
from training.embedding.folders import model_folder
from training.embedding.options import add_running, settings_of, uses_bf16
from training.embedding.stepping import Position, Run, Schedule, adamw, descend, seed_step
from training.errors import TrainingError, ended_by
from training.progress import Log, Progress
from training.reading.loss import losses, span_count
from training.reading.model import ReaderModel
from training.reading.samples import Sample, Samples

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a BERT folder, one that this command wrote, or minilm")
    parser.add_argument("--data", required=True, nargs="+", type=Path, help="*.jsonl or *.jsonl.zst")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--steps", type=int, help="instead of --epochs")
    parser.add_argument("--stop-after", type=float, metavar="MINUTES", help="then save, and end")
    parser.add_argument("--batch", type=int, default=32, help="questions in a step, over all processes")
    parser.add_argument("--negatives", type=int, default=1, help="wrong passages of each question")
    parser.add_argument("--max-tokens", type=int, default=320, help="of a row: question and passage")
    parser.add_argument("--group", type=int, default=8, help="rows of like length that are computed together")
    parser.add_argument("--relevance", type=float, default=1.0, help="what its loss counts beside the spans'")
    parser.add_argument("--freeze-layers", type=int, default=0, help="the lowest ones stay as they are")
    parser.add_argument("--freeze-embeddings", action="store_true")
    parser.add_argument("--dropout", type=float, help="default: what the model says")
    add_running(parser, rate=1e-4)
    return parser.parse_args(words)


def train(arguments: argparse.Namespace, device: torch.device) -> int:
    if arguments.batch % processes.count():
        raise TrainingError(f"--batch {arguments.batch} cannot be shared evenly by {processes.count()} processes.")
    arguments.out.mkdir(parents=True, exist_ok=True)

    # ---- model
    torch.manual_seed(arguments.seed)  # where the three columns are new
    model = ReaderModel.open(arguments.model, **dropouts(arguments.dropout)).to(device).train()
    model.bf16 = uses_bf16(arguments.bf16, device)
    model.freeze(arguments.freeze_layers, arguments.freeze_embeddings)

    # ---- data
    samples = Samples(arguments.data, pairs_of(model, arguments.max_tokens), arguments.out)
    in_epoch = len(samples) // arguments.batch
    if not in_epoch:
        raise TrainingError(f"The {len(samples)} questions make no batch of {arguments.batch}.")
    steps = arguments.steps or max(1, round(arguments.epochs * in_epoch))
    optimiser = adamw(model, arguments.weight_decay)
    schedule = Schedule(arguments.rate, steps, arguments.warm_up)

    # ---- where to begin
    run = Run(arguments.out, run_settings(arguments, samples, steps))
    position = run.begin(model, optimiser, arguments.resume)
    leader = processes.rank() == 0
    log = Log(arguments.out, after=position.step) if leader else None
    began, seen = time.monotonic(), 0

    # ---- loop
    figures: list[dict[str, float]] = []
    with Progress(steps, "Training", done=position.step, quiet=not leader) as told:
        for numbers, following in batches_from(len(samples), position, steps, arguments):
            step = position.step
            seed_step(arguments.seed, step)
            batch = [each for number in numbers for each in drawn(samples, number, position.epoch, arguments)]
            figures.append(backward(model, batch, arguments))
            norm = descend(optimiser, schedule.rate(step), arguments.clip)
            position, seen = following, seen + sum(len(each.row.ids) for each in batch)
            told.step(**figures[-1])
            speed = seen / (time.monotonic() - began)
            if log and (position.step % arguments.log_every == 0 or position.step == steps):
                means = {name: sum(each[name] for each in figures) / len(figures) for name in figures[0]}
                log.write(position.step, **means, rate=schedule.rate(step), norm=norm, tokens_per_s=round(speed))
                figures.clear()
            stops = arguments.stop_after and time.monotonic() - began > 60 * arguments.stop_after
            if position.step % arguments.save_every == 0 or position.step == steps or stops:
                run.save(model, optimiser, position)
            if stops:
                break

    # ---- save
    if leader:
        model.save(arguments.out / "model", model_folder(arguments.model))
        print(f"{arguments.out / 'model'}: {position.step} of {steps} steps of {arguments.batch} questions")
    processes.wait_for_all()
    return 0


# ---- the steps, in the order in which train takes them


def dropouts(chosen: float | None) -> dict[str, float]:
    return {} if chosen is None else {"hidden_dropout_prob": chosen, "attention_probs_dropout_prob": chosen}


def pairs_of(model: ReaderModel, max_tokens: int) -> Pairs:
    """Raises TrainingError for a limit that the model does not have, or that leaves no room."""
    if max_tokens > model.positions:
        raise TrainingError(f"--max-tokens must not exceed the model's {model.positions}.")
    try:
        return Pairs(WordPieces(model.tokenizer, max_tokens), max_tokens)
    except Flaw as flaw:
        raise TrainingError(f"--max-tokens {max_tokens} leaves no room for a passage.") from flaw


def run_settings(arguments: argparse.Namespace, samples: Samples, steps: int) -> dict[str, object]:
    """What a run and its continuation must have in common; when a session stops changes nothing."""
    settings = settings_of(arguments, data=samples.fingerprint(), steps=steps)
    del settings["stop_after"]
    return settings


def batches_from(
    count: int, position: Position, steps: int, arguments: argparse.Namespace
) -> Iterator[tuple[list[int], Position]]:
    """This process's questions of each batch from `position` on, and the position after it."""
    own = arguments.batch // processes.count()
    first = processes.rank() * own
    while position.step < steps:
        order = np.random.default_rng((arguments.seed, position.epoch)).permutation(count)
        whole = count // arguments.batch * arguments.batch
        batches = order[:whole].reshape(-1, arguments.batch)
        for numbers in batches[position.batch :]:
            if position.step == steps:
                return
            position = replace(position, step=position.step + 1, batch=position.batch + 1)
            yield numbers[first : first + own].tolist(), position
        position = replace(position, epoch=position.epoch + 1, batch=0)


def drawn(samples: Samples, number: int, epoch: int, arguments: argparse.Namespace) -> list[Sample]:
    return [*samples.draw(number, epoch, arguments.negatives, arguments.seed)]


def backward(model: ReaderModel, batch: Sequence[Sample], arguments: argparse.Namespace) -> dict[str, float]:
    """Leaves the gradient of the joined batch's mean loss; gives that and its two parts."""
    counted = torch.tensor([span_count(batch), len(batch)], dtype=torch.float32, device=model.device)
    spans, rows = processes.total(counted).clamp(min=1).tolist()
    told = torch.zeros(2, device=model.device)
    for group in groups_by_length([each.row.ids for each in batch], arguments.group):
        chosen = [batch[number] for number in group]
        span, relevance = losses(model(*model.padded([each.row for each in chosen])), chosen)
        (span / spans + arguments.relevance * relevance / rows).backward()
        told += torch.stack((span.detach() / spans, relevance.detach() / rows))
    span_loss, relevance_loss = processes.total(told).tolist()
    whole = span_loss + arguments.relevance * relevance_loss
    return {"loss": whole, "span_loss": span_loss, "relevance_loss": relevance_loss}


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)

    def joined() -> int:
        with processes.joined_processes(arguments.device) as device:
            return train(arguments, device)

    return ended_by(joined)


if __name__ == "__main__":
    sys.exit(main())
