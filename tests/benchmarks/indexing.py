"""How long a folder takes to index, where the time goes, and the memory it needs.

    python -m tests.benchmarks.indexing FOLDER [--json FILE]

It indexes FOLDER into a home of its own, as `inkstone add` and `inkstone index` do, and prints what the README states.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from engine.assistant import Assistant
from engine.config import Config
from engine.types import Failed, Indexed, Stage, Working


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home:
        assistant = Assistant.open(Config.load(Path(home)))
        assistant.add([chosen.folder])
        started = time.monotonic()
        words_ready = None
        told: Counter[str] = Counter()
        for event in assistant.index():
            if isinstance(event, Indexed | Failed):
                told[type(event).__name__] += 1
            if isinstance(event, Working) and event.stage is Stage.EMBEDDING and words_ready is None:
                words_ready = time.monotonic() - started
        total = time.monotonic() - started
        status = assistant.status()
        pages = sum(document.page_count for document in assistant.documents())
        spent = asdict(assistant.spent)
        embedded = spent.pop("passages")
        result = {
            "files": sum(told.values()),
            "indexed": status.indexed,
            "failed": status.failed,
            "waiting": status.waiting,
            "reasons": dict(Counter(document.reason for document in status.failures)),
            "pages": pages,
            "passages": status.passages,
            "seconds": round(total, 1),
            "seconds_until_words_are_found": round(words_ready or total, 1),
            "pages_per_second": round(pages / total, 1),
            "passages_embedded_per_second": round(embedded / spent["embedding"], 1) if embedded else None,
            "share_of_time": {stage: round(seconds / total, 3) for stage, seconds in spent.items()},
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "peak_child_mb": round(assistant.peak_child_bytes / 2**20),
            "library_mb": round(assistant.config.library.stat().st_size / 1e6),
            "graph_mb": round(sum(file.stat().st_size for file in assistant.config.vectors.glob("*")) / 1e6),
            "cpus": os.cpu_count(),
            "load_before": round(load_before, 2),
        }
        assistant.close()
    text = json.dumps(result, indent=2)
    print(text)
    if chosen.json:
        chosen.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
