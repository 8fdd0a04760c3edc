"""Pretrains the generator from nothing: the next token, in windows of text, in ChatGLM3's own architecture.

    python -m training.generator.pretrain --tokens runs/chat_small/tokens --shape full --epochs 7 \\
        --minutes 9 --resume --out runs/chat_small/base
    torchrun --nproc-per-node 8 -m training.generator.pretrain …        # the same batches

The run's folder gets log.jsonl, checkpoint/ and, after the last step, model/: a ChatGLM3 in the hub's layout, which
training.chatglm.train teaches and `inkstone models import` converts. With --minutes it saves and stops when they are
over; started again with --resume it goes on to the same numbers as a run that was never stopped.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import GlmForCausalLM

from engine.models.chatglm import END_OF_TEXT, SPECIALS, TOKENIZER, Shape
from training import processes
from training.chatglm.layout import glm_config, save_chatglm
from training.embedding.options import add_running, uses_bf16
from training.embedding.stepping import Position, Run, descend
from training.errors import TrainingError, ended_by
from training.generator.shapes import SHAPES, operations, sized
from training.generator.tokens import REPORT
from training.generator.windows import Windows
from training.progress import Log, Progress
from training.saving import replace_folder

_LOWEST = 0.1  # of the peak rate, at the end

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", required=True, type=Path, help="the folder of token files")
    parser.add_argument("--shape", choices=SHAPES, default="full")
    parser.add_argument("--window", type=int, default=2048, help="tokens that see each other")
    parser.add_argument("--batch", type=int, default=128, help="windows of a step, of all processes together")
    parser.add_argument("--micro", type=int, default=32, help="windows computed at once by a process")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--steps", type=int, default=0, help="instead of --epochs")
    parser.add_argument("--dev-windows", type=int, default=64, help="whose loss is told now and then")
    parser.add_argument("--evaluate-every", type=int, default=100, help="steps")
    parser.add_argument("--minutes", type=float, default=0.0, help="save and stop after so many; 0: at the end")
    parser.add_argument("--compile", action="store_true", help="torch.compile: quicker on a GPU, after a minute")
    add_running(parser, rate=1e-3)
    parser.set_defaults(warm_up=0.02, weight_decay=0.1)
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)

    def joined() -> int:
        with processes.joined_processes(arguments.device) as device:
            return train(arguments, device)

    return ended_by(joined)


def train(arguments: argparse.Namespace, device: torch.device) -> int:
    began = time.monotonic()
    check(arguments)
    leader = processes.rank() == 0

    # ---- data
    report = read_report(arguments.tokens)
    windows = Windows(arguments.tokens / "train.bin", arguments.window)
    dev = Windows(arguments.tokens / "dev.bin", arguments.window)
    steps = arguments.steps or max(1, round(arguments.epochs * (len(windows) // arguments.batch)))

    # ---- model
    torch.manual_seed(arguments.seed)
    torch.set_float32_matmul_precision("high")
    shape = sized(arguments.shape, report["rows"] - len(SPECIALS))
    learner = Learner(new_model(shape)).to(device).train()
    optimiser = new_optimiser(learner, arguments.weight_decay, device)
    bf16 = uses_bf16(arguments.bf16, device)
    computed = torch.compile(learner) if arguments.compile else learner
    if leader:
        print(described(learner, shape, windows, steps, arguments))

    # ---- where to begin
    run = Run(arguments.out, settings_of(arguments, shape, report, steps))
    done = run.begin(learner.model, optimiser, arguments.resume).step
    log = Log(arguments.out, after=done) if leader else None
    since, seen, in_step = time.monotonic(), 0, arguments.batch * arguments.window  # tokens

    # ---- loop
    def losses(rows: npt.NDArray[np.int64]) -> Iterator[Tensor]:
        """The summed loss of each part of this process's windows."""
        own = rows[processes.rank() :: processes.count()]
        for first in range(0, len(own), arguments.micro):
            part = torch.from_numpy(own[first : first + arguments.micro]).to(device, non_blocking=True)
            with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
                loss = computed(part)
            yield loss

    with Progress(steps, "Pretraining", done, quiet=not leader) as told:
        for step in range(done, steps):
            rows = windows.step(step, arguments.batch, arguments.seed)
            total = torch.zeros((), device=device)
            for loss in losses(rows):
                (loss / in_step).backward()
                total += loss.detach()
            now = rate(step, steps, arguments.rate, arguments.warm_up)
            norm = descend(optimiser, now, arguments.clip)
            mean = processes.total(total).item() / in_step
            done, seen = step + 1, seen + in_step
            told.step(loss=mean, rate=now)
            speed = round(seen / (time.monotonic() - since))
            if log and (done % arguments.log_every == 0 or done == steps):
                log.write(done, loss=mean, rate=now, norm=norm, tokens=done * in_step, tokens_per_s=speed)
            if done % arguments.evaluate_every == 0 or done == steps:
                dev_loss = mean_loss(losses, learner, dev, arguments)
                if log:
                    log.write(done, dev_loss=dev_loss)
                    told.say(f"step {done}: dev loss {dev_loss:.4f}, {speed} tokens/s")
            stops = processes.over(began, arguments.minutes, device)
            if done % arguments.save_every == 0 or done == steps or stops:
                run.save(learner.model, optimiser, Position(done))
            if stops and done < steps:
                break

    # ---- save
    if leader and done == steps:
        save(learner.model, arguments)
        print(f"{arguments.out / 'model'}: {steps} steps of {arguments.batch} windows")
    elif leader:
        print(f"Stopped after {done} of {steps} steps: run the same command again, with --resume.")
    processes.wait_for_all()
    return 0


