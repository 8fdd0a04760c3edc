"""What becomes of every file of the given folders: one table by the ends of their names, and nothing unaccounted for.

    python -m tests.benchmarks.documents FOLDER... [--failures] [--json FILE]

Each file is read as `inkstone index` reads it, but not embedded. A scan is a file whose text waits for OCR. Passages
and lines are checked: no passage is empty or over the budget, each names places that are there, and what is shown
holds what is found. It ends with 1 if a file was not accounted for, crashed the reader, or gave wrong passages.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from engine.documents.budget import BUDGET, token_count
from engine.documents.characters import tidy
from engine.documents.kinds import kind_of
from engine.documents.limits import DEADLINE_S
from engine.documents.reading import DocumentReader
from engine.errors import UnreadableDocument
from engine.types import Chunk, Reading, Reason, Unit

BAD = (Reason.CRASHED, "wrong passages")
_SHOWN_LINES = 2000  # of each document that are compared with its passages


@dataclass
class Row:
    """What became of the files with one suffix."""

    files: int = 0
    indexed: int = 0
    scans: int = 0  # files without text as yet
    failed: Counter[str] = field(default_factory=Counter)
    left: int = 0  # files of no kind that is read
    passages: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0
    peak_mb: int = 0  # of the reading child

    def is_whole(self) -> bool:
        return self.files == self.indexed + self.scans + self.failed.total() + self.left


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folders", type=Path, nargs="+")
    arguments.add_argument("--failures", action="store_true", help="list every file that failed")
    arguments.add_argument("--deadline", type=float, default=DEADLINE_S, help="seconds a page may take; more if busy")
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", file=sys.stderr)
    by_suffix: defaultdict[str, list[Path]] = defaultdict(list)
    for folder in chosen.folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                by_suffix[path.suffix.lower() or "(none)"].append(path)
    failures: list[tuple[Path, str]] = []
    rows = {suffix: _read_all(paths, chosen.deadline, failures) for suffix, paths in sorted(by_suffix.items())}
    rows["all"] = _sum([*rows.values()])
    print(_table(rows))
    if chosen.failures:
        print(*(f"{reason:28} {path}" for path, reason in failures), sep="\n")
    if chosen.json:
        found = {suffix: asdict(row) | {"failed": dict(row.failed)} for suffix, row in rows.items()}
        chosen.json.write_text(json.dumps(found, indent=2), "utf-8")
    assert rows["all"].files == sum(map(len, by_suffix.values()))
    assert all(row.is_whole() for row in rows.values()), "files are unaccounted for"
    bad = [f"{path}: {reason}" for path, reason in failures if reason in BAD]
    if bad:
        sys.exit("\n".join(bad))


def _read_all(paths: list[Path], deadline_s: float, failures: list[tuple[Path, str]]) -> Row:
    row = Row()
    # OCR is said to be there: then a scan waits for it instead of failing
    reader = DocumentReader(deadline_s, has_ocr=lambda: True)
    for path in paths:
        row.files += 1
        if kind_of(path) is None:
            row.left += 1
            continue
        start = time.perf_counter()
        outcome = _outcome(reader, path)
        seconds = time.perf_counter() - start
        row.seconds += seconds
        row.slowest_s = max(row.slowest_s, seconds)
        if not isinstance(outcome, Reading):
            row.failed[outcome] += 1
            failures.append((path, outcome))
            continue
        row.indexed += bool(outcome.chunks)
        row.scans += not outcome.chunks
        row.passages += len(outcome.chunks)
        if _problems(reader, path, outcome):
            failures.append((path, "wrong passages"))
    row.peak_mb = round(reader.peak_child_bytes / 2**20)
    reader.close()
    return row


def _outcome(reader: DocumentReader, path: Path) -> Reading | Reason:
    try:
        return reader.read(path)
    except UnreadableDocument as error:
        return error.reason


def _problems(reader: DocumentReader, path: Path, reading: Reading) -> list[str]:
    problems = [f"passage {number}: {what}" for number, chunk in enumerate(reading.chunks) for what in _wrong(chunk)]
    if reading.unit is not Unit.PAGE:
        shown = reader.lines(path, 1, _SHOWN_LINES)
        problems += [
            f"line {span.page} is not shown"
            for chunk in reading.chunks
            for span in chunk.spans
            if span.page <= len(shown.lines)
            and chunk.text[span.start : span.end].strip(" -\u00ad") not in tidy(shown.lines[span.page - 1])
            and path.suffix.lower() not in (".md", ".org", ".tex", ".adoc")  # their marks are not found
        ]
    if problems:
        print(path, *problems[:3], sep="\n  ", file=sys.stderr)
    return problems


def _wrong(chunk: Chunk) -> Iterator[str]:
    if not chunk.text.strip():
        yield "is empty"
    if token_count(chunk.text) > BUDGET:
        yield "is over the budget"
    if not chunk.spans or chunk.page_first < 1:
        yield "stands nowhere"


def _sum(rows: Iterable[Row]) -> Row:
    whole = Row()
    for row in rows:
        whole.files += row.files
        whole.indexed += row.indexed
        whole.scans += row.scans
        whole.failed += row.failed
        whole.left += row.left
        whole.passages += row.passages
        whole.seconds += row.seconds
        whole.slowest_s = max(whole.slowest_s, row.slowest_s)
        whole.peak_mb = max(whole.peak_mb, row.peak_mb)
    return whole


def _table(rows: dict[str, Row]) -> str:
    lines = ["| | files | indexed | scans | not read | failed | passages | seconds | slowest | peak MB |"]
    lines.append("|---|" + "--:|" * 4 + "---|" + "--:|" * 4)
    for suffix, row in rows.items():
        failed = ", ".join(f"{count} {reason}" for reason, count in row.failed.most_common()) or "–"
        lines.append(
            f"| {suffix} | {row.files} | {row.indexed} | {row.scans} | {row.left} | {failed} | {row.passages:,} "
            f"| {row.seconds:.1f} | {row.slowest_s:.1f} | {row.peak_mb} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
