"""Chat samples with what is right for each: questions to a language model, with the passages it is told.

A line is {"id", "lang", "question", "passages": [{"title", "text"}, …], "answers": [short wordings], "cited": [1, …],
"answer"}; where `cited` is empty no passage answers, and `answers` is empty too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from training.chatglm.samples import Sample, parsed
from training.evaluating.results import fingerprint
from training.lines import Lines


@dataclass(frozen=True, slots=True)
class Asked:
    """A sample, and what is right for it."""

    id: str
    sample: Sample
    accepted: tuple[str, ...]  # empty exactly where no passage answers


@dataclass(frozen=True, slots=True)
class ChatSet:
    name: str
    asked: tuple[Asked, ...]

    @property
    def fingerprint(self) -> str:
        return fingerprint(text for each in self.asked for text in _texts(each))


def load(path: Path, limit: int | None = None, seed: int = 0) -> ChatSet:
    """`limit` draws that many samples by the seed and keeps their order.

    Raises TrainingError: no such file, an empty one, a broken line.
    """
    name = path.name.removesuffix(".zst").removesuffix(".jsonl")
    with Lines([path]) as lines:
        rows = range(len(lines))
        drawn = sorted(Random(seed).sample(rows, limit)) if limit is not None and limit < len(lines) else rows
        return ChatSet(name, tuple(_asked(lines, row) for row in drawn))


def _asked(lines: Lines, row: int) -> Asked:
    line = lines[row]
    try:
        sample, accepted = parsed(line), line.get("answers")
        if not isinstance(accepted, list) or not all(isinstance(each, str) for each in accepted):
            raise ValueError("it has no list of texts as 'answers'")
        if bool(accepted) != bool(sample.cited):
            raise ValueError("'answers' and 'cited' must both be empty, or neither")
    except ValueError as error:
        raise lines.broken(row, str(error)) from error
    return Asked(str(line.get("id", row)), sample, tuple(accepted))


def _texts(asked: Asked) -> Iterator[str]:
    sample = asked.sample
    yield sample.question
    yield from ("".join(source.sentences) for source in sample.sources)
    yield from asked.accepted
    yield repr(sorted(sample.cited))
