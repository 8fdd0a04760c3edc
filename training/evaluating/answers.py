"""How well a language model answers from passages, as the product runs it: converted, with the product's prompt.

    python -m training.evaluating.answers --model CONVERTED_FOLDER --chats chats.dev.jsonl --out RUN/after.json

A sample that cites nothing cannot be answered from its passages and should be declined. The likeliest token is taken,
always. Marks are the model's own: the product would check each sentence against the passages as well.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from engine.answers.marks import Mark, MarkReader, Text
from engine.errors import UsageError
from engine.models.generator import Generator, Runtime, Sampling
from engine.models.manifest import Manifest
from engine.models.prompts import Prompt, PromptWriter, is_declined
from engine.scores import Answered, answer_scores
from engine.types import Stop
from training.errors import ended_by
from training.evaluating import chat_sets
from training.evaluating.chat_sets import Asked, ChatSet
from training.evaluating.results import Result, SetResult, check_names, engine_errors_said, positive, printed
from training.progress import Progress

PROMPT_TOKENS = 1200  # what the product gives a prompt on a processor


@dataclass(frozen=True, slots=True)
class Given:
    """What the model said to it."""

    text: str  # as it wrote it
    answered: Answered
    note: str  # "" or what was out of the ordinary: a key of the result's facts


# ---- arguments


def parse_arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=Path, help="a folder that `inkstone models import` made")
    parser.add_argument("--chats", required=True, nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.json")
    parser.add_argument("--predictions", type=Path, metavar="FILE.jsonl", help="what was said to each question")
    parser.add_argument("--limit", type=positive, metavar="N", help="draw N samples of each file")
    parser.add_argument("--seed", type=int, default=0, help="by which they are drawn")
    parser.add_argument("--prompt-tokens", type=positive, default=PROMPT_TOKENS, metavar="N")
    parser.add_argument("--max-new-tokens", type=positive, default=256, metavar="N")
    parser.add_argument("--device", default="", help="cpu or cuda (default: a graphics card if one works)")
    parser.add_argument("--compute-type", default="", help="default: the fastest for the device and the model")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(words)
    return ended_by(lambda: run(arguments))


def run(arguments: argparse.Namespace) -> int:
    # ---- data, all of it before the first long step
    sets = [chat_sets.load(path, arguments.limit, arguments.seed) for path in arguments.chats]
    check_names([each.name for each in sets])

    with ExitStack() as stack:
        # ---- model
        threads = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
        with engine_errors_said():
            manifest = Manifest.load(arguments.model)
            manifest.verify(arguments.model)
            runtime = Runtime(arguments.device, arguments.compute_type, threads, idle_s=0)
            generator = stack.enter_context(closing(Generator.open(arguments.model, runtime)))
        answerer = Answerer(generator, arguments.prompt_tokens, arguments.max_new_tokens)

        # ---- ask and score
        predictions = opened(arguments.predictions, stack)
        results = {each.name: measured(answerer, each, predictions, arguments) for each in sets}

    # ---- print and save
    conditions = {"prompt_tokens": answerer.budget, "max_new_tokens": arguments.max_new_tokens}
    settings = {"precision": manifest.precision, "prompt_version": manifest.prompt_version}
    result = Result("answers", manifest.id, settings, conditions, results)
    print(printed(result))  # first: a full disk must not cost them
    result.save(arguments.out)
    return 0


# ---- the steps


class Answerer:
    """Puts samples to a generator as the product puts questions."""

    def __init__(self, generator: Generator, prompt_tokens: int, max_new_tokens: int) -> None:
        self.budget = generator.prompt_budget(prompt_tokens, max_new_tokens)
        self._generator = generator
        self._prompts = PromptWriter(generator.tokens)
        self._sampling = Sampling(max_new_tokens=max_new_tokens)

    def give(self, asked: Asked) -> Given:
        """Raises TrainingError when the model cannot work."""
        sample = asked.sample
        try:
            prompt = self._prompts.build(sample.language, sample.sources, sample.history, sample.question, self.budget)
        except UsageError:
            return Given("", answered(asked, "", ()), "too_long")
        text, stop = self._written(prompt)
        cited_is_told = {number - 1 for number in sample.cited} <= {*prompt.kept}
        note = "passage_left_out" if not cited_is_told else "cut_off" if stop is Stop.LENGTH else ""
        return Given(text, answered(asked, text, prompt.kept), note)

    def _written(self, prompt: Prompt) -> tuple[str, Stop]:
        text, stop = "", Stop.COMPLETE
        with engine_errors_said():
            for event in self._generator.stream(prompt, self._sampling):
                if isinstance(event, Stop):  # before str, which it is too
                    stop = event
                elif isinstance(event, str):
                    text += event
        return text, stop


def answered(asked: Asked, text: str, kept: Sequence[int]) -> Answered:
    """What was said, and which passages its marks point to, by the numbers that the sample gives them."""
    said, numbers = read_marks(text)
    cited: set[Hashable] = {kept[number - 1] + 1 if number <= len(kept) else ("none", number) for number in numbers}
    return Answered(said, asked.accepted, is_declined(said), frozenset(cited), frozenset(asked.sample.cited))


def read_marks(text: str) -> tuple[str, set[int]]:
    """The text without its marks, and their numbers."""
    reader = MarkReader()
    tokens = [*reader.feed(text), *reader.rest()]
    numbers = {number for token in tokens if isinstance(token, Mark) for number in token.numbers}
    return "".join(token.text for token in tokens if isinstance(token, Text)).strip(), numbers


def measured(
    answerer: Answerer, chosen: ChatSet, predictions: TextIO | None, arguments: argparse.Namespace
) -> SetResult:
    began = time.monotonic()
    answers: list[Answered] = []
    notes: Counter[str] = Counter()
    with Progress(len(chosen.asked), chosen.name) as progress:
        for each in chosen.asked:
            given = answerer.give(each)
            answers.append(given.answered)
            notes.update([given.note] if given.note else [])
            if predictions:
                print(json.dumps(row_of(each, given), ensure_ascii=False), file=predictions, flush=True)
            progress.step()
    facts = {"questions": len(answers), **dict(sorted(notes.items())), "seconds": round(time.monotonic() - began, 1)}
    return SetResult(chosen.fingerprint, arguments.limit, arguments.seed, answer_scores(answers), facts)


def row_of(asked: Asked, given: Given) -> dict[str, Any]:
    return {
        "id": asked.id,
        "question": asked.sample.question,
        "text": given.text,
        "declined": given.answered.declined,
        "cited": sorted(number for number in given.answered.cited if isinstance(number, int)),
        "answers": list(asked.accepted),
        "supporting": list(asked.sample.cited),
        "note": given.note,
    }


# ---- writing


def opened(path: Path | None, stack: ExitStack) -> TextIO | None:
    if path is None:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    return stack.enter_context(path.open("w", encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
