"""How setting up tells what it does: one line a step, and a command's output only when it fails."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class SetupFailed(Exception):
    """Setting up cannot go on; the message says what to do."""


def said(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)


def step(label: str, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Runs `command` in `folder` and says how long it took. Raises SetupFailed, with all of its output shown."""
    said(f"{label} ...", end=" ")
    start = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        said("failed")
        raise SetupFailed(f"{command[0]} cannot be started: {error.strerror}.") from error
    if done.returncode:
        said("failed")
        said(done.stdout.decode("utf-8", "replace").rstrip())
        raise SetupFailed(f"That was: {' '.join(command)}")
    said(f"{time.monotonic() - start:.0f} s")
