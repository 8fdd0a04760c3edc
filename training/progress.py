"""How far a long step is, and how long it will still take: a bar on stderr, and JSON lines in the run's folder."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tqdm import tqdm

_FROM_TIME_TO_TIME_S = 30.0  # where nobody watches a terminal


class Progress:
    """A bar from `done` to `total` with an estimate of the time left; `total` None where the end is not known.

    with Progress(len(rows), "Mining") as progress:
        for row in rows:
            progress.step(loss=0.25)
    """

    def __init__(self, total: int | None, what: str, done: int = 0, quiet: bool = False) -> None:
        watched = sys.stderr.isatty()
        self._bar = tqdm(
            total=total,
            desc=what,
            initial=done,
            file=sys.stderr,
            disable=quiet,
            dynamic_ncols=watched,
            mininterval=0.2 if watched else _FROM_TIME_TO_TIME_S,
            miniters=None if watched else 1,
        )

    def step(self, count: int = 1, **figures: float) -> None:
        """`count` more are done; the latest `figures` stand behind the bar."""
        if figures:
            self._bar.set_postfix({name: f"{value:.4g}" for name, value in figures.items()}, refresh=False)
        self._bar.update(count)

    def say(self, line: str) -> None:
        """A line above the bar."""
        self._bar.write(line, file=sys.stderr)

    def close(self) -> None:
        self._bar.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Log:
    """`log.jsonl` in the run's folder: one object for each time something was worth a line.

    A run that goes on from step `after` drops the lines of later steps, which it will write again; None keeps all.
    """

    def __init__(self, folder: Path, after: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "log.jsonl"
        self._began = time.monotonic()
        if after is not None and self._path.exists():
            self._keep(after)

    def write(self, step: int, **figures: float | str) -> None:
        """Appends {"step", …figures, "seconds"}: seconds since this process opened the log."""
        line = {"step": step, **figures, "seconds": round(time.monotonic() - self._began, 2)}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _keep(self, after: int) -> None:
        kept = [line for line in self._path.read_text("utf-8").splitlines() if _step_of(line) <= after]
        temporary = self._path.with_suffix(".new")
        temporary.write_text("".join(f"{line}\n" for line in kept), "utf-8")
        temporary.replace(self._path)


def _step_of(line: str) -> float:
    """Infinite for a line that was cut off when the run was killed."""
    try:
        return float(json.loads(line)["step"])
    except (ValueError, LookupError, TypeError):
        return float("inf")
