"""An engine keeps a restless tree in step, is killed again and again, and ends as a fresh library would.

    nice -n 10 python -m tests.end_to_end.enduring [--minutes 60] [--files 2000] [--kill-minutes 20] [--seed 1]

The engine is the one that serves a window. For the first `--kill-minutes` it is killed (-9) every few seconds or
minutes and started again; after that it runs on, so that its memory and handles show. A line is printed every minute.
Exits with 1 when the library differs from one that was indexed once, at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from engine.config import Config
from engine.library.store import Store
from engine.types import Status
from tests.end_to_end.killing import Contents, add, contents, differences, index
from tests.end_to_end.restless import Restless

_CALM_S = 5.0  # so long without a change: the engine has caught up
_CATCH_UP_S = 1800.0


@dataclass(frozen=True)
class Sample:
    """What the engine's process holds at one moment."""

    minutes: float
    main_mb: float
    children_mb: float
    children: int
    handles: int
    threads: int


class Engine:
    """The engine as a window starts it: it watches and indexes by itself."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "engine.serving", "--home", str(self._home)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        assert self._process.stdin
        self._process.stdin.close()

    def sample(self, minutes: float) -> Sample:
        main = psutil.Process(self._process.pid)
        children = main.children(recursive=True)
        held = 0.0
        for child in children:
            with contextlib.suppress(psutil.Error):
                held += child.memory_info().rss / 1e6
        memory = main.memory_info().rss / 1e6
        return Sample(minutes, memory, held, len(children), main.num_fds(), main.num_threads())


def endure(tree: Restless, home: Path, minutes: float, kill_minutes: float, seed: int) -> Iterator[str]:
    """Change the tree while the engine follows it; says how it stands every minute."""
    drawn = random.Random(seed)
    done: Counter[str] = Counter()
    started = time.monotonic()
    engine = Engine(home)
    try:
        kills, next_kill = 0, drawn.uniform(2, 4)
        next_line = 0.0
        while (passed := time.monotonic() - started) < minutes * 60:
            for _ in range(drawn.randint(1, 6)):
                done[tree.step()] += 1
            time.sleep(drawn.uniform(0, 4))
            if not engine.is_running:
                yield "the engine ended by itself"
                engine.start()
            if next_kill < passed < kill_minutes * 60:
                engine.kill()
                engine.start()
                kills, next_kill = kills + 1, passed + drawn.uniform(5, 90)
            if passed >= next_line:
                next_line += 60
                yield f"{line(engine.sample(passed / 60))}  {done.total():6}  {kills:4}  {standing(home)}"
        tree.settle()
        calm, caught_up_s = catch_up(tree, home)
        yield (
            line(engine.sample((time.monotonic() - started) / 60)) + f"  {done.total():6}  {kills:4}  {standing(home)}"
        )
        yield f"in step {caught_up_s:.0f} s after the last change" if calm else f"not in step: {standing(home)}"
        yield "changes: " + ", ".join(f"{name} {count}" for name, count in done.most_common())
    finally:
        engine.kill()


def line(sample: Sample) -> str:
    return (
        f"{sample.minutes:6.1f}  {sample.main_mb:7.0f}  {sample.children_mb:7.0f}  {sample.children:3}"
        f"  {sample.handles:7}  {sample.threads:7}"
    )


HEADER = "minute  main MB  child MB  no.  handles  threads  changes  kills  documents"


def standing(home: Path) -> str:
    with library(home) as store:
        counts = Counter(document.status for document in store.documents())
    return ", ".join(f"{counts[status]} {status}" for status in Status)


def catch_up(tree: Restless, home: Path) -> tuple[bool, float]:
    """Wait until the library has been as the tree is for a while; whether it came to that, and after how long."""
    started = time.monotonic()
    since = None
    while time.monotonic() - started < _CATCH_UP_S:
        now = time.monotonic()
        since = (since or now) if is_in_step(tree, home) else None
        if since and now - since > _CALM_S:
            return True, since - started
        time.sleep(1)
    return False, time.monotonic() - started


def is_in_step(tree: Restless, home: Path) -> bool:
    """Whether every document is as its file is, and nothing waits. Excluded files are not looked for."""
    with library(home) as store:
        documents = store.documents()
    for document in documents:
        try:
            stat = document.path.stat()
        except OSError:
            return False
        if document.status is Status.WAITING or (stat.st_size, stat.st_mtime_ns) != (
            document.size_bytes,
            document.mtime_ns,
        ):
            return False
    return True


@contextlib.contextmanager
def library(home: Path) -> Iterator[Store]:
    store = Store(Config.load(home).library)
    try:
        yield store
    finally:
        store.close()


def different(followed: Contents, fresh: Contents) -> list[str]:
    """As `killing` compares, but for what rounding may do to a vector."""
    found = differences(followed, fresh)
    if "vectors" in found:
        farthest = max(
            float(np.abs(np.frombuffer(a[5], np.float32) - np.frombuffer(b[5], np.float32)).max())  # type: ignore[arg-type]
            for a, b in zip(followed.passages, fresh.passages, strict=True)
            if a[5] != b[5] and a[5] and b[5]
        )
        found = [f"vectors, by {farthest:.1e}" if each == "vectors" else each for each in found if farthest > 1e-5]
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=60.0)
    arguments.add_argument("--files", type=int, default=2000)
    arguments.add_argument("--kill-minutes", type=float, default=20.0)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tree = Restless(Path(scratch) / "papers", chosen.files, chosen.seed)
        home, fresh = Path(scratch) / "家 home", Path(scratch) / "fresh"
        print(f"{chosen.files} files; load of the machine {os.getloadavg()[0]:.1f}\n{HEADER}", flush=True)
        add(home, tree.folder)
        for text in endure(tree, home, chosen.minutes, chosen.kill_minutes, chosen.seed):
            print(text, flush=True)
        index(fresh, tree.folder)
        followed, whole = contents(home), contents(fresh)
        found = different(followed, whole)
        print(f"{len(whole.documents)} documents, {len(whole.passages)} passages; different: {found or 'nothing'}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
