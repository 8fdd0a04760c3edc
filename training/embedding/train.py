"""Fine-tunes a BGE or another sentence encoder on triplets, by contrastive learning with instructions.

    python -m training.embedding.train --model FOLDER --triplets prepared/triplets.train.jsonl --out runs/bge
    torchrun --nproc-per-node 8 -m training.embedding.train …   # on 8 GPUs

A question is to be nearer to the passage that answers it than to every other passage of the batch: those of all other
questions, on all processes, and the hard negatives of all. `--batch` counts the questions of all processes together, so
that their number changes nothing but what dropout draws; `--chunk` makes room for batches larger than memory.

In `--out`: log.jsonl (a line every few steps), checkpoint/ (to go on with --resume, to the same numbers), and in the
end model/, a sentence-transformers folder for `training.export_embedder`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from training import processes
from training.embedding.batches import Rows, epoch_batches
from training.embedding.caching import cached_backward, plain_backward
from training.embedding.encoder import Encoder, set_dropout
from training.embedding.folders import Card, max_tokens_of, model_folder, save_folder
from training.embedding.growing import confine
from training.embedding.loss import joined_loss
from training.embedding.options import (
    add_encoding,
    add_instructions,
    add_running,
    add_teaching,
    check_limits,
    instructions_of,
    settings_of,
    teacher_of,
    uses_bf16,
)
from training.embedding.scoring import dev_scores
from training.embedding.stepping import Position, Run, Schedule, adamw, descend, seed_step
from training.embedding.triplets import Triplet, Triplets, text_key
from training.errors import TrainingError, ended_by
from training.progress import Log, Progress

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triplets", required=True, nargs="+", type=Path, help="*.jsonl or *.jsonl.zst")
    parser.add_argument("--dev", type=Path, help="triplets to look at every --evaluate-every steps")
    parser.add_argument("--evaluate-every", type=int, default=100)
    parser.add_argument("--dev-rows", type=int, default=500)
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--steps", type=int, help="instead of --epochs")
    parser.add_argument("--batch", type=int, default=64, help="questions in a step, over all processes")
    parser.add_argument("--batch-by", choices=("all", "source", "lang"), default="all", help="what a batch has one of")
    parser.add_argument("--negatives", type=int, default=1, help="hard negatives of each question")
    parser.add_argument("--temperature", type=float, default=0.02)
    parser.add_argument("--group", type=int, default=16, help="texts of like length that are computed together")
    parser.add_argument("--chunk", type=int, default=0, help="gradient caching, so many texts at a time; 0: none")
    parser.add_argument("--schedule", choices=("linear", "constant"), default="linear", help="of the rate once it rose")
    parser.add_argument("--words-rate", type=float, help="of Chinese words' vectors; those of all else then stay")
    parser.add_argument("--freeze-body", type=int, default=0, help="first steps in which only vectors of words learn")
    parser.add_argument("--dropout", type=float, help="default: what the model's folder says")
    add_teaching(parser)
    add_encoding(parser)
    add_instructions(parser)
    add_running(parser, rate=2e-5)
    return parser.parse_args(words)


def train(arguments: argparse.Namespace, device: torch.device) -> int:
    if arguments.batch % processes.count():
        raise TrainingError(f"--batch {arguments.batch} cannot be shared evenly by {processes.count()} processes.")
    if arguments.schedule == "constant" and 0 < arguments.warm_up < 1:
        raise TrainingError("--schedule constant has no known end: give --warm-up as a number of steps, or 0.")
    arguments.out.mkdir(parents=True, exist_ok=True)

    # ---- data
    instructions = instructions_of(arguments)
    triplets = Triplets(arguments.triplets, instructions, arguments.batch_by, arguments.out)
    dev = Triplets([arguments.dev], instructions, scratch=arguments.out) if arguments.dev else None
    in_epoch = len(epoch_batches(triplets, arguments.batch, arguments.seed, epoch=0))
    if not in_epoch:
        raise TrainingError(
            f"The {len(triplets)} triplets make no batch of {arguments.batch} without two of one document: "
            "choose a smaller --batch."
        )
    steps = arguments.steps or max(1, round(arguments.epochs * in_epoch))

    # ---- model
    encoder = Encoder.open(arguments.model, arguments.pooling).to(device).train()
    encoder.bf16 = uses_bf16(arguments.bf16, device)
    set_dropout(encoder, arguments.dropout)
    check_limits(arguments, encoder)
    teacher = teacher_of(arguments, encoder)
    words = (confine(encoder), arguments.words_rate / arguments.rate) if arguments.words_rate else None
    optimiser = adamw(encoder, arguments.weight_decay, words)
    schedule = Schedule(arguments.rate, steps, arguments.warm_up, arguments.schedule == "constant")
    backward = cached_backward if arguments.chunk else plain_backward

    # ---- where to begin
    run = Run(arguments.out, settings_of(arguments, data=triplets.fingerprint(), steps=steps))
    position = run.begin(encoder, optimiser, arguments.resume)
    leader = processes.rank() == 0
    log = Log(arguments.out, after=position.step) if leader else None
    told = Progress(steps, "Training", done=position.step, quiet=not leader)
    if log and dev and position.step == 0:
        log.write(0, **scores_on(encoder, dev, arguments))

    # ---- loop
    losses: list[float] = []
    away: list[float] = []  # from the teacher
    with told:
        for rows, following in batches_from(triplets, position, steps, arguments):
            step = position.step
            seed_step(arguments.seed, step)
            freeze(encoder, step < arguments.freeze_body)
            ids, keys = read_batch(encoder, triplets, rows, position.epoch, arguments)

            def loss_of(vectors: torch.Tensor, count: int = len(rows), keys: torch.Tensor = keys) -> torch.Tensor:
                return joined_loss(vectors[:count], vectors[count:], keys, arguments.temperature)

            losses.append(backward(encoder, ids, arguments.chunk or arguments.group, loss_of))
            if teacher:
                away.append(teacher.backward(encoder, step, arguments.group))
            norm = descend(optimiser, schedule.rate(step), arguments.clip)
            position = following
            told.step(loss=losses[-1])
            if log and (position.step % arguments.log_every == 0 or position.step == steps):
                means = {name: sum(own) / len(own) for name, own in (("loss", losses), ("away", away)) if own}
                log.write(position.step, **means, rate=schedule.rate(step), norm=norm)
                losses.clear()
                away.clear()
            if log and dev and (position.step % arguments.evaluate_every == 0 or position.step == steps):
                log.write(position.step, **scores_on(encoder, dev, arguments))
            if position.step % arguments.save_every == 0 or position.step == steps:
                run.save(encoder, optimiser, position)

    # ---- save
    if leader:
        source = model_folder(arguments.model)
        limit = max_tokens_of(source) or arguments.max_tokens_passage
        card = Card(encoder.pooling, limit, {"query_zh": instructions.zh, "query_en": instructions.en})
        save_folder(arguments.out / "model", encoder.model, encoder.tokenizer, card, source)
        print(f"{arguments.out / 'model'}: {steps} steps of {arguments.batch} questions, pooling {encoder.pooling}")
    processes.wait_for_all()
    return 0


# ---- the steps, in the order in which train takes them


def freeze(encoder: Encoder, frozen: bool) -> None:
    """All but the vectors of words."""
    words = encoder.model.get_input_embeddings().weight
    for parameter in encoder.parameters():
        parameter.requires_grad_(parameter is words or not frozen)


def batches_from(
    triplets: Triplets, position: Position, steps: int, arguments: argparse.Namespace
) -> Iterator[tuple[Rows, Position]]:
    """This process's rows of each batch from `position` on, and the position after it."""
    own = arguments.batch // processes.count()
    first = processes.rank() * own
    while position.step < steps:
        batches = epoch_batches(triplets, arguments.batch, arguments.seed, position.epoch)  # (batches, batch)
        for rows in batches[position.batch :]:
            if position.step == steps:
                return
            position = replace(position, step=position.step + 1, batch=position.batch + 1)
            yield rows[first : first + own], position
        position = replace(position, epoch=position.epoch + 1, batch=0)


def read_batch(
    encoder: Encoder, triplets: Triplets, rows: Rows, epoch: int, arguments: argparse.Namespace
) -> tuple[list[list[int]], torch.Tensor]:
    """Token ids of the questions, of their passages in the same order, then of all negatives; keys of the passages."""
    drawn: list[Triplet] = [triplets.draw(int(row), epoch, arguments.negatives, arguments.seed) for row in rows]
    passages = [each.positive for each in drawn] + [text for each in drawn for text in each.negatives]
    questions = encoder.tokenise([each.query for each in drawn], arguments.max_tokens_query)
    ids = questions + encoder.tokenise(passages, arguments.max_tokens_passage)
    return ids, torch.tensor([text_key(text) for text in passages], device=encoder.device)


def scores_on(encoder: Encoder, dev: Triplets, arguments: argparse.Namespace) -> dict[str, float]:
    limits = arguments.max_tokens_query, arguments.max_tokens_passage
    return {f"dev_{name}": value for name, value in dev_scores(encoder, dev, arguments.dev_rows, *limits).items()}


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)

    def joined() -> int:
        with processes.joined_processes(arguments.device) as device:
            return train(arguments, device)

    return ended_by(joined)


if __name__ == "__main__":
    sys.exit(main())
