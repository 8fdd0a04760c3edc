"""`kill -9` at random moments of indexing, again and again, against a library that was never killed.

    python -m tests.end_to_end.killing FOLDER [--kills 20] [--longest 20] [--no-ocr] [--seed 1]

When it came to its end between two kills, a new library is begun. Prints what differs, and exits with 1 when anything
does.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from engine.assistant import Assistant
from engine.config import Config

INKSTONE = [sys.executable, "-c", "from engine.cli import main; main()"]
QUERIES = ("How is memory allocated?", "数据 保留", "interrupt register", "什么是概率", "license")


@dataclass(frozen=True)
class Contents:
    """Everything that a library holds, without the ids that depend on the order of work."""

    documents: frozenset[tuple[object, ...]]
    passages: tuple[tuple[object, ...], ...]
    rankings: tuple[tuple[tuple[str, int], ...], ...]
    problems: tuple[str, ...]


def contents(home: Path) -> Contents:
    assistant = Assistant.open(Config.load(home))
    try:
        documents = frozenset(
            (str(each.path), each.sha256, each.status, each.reason, each.page_count) for each in assistant.documents()
        )
        passages = assistant.store.database.all(
            "SELECT c.sha256, p.ordinal, p.text, p.heading, p.spans, v.vector FROM contents c JOIN passages p"
            " ON p.content_id = c.id LEFT JOIN vectors v ON v.passage_id = p.id ORDER BY 1, 2"
        )
        rankings = tuple(
            tuple((str(hit.document.path), hit.passage.ordinal) for hit in assistant.search(query, 10))
            for query in QUERIES
        )
        return Contents(documents, tuple(passages), rankings, tuple(assistant.store.problems()))
    finally:
        assistant.close()


def add(home: Path, folder: Path) -> None:
    subprocess.run([*INKSTONE, "--home", str(home), "add", str(folder)], capture_output=True, check=True)


def index(home: Path, folder: Path, *options: str) -> None:
    """To the end, through the command line."""
    add(home, folder)
    done = subprocess.run([*INKSTONE, "--home", str(home), "index", *options], capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()  # 1: some files failed


def index_and_kill(home: Path, after_s: float, *options: str) -> bool:
    """Whether it was still indexing when it was killed."""
    process = subprocess.Popen(
        [*INKSTONE, "--home", str(home), "index", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return running


def differences(killed: Contents, whole: Contents) -> list[str]:
    found = []
    if killed.documents != whole.documents:
        found.append(f"documents: {sorted(killed.documents ^ whole.documents)[:3]}")
    if [row[:5] for row in killed.passages] != [row[:5] for row in whole.passages]:
        found.append(f"passages: {len(killed.passages)} instead of {len(whole.passages)}")
    elif killed.passages != whole.passages:
        found.append("vectors")
    if killed.rankings != whole.rankings:
        found.append("rankings")
    return found + list(killed.problems)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--longest", type=float, default=20.0, help="seconds before a kill, at the most")
    arguments.add_argument("--no-ocr", action="store_const", const=("--no-ocr",), default=(), help="leave scans")
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    moments = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole"
        index(whole, chosen.folder, *chosen.no_ocr)
        wanted = contents(whole)
        done = rounds = 0
        found: list[str] = []
        while done < chosen.kills:
            rounds += 1
            killed = Path(scratch) / f"killed{rounds}"
            add(killed, chosen.folder)
            while done < chosen.kills and index_and_kill(killed, moments.uniform(0.3, chosen.longest), *chosen.no_ocr):
                done += 1
            index(killed, chosen.folder, *chosen.no_ocr)
            found += differences(contents(killed), wanted)
            print(f"{time.strftime('%H:%M:%S')} {done} kills in {rounds} rounds, different: {found}", flush=True)
            shutil.rmtree(killed)
    print(f"{done} kills; different: {found or 'nothing'}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
