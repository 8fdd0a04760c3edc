"""Sets of questions with what is right for each: what evaluation puts to the product, and training to its models.

A set is a folder with `corpus.jsonl` (id, title, text), `queries.jsonl` (id, text) and `qrels.tsv` (query, document,
relevance), or a file of questions, one JSON object a line (question, context, answers, unanswerable). Each may be
compressed (`.zst`).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import zstandard

from engine.errors import Code, UsageError

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what is right.

    In a retrieval set there are no `answers`. A question that cannot be answered has nothing relevant either: the
    document that it was asked about does not hold an answer.
    """

    text: str
    relevant: Mapping[str, float] = field(default_factory=dict)  # ids of documents, each with its grade above 0
    answers: tuple[str, ...] = ()  # the accepted wordings
    unanswerable: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSet:
    name: str
    documents: dict[str, str]  # id → text
    questions: tuple[Question, ...]


class BrokenLineError(Exception):
    """A line of a set's file that cannot be used, and why in the words of who tried."""

    def __init__(self, file: str, line: int, words: str) -> None:
        super().__init__(file, line, words)
        self.file = file
        self.line = line  # from 1
        self.words = words


def load(path: Path, limit: int | None = None) -> QuestionSet:
    """Raises UsageError when `path` is not a set. `limit` takes the first questions; all documents stay."""
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise UsageError(Code.NO_SUCH_PATH, path=str(path)) from error
    try:
        loaded = _load_folder(path) if path.is_dir() else _load_questions(path)
    except BrokenLineError as error:
        raise UsageError(
            Code.BAD_SET, path=str(path), why="broken_line", file=error.file, line=error.line, words=error.words
        ) from error
    except (OSError, ValueError, zstandard.ZstdError) as error:
        raise UsageError(Code.BAD_SET, path=str(path), why=f"{type(error).__name__}: {error}") from error
    if not loaded.questions:
        raise UsageError(Code.BAD_SET, path=str(path), why="no_questions")
    return QuestionSet(loaded.name, loaded.documents, loaded.questions[:limit])


def _load_folder(folder: Path) -> QuestionSet:
    relevant: dict[str, dict[str, float]] = {}
    for query, document, grade in _read(folder, "qrels.tsv", _judgement):
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    documents = dict(_read(folder, "corpus.jsonl", _document))
    queries = _read(folder, "queries.jsonl", _query)
    questions = (Question(text, relevant[id]) for id, text in queries if id in relevant)
    return QuestionSet(folder.name, documents, tuple(questions))


def _load_questions(path: Path) -> QuestionSet:
    documents: dict[str, str] = {}
    ids: dict[str, str] = {}
    questions = []
    for text, context, answers, unanswerable in _read(path.parent, path.name.removesuffix(".zst"), _asked):
        id = ids.setdefault(context, str(len(ids)))
        documents[id] = context
        if unanswerable:
            questions.append(Question(text, unanswerable=True))
        elif answers:
            questions.append(Question(text, {id: 1.0}, answers))
    return QuestionSet(path.name.split(".")[0], documents, tuple(questions))


def _judgement(line: str) -> tuple[str, str, float]:
    query, document, grade = line.split("\t")
    return query, document, 0.0 if query == "query" else float(grade)  # a first line may name the columns


def _document(line: str) -> tuple[str, str]:
    row = json.loads(line)
    return _text(row["id"]), f"{row.get('title', '')}\n{_text(row['text'])}".strip()


def _query(line: str) -> tuple[str, str]:
    row = json.loads(line)
    return _text(row["id"]), _text(row["text"])


def _asked(line: str) -> tuple[str, str, tuple[str, ...], bool]:
    row = json.loads(line)
    if not isinstance(row["answers"], list):
        raise TypeError("'answers' is no list")
    answers = tuple(map(_text, row["answers"]))
    return _text(row["question"]), _text(row["context"]), answers, bool(row.get("unanswerable"))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is expected where {value!r:.40} stands")
    return value


def _read(folder: Path, name: str, parse: Callable[[str], _Row]) -> Iterator[_Row]:
    """Every line that is not blank, as `parse` has it. Raises BrokenLineError, OSError."""
    for number, line in enumerate(_lines(folder, name), start=1):
        if not line.strip():
            continue
        try:
            row = parse(line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            words = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise BrokenLineError(name, number, words) from error
        yield row


def _lines(folder: Path, name: str) -> Iterator[str]:
    plain = folder / name
    source: Any = plain.open("rb") if plain.exists() else zstandard.open(folder / f"{name}.zst", "rb")
    with source, io.TextIOWrapper(source, "utf-8") as text:
        yield from (line.rstrip("\n") for line in text)
