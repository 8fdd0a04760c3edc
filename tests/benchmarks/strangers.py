"""How often a library is said to answer: questions put to their own collection, and to the others.

    python -m tests.benchmarks.strangers WORK SET SET … [--embedder NAME_OR_FOLDER] [--questions 200] [--documents 2000]

SET: a retrieval set (a folder with corpus, queries and judgements). Of each, the right documents of its first questions
and others up to --documents are indexed into a library of its own below WORK, which is kept for the next run. A
question is told "nothing about this" when none of the passages found for it is close enough: of those put to their own
collection few should be, of the strangers nearly all. --json FILE keeps what every verdict was made of.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from engine.answers.retrieval import trust
from engine.answers.weighing import held, stems, weights
from engine.assistant import Assistant
from engine.config import Config
from engine.evaluation import write_documents
from engine.question_sets import QuestionSet, load

PASSAGES = 12  # that an answer is made of


def smaller(chosen: QuestionSet, documents: int) -> QuestionSet:
    """With the documents that its questions need, and others up to `documents`."""
    needed = {id for question in chosen.questions for id in question.relevant}
    others = islice((id for id in chosen.documents if id not in needed), max(0, documents - len(needed)))
    kept = needed | {*others}
    return replace(chosen, documents={id: text for id, text in chosen.documents.items() if id in kept})


def library(work: Path, chosen: QuestionSet, embedder: str) -> Assistant:
    """The indexed library of a set below `work`."""
    home = work / Path(embedder or "shipped").name / chosen.name
    folder = home.with_name(f"{chosen.name}-documents")
    if not folder.exists():
        write_documents(chosen.documents, folder)
    assistant = Assistant.open(Config.load(home))
    if embedder:
        name = Path(embedder).name
        if name not in {model.manifest.name for model in assistant.models.list()}:
            assistant.models.add(Path(embedder))
        assistant.change(embedder=name)
    assistant.add([folder])
    for _ in assistant.index():
        pass
    return assistant


def facts(assistant: Assistant, question: str) -> dict[str, Any]:
    """Whether the library is said to answer, and by what: of each passage the share of words that it holds, and how
    close its meaning is."""
    searching = assistant.searching
    hits = searching.finder.find(question, PASSAGES)
    wanted = weights(question, assistant.store)
    query = searching.embedder.embed_query(question)
    cosines = searching.vectors.cosines(query, [hit.passage.id for hit in hits])
    return {
        "related": searching.extractor.is_related(question, hits),
        "trust": trust(searching.embedder.known_share(question)),
        "passages": [
            (
                round(held(stems(f"{hit.passage.heading}\n{hit.passage.text}"), wanted), 4),
                round(searching.embedder.closeness(cosines[hit.passage.id]), 4),
            )
            for hit in hits
        ],
    }


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--embedder", default="", help="a model's folder; the shipped one without it")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(words)
    sets = [smaller(load(path, options.questions), options.documents) for path in options.sets]
    libraries = {each.name: library(options.work, each, options.embedder) for each in sets}
    found: list[dict[str, Any]] = []
    for asked in sets:
        for name, assistant in libraries.items():
            given = [facts(assistant, question.text) for question in asked.questions]
            share = sum(each["related"] for each in given) / len(given)
            print(f"{asked.name:32} put to {name:32} {share:6.1%} of {len(given)} are said to be answered", flush=True)
            found += [{"asked": asked.name, "of": name, **each} for each in given]
    if options.json:
        options.json.write_text("\n".join(json.dumps(each) for each in found) + "\n", "utf-8")
    for assistant in libraries.values():
        assistant.close()


if __name__ == "__main__":
    main()
