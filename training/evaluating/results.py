"""The file in which an evaluation leaves its figures, so that two of them can be put side by side.

{"kind": "retrieval", "model": "minilm", "settings": {…}, "sets": {"name": {"fingerprint", "limit", "seed",
 "scores": {"recall@10": {"value": 0.9, "n": 3000}, …}, "facts": {…}}, …}}
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.scores import Mean
from engine.texts import say_error
from training.errors import TrainingError


@dataclass(frozen=True, slots=True)
class SetResult:
    """What one set gave. Two results are of the same questions when all but the scores and the facts is equal."""

    fingerprint: str  # of what was asked, and of what it was asked about
    limit: int | None  # so many questions were drawn, None for all of them
    seed: int  # by which they were drawn
    scores: dict[str, Mean]
    facts: dict[str, float] = field(default_factory=dict)  # counts, seconds: not compared


@dataclass(frozen=True, slots=True)
class Result:
    kind: str  # "retrieval" or "answers"
    model: str  # its name, for people
    settings: dict[str, Any]  # how it is used: belongs to it as its weights do
    conditions: dict[str, Any]  # what else the figures depend on: equal in what is compared
    sets: dict[str, SetResult]

    def save(self, path: Path) -> None:
        """Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_plain(self), indent=2, ensure_ascii=False) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Result:
        """Raises TrainingError when the file is missing or is no result."""
        try:
            row = json.loads(path.read_text("utf-8"))
            sets = {name: _set_result(each) for name, each in row["sets"].items()}
            return cls(row["kind"], row["model"], row["settings"], row["conditions"], sets)
        except FileNotFoundError as error:
            raise TrainingError(f"There is no {path}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise TrainingError(f"{path} is no file of an evaluation's figures: {error!r}.") from error


def fingerprint(texts: Iterable[str]) -> str:
    """12 hex digits that tell one sequence of texts from another."""
    hashed = hashlib.sha256()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.hexdigest()[:12]


@contextmanager
def engine_errors_said() -> Iterator[None]:
    """What the engine cannot do is a TrainingError with the engine's own sentence."""
    try:
        yield
    except EngineError as error:
        raise TrainingError(say_error(error, "en"), error.exit_code) from error


def printed(result: Result) -> str:
    """The figures as lines for people."""
    lines = []
    for name, each in result.sets.items():
        lines.append(f"{name}: {result.model}, " + ", ".join(f"{key} {fact:g}" for key, fact in each.facts.items()))
        lines += [f"  {score:18} {mean.value:.4f}  ({mean.count})" for score, mean in each.scores.items()]
    return "\n".join(lines)


def check_names(names: Sequence[str]) -> None:
    """Raises TrainingError when two sets have one name: one would hide the other's figures."""
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise TrainingError(f"Two of the sets are named {twice[0]}: evaluate them one at a time.")


def positive(text: str) -> int:
    """A number of an option. Raises ValueError for one below 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _plain(result: Result) -> dict[str, Any]:
    row = asdict(result)
    for each in row["sets"].values():
        each["scores"] = {name: {"value": mean["value"], "n": mean["count"]} for name, mean in each["scores"].items()}
    return row


def _set_result(row: Mapping[str, Any]) -> SetResult:
    scores = {name: Mean(float(mean["value"]), int(mean["n"])) for name, mean in row["scores"].items()}
    return SetResult(row["fingerprint"], row["limit"], row["seed"], scores, row["facts"])
