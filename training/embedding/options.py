"""The options that the commands of this room share."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from engine.models.instructions import BGE_QUERY_PREFIX
from training.embedding.encoder import Encoder
from training.embedding.teaching import Share, Shown, Teacher, share
from training.embedding.triplets import Instructions
from training.errors import TrainingError


def add_encoding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", required=True, help="a sentence-transformers or BERT folder, or minilm")
    parser.add_argument("--pooling", choices=("cls", "mean"), help="default: what the folder says, else cls")
    parser.add_argument("--max-tokens-query", type=int, default=64)
    parser.add_argument("--max-tokens-passage", type=int, default=256)


def add_instructions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query-prefix-zh", default=BGE_QUERY_PREFIX["zh"], help="before a Chinese question")
    parser.add_argument("--query-prefix-en", default=BGE_QUERY_PREFIX["en"], help="before any other question")


def add_teaching(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--teacher", help="a folder or minilm: the vectors that the texts of --teach are to have")
    parser.add_argument("--teach", type=share, nargs="+", default=[], metavar="FILE=ROWS", help="rows of a step")
    parser.add_argument("--teach-weight", type=float, default=5.0, help="of 1 - cosine beside the other loss")


def teacher_of(arguments: argparse.Namespace, student: Encoder) -> Teacher | None:
    """Raises TrainingError when one of --teacher and --teach was given alone."""
    if not arguments.teacher and not arguments.teach:
        return None
    if not arguments.teacher or not arguments.teach:
        raise TrainingError("--teacher and --teach belong together.")
    encoder = Encoder.open(arguments.teacher).to(student.device)
    encoder.bf16 = student.bf16
    shown = Shown(arguments.teach, arguments.seed, arguments.out)
    return Teacher(encoder, student, shown, arguments.teach_weight, arguments.max_tokens_passage)


def instructions_of(arguments: argparse.Namespace) -> Instructions:
    return Instructions(arguments.query_prefix_zh, arguments.query_prefix_en)


def add_running(parser: argparse.ArgumentParser, rate: float) -> None:
    parser.add_argument("--out", required=True, type=Path, help="the run's folder")
    parser.add_argument("--rate", type=float, default=rate, help="of learning, at its peak")
    parser.add_argument("--warm-up", type=float, default=0.1, help="steps in which the rate rises; below 1 their share")
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--clip", type=float, default=1.0, help="largest norm of the gradient")
    parser.add_argument("--bf16", choices=("auto", "on", "off"), default="auto", help="auto: on a GPU that has it")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save-every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--log-every", type=int, default=10, help="steps between lines of log.jsonl")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out, if there is one")


def uses_bf16(choice: str, device: torch.device) -> bool:
    if choice == "auto":
        return device.type == "cuda" and torch.cuda.is_bf16_supported()
    return choice == "on"


def settings_of(arguments: argparse.Namespace, **more: object) -> dict[str, object]:
    """What a run and its continuation must have in common: every option but those that change no weight."""
    free = {"out", "resume", "save_every", "log_every", "device", "dev", "dev_rows", "evaluate_every"}
    if getattr(arguments, "schedule", "linear") == "constant":
        free |= {"steps", "epochs"}  # it may go on for more of them
        more.pop("steps", None)
    given = {name: value for name, value in vars(arguments).items() if name not in free}
    return {name: _plain(value) for name, value in given.items()} | more


def check_limits(arguments: argparse.Namespace, encoder: Encoder) -> None:
    """Raises TrainingError for a limit that the model does not have, or that the instruction alone fills."""
    for name in ("max_tokens_query", "max_tokens_passage"):
        if not 3 <= getattr(arguments, name) <= encoder.positions:
            raise TrainingError(f"--{name.replace('_', '-')} must lie between 3 and the model's {encoder.positions}.")

    for instruction in (arguments.query_prefix_zh, arguments.query_prefix_en):
        tokens = len(encoder.tokenise([instruction], encoder.positions)[0])
        if tokens >= arguments.max_tokens_query:
            raise TrainingError(
                f"--max-tokens-query {arguments.max_tokens_query} leaves no room after an instruction of {tokens}."
            )


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Share):
        return f"{value.path}={value.rows}"
    return str(value) if isinstance(value, Path) else value
