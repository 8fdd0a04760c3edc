"""How good the whole product is on a set of questions: retrieval and answers, through the same door as a person.

A set is a folder with `corpus.jsonl` (id, title, text), `queries.jsonl` (id, text) and `qrels.tsv` (query, document,
relevance), or a file of questions, one JSON object a line (question, context, answers). Both may be compressed
(`.zst`). The documents are indexed into a library of their own.
"""

from __future__ import annotations

import io
import json
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from engine.assistant import Assistant
from engine.errors import Code, UsageError
from engine.library.keywords import CJK
from engine.types import Answer, Finished, IndexEvent, Stop

Ranking = Sequence[str]  # document ids, best first, each once

_PASSAGES = 100  # ranked for every question: documents beyond them count as not found


@dataclass(frozen=True, slots=True)
class Question:
    """`relevant` are ids of documents; `answers` are the accepted wordings, empty in a retrieval set."""

    text: str
    relevant: frozenset[str]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    name: str
    documents: dict[str, str]  # id → text
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """`by` the ways of searching; `answers` where the set has them."""

    name: str
    count: int
    by: dict[str, dict[str, float]]
    answers: dict[str, float] | None


def load(path: Path, limit: int | None = None) -> EvaluationSet:
    """Raises UsageError when `path` is not a set. `limit` takes the first questions; all documents stay."""
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise UsageError(Code.NO_SUCH_PATH, path=str(path)) from error
    try:
        loaded = _load_folder(path) if path.is_dir() else _load_questions(path)
    except (OSError, ValueError, KeyError, TypeError, zstandard.ZstdError) as error:
        raise UsageError(Code.BAD_SET, path=str(path), why=f"{type(error).__name__}: {error}") from error
    if not loaded.questions:
        raise UsageError(Code.BAD_SET, path=str(path), why="there are no questions in it")
    return EvaluationSet(loaded.name, loaded.documents, loaded.questions[:limit])


def write_documents(documents: dict[str, str], folder: Path) -> dict[Path, str]:
    """Each document as a text file below `folder`; its id by its path."""
    written = {}
    for number, (id, text) in enumerate(documents.items()):
        path = folder / f"{number // 1000:04}" / f"{number:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        written[path] = id
    return written


def evaluate(
    assistant: Assistant,
    chosen: EvaluationSet,
    folder: Path,
    tell: Callable[[IndexEvent], None],
    asked: Callable[[int], None],
) -> Scores:
    """Index the set's documents (written below `folder`) and put its questions. `asked` counts them."""
    ids = write_documents(chosen.documents, folder)
    assistant.add([folder])
    for event in assistant.index():
        tell(event)
    ranks: dict[str, list[int | None]] = {"keyword": [], "vector": [], "hybrid": []}
    judged: list[dict[str, float]] = []
    for number, question in enumerate(chosen.questions):
        asked(number)
        for way, ranking in _rankings(assistant, ids, question.text).items():
            ranks[way].append(_rank(ranking, question.relevant))
        if question.answers:
            judged.append(_judged(assistant, question))
    return Scores(
        chosen.name,
        len(chosen.questions),
        {way: retrieval_scores(found) for way, found in ranks.items()},
        _means(judged) if judged else None,
    )


def retrieval_scores(ranks: Sequence[int | None]) -> dict[str, float]:
    """`ranks`: of the first relevant document, from 0; None where it was not found."""
    found = [rank for rank in ranks if rank is not None]
    return {
        "recall@1": _share(sum(rank < 1 for rank in found), len(ranks)),
        "recall@10": _share(sum(rank < 10 for rank in found), len(ranks)),
        "mrr@10": _share(sum(1 / (rank + 1) for rank in found if rank < 10), len(ranks)),
    }


def exact_match(answer: str, accepted: Iterable[str]) -> float:
    """1.0 when `answer` is one of the accepted wordings, punctuation, case and articles aside."""
    return float(any(answer_tokens(answer) == answer_tokens(wording) for wording in accepted))


def f1(answer: str, accepted: Iterable[str]) -> float:
    """The best overlap with an accepted wording: of characters in Chinese, of words elsewhere."""
    return max((_overlap(answer_tokens(answer), answer_tokens(wording)) for wording in accepted), default=0.0)


