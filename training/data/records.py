"""Reads questions with their passages: Multi-Doc-QA-Chinese as it comes, and our own question records.

A file is one JSON object a line, plain or zstd; which of the two it holds is seen from each line:

    {"QA": [{"question", "answer"}], "positive_doc": [{"text"}], "negative_doc": [{"text"}, …]}
    {"id", "lang", "question", "answers": […], "context", "title", "source", "split", "license",
     optional: "unanswerable", "positive_docs": […], "negative_docs": […]}

One line is in memory at a time. `limit` draws that many lines of each file by the seed; a number for each is kept.
"""

from __future__ import annotations

import io
import json
import random
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

from training.data.normalising import language_of
from training.errors import TrainingError

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Record:
    """A question, what answers it, and what does not. Texts are as the file has them."""

    id: str
    lang: str  # "en", "zh" or "zh-Hant"
    question: str
    answers: tuple[str, ...]  # accepted wordings, best first; none for a weak pair or an unanswerable question
    positives: tuple[str, ...]  # passages that answer; none for an unanswerable question
    negatives: tuple[str, ...]  # passages that the data says do not
    title: str  # "" where there is none
    source: str
    license: str
    unanswerable: bool = False
    document: str = ""  # what names the document where the title does not
    weak: bool = False  # made from a document's structure: no answer is known


@dataclass(slots=True)
class Tally:
    """What was read and what was left out, with the reason."""

    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


class BrokenLine(TrainingError):
    def __init__(self, path: Path, number: int, why: str) -> None:
        super().__init__(f"{path}, line {number}: {why}. Mend the line, or leave such lines out with --skip-broken.")


def read(
    paths: Iterable[Path], tally: Tally, *, skip_broken: bool = False, limit: int | None = None, seed: int = 0
) -> Iterator[Record]:
    """The records of all `paths`, in order; a folder stands for its *.json, *.jsonl and *.zst files.

    Raises BrokenLine, and TrainingError for a file that is missing, empty, or no text.
    """
    for path in files_in(paths):
        chosen = drawn_lines(path, limit, seed)
        for number, row in objects(path, tally, skip_broken=skip_broken, chosen=chosen):
            try:
                records = list(_records(row, path, number))
            except (KeyError, TypeError, ValueError, IndexError) as error:
                broken(BrokenLine(path, number, _why(error)), tally, skip_broken)
                continue
            tally.read += len(records)
            yield from records


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Raises TrainingError for a path that does not exist, or a folder without such files."""
    for path in paths:
        if not path.exists():
            raise TrainingError(f"There is no {path}.")
        if not path.is_dir():
            yield path
            continue
        inside = sorted(each for each in path.iterdir() if each.suffix in (".json", ".jsonl", ".zst"))
        if not inside:
            raise TrainingError(f"The folder {path} holds no *.json, *.jsonl or *.zst file.")
        yield from inside


def objects(
    path: Path, tally: Tally, *, skip_broken: bool = False, chosen: frozenset[int] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of a file that are JSON objects, with their numbers from 1; of `chosen` lines only, if given.

    Raises BrokenLine, or TrainingError when there is none or the file cannot be read as text.
    """
    found = False
    for number, line in _lines(path):
        found = True
        if chosen is not None and number not in chosen:
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            broken(BrokenLine(path, number, f"it is no JSON ({error})"), tally, skip_broken)
            continue
        if not isinstance(row, dict):
            broken(BrokenLine(path, number, "it is no JSON object"), tally, skip_broken)
            continue
        yield number, row
    if not found:
        raise TrainingError(f"{path} is empty.")


def _records(row: dict[str, Any], path: Path, number: int) -> Iterator[Record]:
    if "QA" in row:
        yield from _multi_doc(row, path, number)
    else:
        yield _ours(row)


def _multi_doc(row: dict[str, Any], path: Path, number: int) -> Iterator[Record]:
    positives = tuple(_text(each["text"]) for each in row["positive_doc"])
    negatives = tuple(_text(each["text"]) for each in row["negative_doc"])
    for index, pair in enumerate(row["QA"]):
        question = _asked(pair["question"])
        yield Record(
            id=f"{path.name.split('.')[0]}-{number}-{index}",
            lang=language_of(question),
            question=question,
            answers=_answers([pair["answer"]]),
            positives=positives,
            negatives=negatives,
            title="",
            source="multi-doc-qa",
            license=NOT_STATED,
        )


def _ours(row: dict[str, Any]) -> Record:
    question, context = _asked(row["question"]), _text(row["context"])
    unanswerable = bool(row.get("unanswerable"))
    given = tuple(map(_text, row.get("positive_docs") or ()))
    if not (context.strip() or row["answers"]):
        given = ()  # documents that a search found, and nobody judged
    positives = given or ((context,) if context.strip() else ())
    negatives = tuple(map(_text, row.get("negative_docs") or ()))
    return Record(
        id=str(row["id"]),
        lang=_text(row.get("lang") or language_of(question)),
        question=question,
        answers=() if unanswerable else _answers(row["answers"]),
        positives=() if unanswerable else positives,
        negatives=(*positives, *negatives) if unanswerable else negatives,
        title=_text(row.get("title") or "").strip(),
        source=_text(row.get("source") or NOT_STATED),
        license=_text(row.get("license") or NOT_STATED),
        unanswerable=unanswerable,
    )


def _asked(value: Any) -> str:
    question = _text(value).strip()
    if not question:
        raise ValueError("the question is empty")
    return question


def _answers(values: Sequence[Any]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError("the answers are no list")
    return tuple(dict.fromkeys(answer for value in values if (answer := _text(value).strip())))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is expected where {value!r:.40} stands")
    return value


def _why(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def broken(error: BrokenLine, tally: Tally, skip: bool) -> None:
    """Raises it, or counts it where such lines are skipped."""
    if not skip:
        raise error
    tally.dropped["a broken line"] += 1


def drawn_lines(path: Path, limit: int | None, seed: int) -> frozenset[int] | None:
    """The numbers of `limit` lines, None for all of them."""
    if limit is None:
        return None
    total = sum(1 for _ in _lines(path))
    numbers = range(1, total + 1)
    return frozenset(random.Random(seed ^ zlib.crc32(path.name.encode())).sample(numbers, min(limit, total)))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1."""
    number = 0
    opened: Any = zstandard.open(path, "rb") if path.suffix == ".zst" else path.open("rb")
    try:
        with io.BufferedReader(opened) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line
    except zstandard.ZstdError as error:
        raise TrainingError(f"{path} cannot be read beyond line {number}: {error}.") from error