# ---- the steps, in the order in which train takes them


def check(arguments: argparse.Namespace) -> None:
    for name in ("window", "batch", "micro", "dev_windows", "evaluate_every", "save_every", "log_every"):
        if getattr(arguments, name) < 1:
            raise TrainingError(f"--{name.replace('_', '-')} should be 1 or more.")
    if arguments.steps < 0 or arguments.epochs <= 0 or arguments.minutes < 0:
        raise TrainingError("--steps, --epochs and --minutes are not negative.")
    longest = SHAPES[arguments.shape].max_tokens
    if arguments.window > longest:
        raise TrainingError(f"--window must not exceed the model's {longest}.")
    if arguments.batch % processes.count():
        raise TrainingError(f"--batch {arguments.batch} cannot be shared evenly by {processes.count()} processes.")


def read_report(folder: Path) -> dict[str, Any]:
    try:
        report: dict[str, Any] = json.loads((folder / REPORT).read_text("utf-8"))
    except FileNotFoundError as error:
        raise TrainingError(f"There is no {folder / REPORT}: training.generator.tokens writes it.") from error
    return report


class Learner(nn.Module):
    """The model, and the loss that it is taught by."""

    def __init__(self, model: GlmForCausalLM) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor) -> Tensor:
        """Cross entropy of each token after the first of its row, added up. `ids`: (rows, window + 1)."""
        hidden = self.model.model(input_ids=ids[:, :-1], use_cache=False).last_hidden_state  # (rows, window, hidden)
        logits = self.model.lm_head(hidden).flatten(0, 1)  # (rows * window, vocabulary)
        return nn.functional.cross_entropy(logits.float(), ids[:, 1:].flatten(), reduction="sum")


def new_model(shape: Shape) -> GlmForCausalLM:
    """Drawn at random; what is added to the stream of each layer is smaller the more layers there are (GPT-2)."""
    model = GlmForCausalLM(glm_config(shape, END_OF_TEXT))
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                value *= (2 * shape.layers) ** -0.5
    return model


def new_optimiser(learner: Learner, decay: float, device: torch.device) -> torch.optim.Optimizer:
    """Matrices decay, vectors do not; a short memory of the gradients' sizes, as language models are wont to have."""
    matrices = [each for each in learner.parameters() if each.ndim > 1]
    vectors = [each for each in learner.parameters() if each.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.95), fused=device.type == "cuda")


def described(learner: Learner, shape: Shape, windows: Windows, steps: int, arguments: argparse.Namespace) -> str:
    count = sum(each.numel() for each in learner.parameters())
    tokens = steps * arguments.batch * arguments.window
    spent = tokens * operations(shape, arguments.window)
    return (
        f"{count:,} parameters, {windows.tokens:,} tokens; {steps} steps of {arguments.batch} × {arguments.window}: "
        f"{tokens:,} tokens, {tokens / windows.tokens:.2f} times the text, {spent:.1e} operations"
    )


def settings_of(arguments: argparse.Namespace, shape: Shape, report: dict[str, Any], steps: int) -> dict[str, object]:
    """What a run and its continuation must have in common; when it stops, and what it tells, changes nothing."""
    names = "shape window batch rate warm_up weight_decay clip seed"
    chosen = {f"--{name.replace('_', '-')}": getattr(arguments, name) for name in names.split()}
    data = {"vocabulary": report["vocabulary"], "tokens": report["tokens"]["train"], "rows": shape.vocabulary}
    return chosen | data | {"steps": steps}


def rate(step: int, steps: int, peak: float, warm_up: float) -> float:
    """Of a step counted from 0: up in a straight line for `warm_up` of the steps, then a cosine down to a tenth."""
    rising = max(1, round(warm_up * steps if warm_up < 1 else warm_up))
    if step < rising:
        return peak * (step + 1) / rising
    part = (step - rising) / max(1, steps - rising)
    return peak * (_LOWEST + (1 - _LOWEST) * 0.5 * (1 + math.cos(math.pi * part)))


@torch.no_grad()
def mean_loss(losses: Any, learner: Learner, dev: Windows, arguments: argparse.Namespace) -> float:
    """Of windows spread over all of dev's tokens, which stand there text after text; always the same ones."""
    count = min(arguments.dev_windows, len(dev)) // processes.count() * processes.count()
    if not count:
        raise TrainingError("There are fewer dev windows than processes.")
    learner.eval()
    chosen = np.linspace(0, len(dev) - 1, count).astype(np.int64)
    total = torch.stack([*losses(dev.read(chosen))]).sum()
    learner.train()
    return processes.total(total).item() / (count * arguments.window)


def save(model: GlmForCausalLM, arguments: argparse.Namespace) -> None:
    """Replaces the run's model/, when the new one is whole."""
    temporary = arguments.out / "model.new"
    shutil.rmtree(temporary, ignore_errors=True)
    save_chatglm(model, arguments.tokens / TOKENIZER, temporary, model.config.max_position_embeddings)
    replace_folder(temporary, arguments.out / "model")


if __name__ == "__main__":
    sys.exit(main())
