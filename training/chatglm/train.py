"""Fine-tunes a ChatGLM3 to answer from numbered passages, to cite them, and to decline: QLoRA and its relatives.

    python -m training.chatglm.train --base chatglm3-6b --chats chats.train.jsonl --out runs/qlora
    torchrun --nproc-per-node 4 -m training.chatglm.train …        # the same numbers, four times as fast

`--base` is a ChatGLM3 folder in the hub's layout or transformers'; samples are written as the product's prompts. The
run's folder gets log.jsonl, checkpoint/ (for --resume) and adapter/, which training.chatglm.merge takes; with
`--method full` model/, which `inkstone models import` takes. --minutes 9 saves and stops after so many.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import bitsandbytes as bnb
import torch
from peft import PeftModel
from transformers import GlmForCausalLM

from engine.models.chatglm import TOKENIZER
from engine.models.prompts import PROMPT_VERSION
from training import checkpoints
from training.chatglm.base import Base
from training.chatglm.layout import save_chatglm
from training.chatglm.learning import mean_gradients, mean_loss, rate
from training.chatglm.loading import load
from training.chatglm.methods import FACTS, METHODS, Method, Sizes, adapted
from training.chatglm.packing import Batch, Plan, Row, batch
from training.chatglm.samples import Samples, SampleWriter
from training.errors import TrainingError, ended_by
from training.processes import count, joined_processes, over, rank, wait_for_all
from training.progress import Log, Progress
from training.saving import replace_folder, save_pretrained

# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="a ChatGLM3 folder, of either layout")
    parser.add_argument("--chats", type=Path, nargs="+", required=True, help="samples to learn, .jsonl or .jsonl.zst")
    parser.add_argument("--dev", type=Path, nargs="+", help="samples whose loss is told whenever a checkpoint is saved")
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--resume", action="store_true", help="go on from the run's checkpoint")
    parser.add_argument("--minutes", type=float, default=0.0, help="save and stop after so many; 0: at the end")
    parser.add_argument("--method", choices=METHODS, default="qlora")
    parser.add_argument("--rank", type=int, default=16, help="of LoRA's matrices")
    parser.add_argument("--alpha", type=float, default=32.0, help="LoRA's change is multiplied by alpha / rank")
    parser.add_argument("--dropout", type=float, default=0.05, help="of LoRA's input")
    parser.add_argument("--virtual-tokens", type=int, default=32, help="of prompt, prefix and P-tuning v2")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--steps", type=int, default=0, help="instead of --epochs")
    parser.add_argument("--batch", type=int, default=16, help="rows of a step, of all processes together")
    parser.add_argument("--micro", type=int, default=1, help="rows computed at once by a process")
    parser.add_argument("--max-tokens", type=int, default=2048, help="of a row, and so of a sample")
    parser.add_argument("--pack", action=argparse.BooleanOptionalAction, default=True, help="several samples in a row")
    parser.add_argument("--rate", type=float, default=2e-4, help="the highest learning rate")
    parser.add_argument("--warm-up", type=float, default=0.03, help="share of the steps in which the rate rises")
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--clip", type=float, default=1.0, help="largest length of the gradient")
    parser.add_argument("--optimizer", choices=("adamw", "paged-adamw-8bit"), default="adamw")
    parser.add_argument("--gradient-checkpointing", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--dtype", choices=("auto", "float32", "bfloat16"), default="auto", help="of what is computed")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=int, default=200, help="steps")
    parser.add_argument("--log-every", type=int, default=10, help="steps")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: train(arguments))


def train(arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    method = METHODS[arguments.method]
    check(arguments)
    with joined_processes(arguments.device) as device, ExitStack() as files:
        quiet = rank() > 0

        # ---- data
        base = Base(arguments.base)
        writer = SampleWriter(base)
        most = min(arguments.max_tokens, base.shape.max_tokens)
        samples = files.enter_context(Samples(arguments.chats, writer, most, quiet))
        dev = files.enter_context(Samples(arguments.dev, writer, most, quiet)) if arguments.dev else None
        plan = Plan(samples.lengths, most, arguments.seed, pack=arguments.pack and method.packs)
        steps = arguments.steps or plan.steps(arguments.epochs, arguments.batch)
        if not quiet:
            print(described(samples, plan, steps, arguments))

        # ---- model
        torch.manual_seed(arguments.seed)  # what is learnt begins with random numbers, the same in every process
        computing = dtype(arguments.dtype, device)
        stored = computing if method.config else torch.float32  # what is learnt moves by less than bfloat16 can hold
        model = adapted(
            load(base, stored, device, quantise=method.quantised, quiet=quiet),
            arguments.method,
            Sizes(arguments.rank, arguments.alpha, arguments.dropout, arguments.virtual_tokens),
        )
        if arguments.gradient_checkpointing and method.checkpoints:
            model.gradient_checkpointing_enable({"use_reentrant": False})
        learnt = {name: value for name, value in model.named_parameters() if value.requires_grad}
        optimizer = new_optimizer(arguments, [*learnt.values()], device)
        shown = arguments.virtual_tokens if arguments.method == "prompt" else 0  # in the model's output

        # ---- where it was
        settings = settings_of(arguments, base, samples, steps)
        folder = arguments.out / "checkpoint"
        done = resumed(folder, settings, learnt, optimizer, device) if arguments.resume else 0
        log = Log(arguments.out)

        # ---- loop
        def batches(some: Samples, rows: Sequence[Row]) -> Iterator[Batch]:
            own = rows[rank() :: count()]
            for first in range(0, len(own), arguments.micro):
                chosen = own[first : first + arguments.micro]
                yield batch([[some[number] for number in row] for row in chosen]).to(device)

        def autocast() -> torch.autocast:
            """For one step: within it, what was cast is kept."""
            return torch.autocast(device.type, computing, enabled=computing != stored)

        model.train()
        latest: list[tuple[float, int]] = []  # loss and tokens of the steps since the last line of the log
        with Progress(steps, "Training", done, quiet) as progress:
            for step in range(done, steps):
                torch.manual_seed(arguments.seed + 1000003 * (step + 1) + rank())  # of dropout: no step needs the last
                now = rate(step, steps, arguments.rate, arguments.warm_up)
                for group in optimizer.param_groups:
                    group["lr"] = now
                rows = plan.step(step, arguments.batch)
                with autocast():
                    loss, tokens = mean_gradients(model, [*learnt.values()], batches(samples, rows), shown)
                length = torch.nn.utils.clip_grad_norm_(learnt.values(), arguments.clip).item()
                if not math.isfinite(loss) or not math.isfinite(length):
                    raise TrainingError(f"The loss is {loss} in step {step + 1}: try again with a lower --rate.")
                optimizer.step()
                latest.append((loss, tokens))
                progress.step(loss=loss, rate=now)
                if not quiet and ((step + 1) % arguments.log_every == 0 or step + 1 == steps):
                    log.write(step + 1, loss=mean(latest), rate=now, gradient=length, tokens=sum(n for _, n in latest))
                    latest.clear()
                done, stops = step + 1, over(began, arguments.minutes, device)
                if done % arguments.save_every == 0 or done == steps or stops:
                    if dev and (not stops or done == steps):
                        rows = Plan(dev.lengths, most, 0, pack=arguments.pack and method.packs).rows(0)
                        with autocast():
                            loss = mean_loss(model, batches(dev, rows), device, shown)
                        if not quiet:
                            log.write(step + 1, dev_loss=loss)
                            progress.say(f"step {step + 1}: dev loss {loss:.4f}")
                    if not quiet:
                        save(folder, settings, step + 1, learnt, optimizer)
                    wait_for_all()
                if stops and done < steps:
                    break

        # ---- save
        if not quiet and done < steps:
            print(f"Stopped after {done} of {steps} steps: run the same command again, with --resume.")
        elif not quiet and not method.config:
            save_whole(model, base, arguments.out / "model", facts(arguments, method, samples, steps))
            print(f"{arguments.out / 'model'}: {sum(value.numel() for value in learnt.values()):,} numbers learnt")
        elif not quiet:
            save_adapter(model, arguments.out / "adapter", facts(arguments, method, samples, steps))
            print(f"{arguments.out / 'adapter'}: {sum(value.numel() for value in learnt.values()):,} numbers learnt")
    return 0


# ---- the steps, in the order in which they are taken


def check(arguments: argparse.Namespace) -> None:
    if (arguments.out / "checkpoint" / checkpoints.FILE).exists() and not arguments.resume:
        raise TrainingError(f"{arguments.out} holds a run already: add --resume to go on, or choose another --out.")
    for name in ("rank", "virtual_tokens", "batch", "micro", "max_tokens", "save_every", "log_every"):
        if getattr(arguments, name) < 1:
            raise TrainingError(f"--{name.replace('_', '-')} should be 1 or more.")
    if arguments.steps < 0 or arguments.epochs < 1:
        raise TrainingError("--steps and --epochs should be 1 or more.")


def described(samples: Samples, plan: Plan, steps: int, arguments: argparse.Namespace) -> str:
    rows = plan.rows(0)
    filled = sum(samples.lengths) / (len(rows) * arguments.max_tokens)
    left_out = "".join(f"; {number} left out, no room for {why}" for why, number in samples.left_out.items())
    return (
        f"{len(samples)} samples in {len(rows)} rows, {filled:.0%} full{left_out}; {steps} steps of {arguments.batch}"
    )


def dtype(wanted: str, device: torch.device) -> torch.dtype:
    """bfloat16 on a GPU that has it, else float32."""
    if wanted != "auto":
        return torch.bfloat16 if wanted == "bfloat16" else torch.float32
    return torch.bfloat16 if device.type == "cuda" and torch.cuda.is_bf16_supported() else torch.float32


def new_optimizer(
    arguments: argparse.Namespace, parameters: list[torch.nn.Parameter], device: torch.device
) -> torch.optim.Optimizer:
    settings = {"lr": arguments.rate, "betas": (0.9, 0.95), "weight_decay": arguments.weight_decay}
    if arguments.optimizer == "adamw":
        return torch.optim.AdamW(parameters, **settings)
    if device.type != "cuda":
        raise TrainingError("--optimizer paged-adamw-8bit needs a GPU.")
    return bnb.optim.PagedAdamW8bit(parameters, **settings)


def settings_of(arguments: argparse.Namespace, base: Base, samples: Samples, steps: int) -> dict[str, object]:
    """What a run has to share with the one that it continues, or its numbers would be others."""
    names = (
        "method rank alpha dropout virtual_tokens batch max_tokens pack rate warm_up weight_decay clip optimizer seed"
    )
    chosen = {f"--{name.replace('_', '-')}": getattr(arguments, name) for name in names.split()}
    shape = {name: value for name, value in asdict(base.shape).items() if name not in ("layout", "prompt_version")}
    return chosen | {"steps": steps, "samples": samples.digest, "a base of": str(shape)}


def resumed(
    folder: Path,
    settings: dict[str, object],
    learnt: dict[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
    device: torch.device,
) -> int:
    """Steps that are done. Raises TrainingError when there is no checkpoint, or one of another run."""
    state = checkpoints.load(folder, settings, device)
    if state is None:
        return 0
    checkpoints.check_shapes(folder / checkpoints.FILE, state["learnt"], learnt)
    for name, value in learnt.items():
        value.data.copy_(state["learnt"][name])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def save(
    folder: Path,
    settings: dict[str, object],
    step: int,
    learnt: dict[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
) -> None:
    values = {name: value.detach() for name, value in learnt.items()}
    checkpoints.save(folder, {"step": step, "learnt": values, "optimizer": optimizer.state_dict()}, settings)


def mean(losses: Sequence[tuple[float, int]]) -> float:
    return sum(loss * tokens for loss, tokens in losses) / sum(tokens for _, tokens in losses)


def facts(arguments: argparse.Namespace, method: Method, samples: Samples, steps: int) -> dict[str, object]:
    return {
        "method": arguments.method,
        "merges": method.merges,
        "prompt_version": PROMPT_VERSION,
        "samples": len(samples),
        "steps": steps,
        "batch": arguments.batch,
        "rate": arguments.rate,
        "seed": arguments.seed,
    }


def save_whole(model: GlmForCausalLM, base: Base, folder: Path, facts: dict[str, object]) -> None:
    """Replaces `folder`, when the new one is whole: a ChatGLM3 in the hub's layout."""
    temporary = folder.with_name(folder.name + ".new")
    shutil.rmtree(temporary, ignore_errors=True)
    version = {"inkstone_prompt_version": PROMPT_VERSION}
    save_chatglm(model, base.folder / TOKENIZER, temporary, base.shape.max_tokens, **version)
    (temporary / FACTS).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    replace_folder(temporary, folder)


def save_adapter(model: PeftModel, folder: Path, facts: dict[str, object]) -> None:
    """Replaces `folder`, when the new one is whole."""
    temporary = folder.with_name(folder.name + ".new")
    shutil.rmtree(temporary, ignore_errors=True)
    save_pretrained(model, temporary, save_embedding_layers=False)
    (temporary / "README.md").unlink(missing_ok=True)  # a form to fill in, about another library
    (temporary / FACTS).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    replace_folder(temporary, folder)


if __name__ == "__main__":
    sys.exit(main())
