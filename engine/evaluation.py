"""How good the whole product is on a set of questions: retrieval and answers, through the same door as a person.

The documents are indexed into a library of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.assistant import Assistant
from engine.question_sets import Question, QuestionSet
from engine.scores import Answered, Mean, Ranking, answer_scores, ranking_scores
from engine.types import Answer, Citation, Finished, IndexEvent, Notice, Stop

_PASSAGES = 100  # ranked for every question: documents beyond them count as not found


@dataclass(frozen=True, slots=True)
class Scores:
    """`by` the ways of searching, over the questions with something relevant; `answers` where the set has them."""

    name: str
    count: int  # of all questions
    by: dict[str, dict[str, float]]
    answers: dict[str, Mean]


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
    chosen: QuestionSet,
    folder: Path,
    tell: Callable[[IndexEvent], None],
    asked: Callable[[int], None],
) -> Scores:
    """Index the set's documents (written below `folder`) and put its questions. `asked` counts them."""
    ids = write_documents(chosen.documents, folder)
    assistant.add([folder])
    for event in assistant.index():
        tell(event)
    ways = ("keyword", "vector", "hybrid", *(["reader"] if assistant.config.settings.reader else []))
    rankings: dict[str, list[Ranking]] = {way: [] for way in ways}
    answers: list[Answered] = []
    for number, question in enumerate(chosen.questions):
        asked(number)
        if question.relevant:
            for way, ranking in _rankings(assistant, ids, question.text).items():
                rankings[way].append(ranking)
        if question.answers or question.unanswerable:
            answers.append(_answered(assistant, ids, question))
    relevant = [question.relevant for question in chosen.questions if question.relevant]
    return Scores(
        chosen.name,
        len(chosen.questions),
        {way: ranking_scores(found, relevant) for way, found in rankings.items()},
        answer_scores(answers),
    )


def said_in(answer: Answer) -> str:
    """What is compared with the accepted wordings: a written text without its marks, else the best quote, or the
    words of it that a reader answers with."""
    if answer.stop is Stop.NO_SOURCES:
        return ""
    if answer.mode == "generated":
        return _MARK.sub("", answer.text).replace("\\", "")
    best = _best(answer)
    return best.answer or best.quote if best else ""


def _best(answer: Answer) -> Citation | None:
    best = max(answer.citations, key=lambda citation: citation.score, default=None)
    return best if answer.mode == "extractive" and answer.stop is Stop.COMPLETE else None


_MARK = re.compile(r" \[(?:\d+|\?)\]")


def _answered(assistant: Assistant, ids: dict[Path, str], question: Question) -> Answered:
    """The product declines in its own words, or tells the person that the model did; it then cites what is nearest."""
    *before, last = assistant.ask(question.text)
    assert isinstance(last, Finished)
    notices = {event.code for event in before if isinstance(event, Notice)}
    best = _best(last.answer)
    return Answered(
        text=said_in(last.answer),
        accepted=question.answers,
        declined=last.answer.stop is Stop.NO_SOURCES or "model_declined" in notices,
        cited=frozenset(ids[citation.path] for citation in last.answer.citations),
        supporting=frozenset(question.relevant),
        quote=best.quote if best else "",
    )


def _rankings(assistant: Assistant, ids: dict[Path, str], question: str) -> dict[str, Ranking]:
    retriever = assistant.searching.retriever
    found = {
        "keyword": retriever.by_words(question, _PASSAGES),
        "vector": retriever.by_meaning(question, _PASSAGES),
    }
    rankings: dict[str, Ranking] = {
        way: [ids[path] for path in _holders(assistant, hits)] for way, hits in found.items()
    }
    ranked = {"hybrid": assistant.search(question, _PASSAGES)}
    if assistant.config.settings.reader:
        ranked["reader"] = assistant.searching.finder.find(question, _PASSAGES)
    for way, hits in ranked.items():
        rankings[way] = [ids[path] for path in dict.fromkeys(hit.document.path for hit in hits)]
    return rankings


def _holders(assistant: Assistant, hits: Sequence[tuple[int, float]]) -> Iterator[Path]:
    """The documents of ranked passages, each at its best one."""
    known = assistant.store.passages([id for id, _ in hits])
    return iter(dict.fromkeys(known[id][1].path for id, _ in hits if id in known))