def said_in(answer: Answer) -> str:
    """What is compared with the accepted wordings: a written text without its marks, else the best quote."""
    if answer.stop is Stop.NO_SOURCES:
        return ""
    if answer.mode == "generated":
        return _MARK.sub("", answer.text).replace("\\", "")
    best = max(answer.citations, key=lambda citation: citation.score, default=None)
    return best.quote if best and answer.stop is Stop.COMPLETE else ""


def answer_tokens(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(rf"[{CJK}]|[^\W_{CJK}]+", folded.translate(_NO_PUNCTUATION))
    return [word for word in words if word not in ("a", "an", "the")]


_MARK = re.compile(r" \[(?:\d+|\?)\]")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def _overlap(answer: list[str], wording: list[str]) -> float:
    common = sum((Counter(answer) & Counter(wording)).values())
    return 2 * common / (len(answer) + len(wording)) if common else 0.0


def _rankings(assistant: Assistant, ids: dict[Path, str], question: str) -> dict[str, Ranking]:
    retriever = assistant.retriever
    found = {
        "keyword": retriever.by_words(question, _PASSAGES),
        "vector": retriever.by_meaning(question, _PASSAGES),
    }
    rankings = {way: [ids[path] for path in _holders(assistant, hits)] for way, hits in found.items()}
    hits = assistant.search(question, _PASSAGES)
    return {**rankings, "hybrid": [ids[path] for path in dict.fromkeys(hit.document.path for hit in hits)]}


def _holders(assistant: Assistant, hits: Sequence[tuple[int, float]]) -> Iterator[Path]:
    """The documents of ranked passages, each at its best one."""
    known = assistant.store.passages([id for id, _ in hits])
    return iter(dict.fromkeys(known[id][1].path for id, _ in hits if id in known))


def _rank(ranking: Ranking, relevant: frozenset[str]) -> int | None:
    return next((rank for rank, id in enumerate(ranking) if id in relevant), None)


def _judged(assistant: Assistant, question: Question) -> dict[str, float]:
    *_, last = assistant.ask(question.text)
    assert isinstance(last, Finished)
    said = said_in(last.answer)
    return {
        "em": exact_match(said, question.answers),
        "f1": f1(said, question.answers),
        "contains": float(any(_within(wording, said) for wording in question.answers)),
        "answered": float(bool(said)),
    }


def _within(wording: str, said: str) -> bool:
    return " ".join(answer_tokens(wording)) in " ".join(answer_tokens(said))


def _means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: _share(sum(row[name] for row in rows), len(rows)) for name in rows[0]}


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _load_folder(folder: Path) -> EvaluationSet:
    relevant: dict[str, set[str]] = {}
    for line in _lines(folder, "qrels.tsv"):
        query, document, relevance = line.split("\t")
        if relevance.strip() != "0" and query != "query":
            relevant.setdefault(query, set()).add(document)
    corpus = (json.loads(line) for line in _lines(folder, "corpus.jsonl"))
    queries = (json.loads(line) for line in _lines(folder, "queries.jsonl"))
    return EvaluationSet(
        folder.name,
        {row["id"]: f"{row.get('title', '')}\n{row['text']}".strip() for row in corpus},
        tuple(Question(row["text"], frozenset(relevant[row["id"]])) for row in queries if row["id"] in relevant),
    )


def _load_questions(path: Path) -> EvaluationSet:
    documents: dict[str, str] = {}
    ids: dict[str, str] = {}
    questions = []
    for row in map(json.loads, _lines(path.parent, path.name.removesuffix(".zst"))):
        id = ids.setdefault(row["context"], str(len(ids)))
        documents[id] = row["context"]
        if row["answers"] and not row.get("unanswerable"):
            questions.append(Question(row["question"], frozenset([id]), tuple(row["answers"])))
    return EvaluationSet(path.name.split(".")[0], documents, tuple(questions))


def _lines(folder: Path, name: str) -> Iterator[str]:
    plain = folder / name
    source: Any = plain.open("rb") if plain.exists() else zstandard.open(folder / f"{name}.zst", "rb")
    with source, io.TextIOWrapper(source, "utf-8") as text:
        yield from (line.rstrip("\n") for line in text if line.strip())
