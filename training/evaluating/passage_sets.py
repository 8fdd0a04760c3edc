"""Questions and the passages that answer them, made of a retrieval folder, of triplets, or of a file of questions.

In a folder the documents are the passages. Triplets bring theirs: every question is put to those of all. The documents
of a file of questions may be whole papers: they are cut by the engine, and a passage answers when it comes from the
question's document and holds an accepted answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine import question_sets
from engine.documents import chunking
from engine.documents.kinds import Kind
from engine.documents.plain import Plain
from engine.question_sets import QuestionSet
from training.errors import TrainingError
from training.evaluating.results import engine_errors_said, fingerprint
from training.lines import Lines

_Relevant = tuple[str, Mapping[str, float]]  # a question, and the passages that answer it


@dataclass(frozen=True, slots=True)
class PassageSet:
    name: str
    passages: dict[str, str]  # id → text
    questions: tuple[_Relevant, ...]  # with one relevant passage at least
    without: int  # questions that no passage answers: they are not among `questions`

    @property
    def fingerprint(self) -> str:
        asked = [text for question, relevant in self.questions for text in (question, *sorted(relevant))]
        return fingerprint([*asked, *self.passages, *self.passages.values()])


def load(path: Path, limit: int | None = None, seed: int = 0) -> PassageSet:
    """`limit` draws that many questions by the seed and keeps their order; all passages stay. Raises TrainingError."""
    name, passages, questions = _of_triplets(path) if path.is_file() and holds_triplets(path) else _of_set(path)
    answered = [(text, relevant) for text, relevant in questions if relevant]
    if not answered:
        raise TrainingError(f"No passage of {path} answers any of its questions.")
    drawn = answered
    if limit is not None and limit < len(answered):
        drawn = [answered[place] for place in sorted(random.Random(seed).sample(range(len(answered)), limit))]
    return PassageSet(name, passages, tuple(drawn), len(questions) - len(answered))


def cut(text: str) -> list[str]:
    """A document's passages, as the product cuts a text file."""
    pages = Plain(tuple(text.splitlines()), Kind.TEXT).pages()
    return [chunk.text for chunk in chunking.split(tuple(pages))]


def holds(passage: str, answer: str) -> bool:
    """Whether the answer's words stand in the passage as whole words, whatever the blanks between them."""
    words = answer.split()
    if not words:
        return False
    before = r"(?<!\w)" if _is_latin(words[0][0]) else ""
    after = r"(?!\w)" if _is_latin(words[-1][-1]) else ""
    return re.search(before + r"\s*".join(map(re.escape, words)) + after, passage, re.IGNORECASE) is not None


def holds_triplets(path: Path) -> bool:
    """Whether the first line is one; a line that cannot be read is left to whoever reads them all."""
    with Lines([path]) as lines:
        try:
            return "pos" in lines[0]
        except TrainingError:
            return False


def _of_triplets(path: Path) -> tuple[str, dict[str, str], list[_Relevant]]:
    texts: dict[str, str] = {}  # text → id
    questions: list[_Relevant] = []
    with Lines([path]) as lines:
        for row in range(len(lines)):
            line = lines[row]
            try:
                for text in (*line["pos"], *line["neg"]):
                    texts.setdefault(text, str(len(texts)))
                questions.append((line["query"], {texts[text]: 1.0 for text in line["pos"]}))
            except (KeyError, TypeError) as error:
                raise lines.broken(row, f"it is no triplet of query, pos and neg ({error})") from error
    return path.name.removesuffix(".zst").removesuffix(".jsonl"), {id: text for text, id in texts.items()}, questions


def _of_set(path: Path) -> tuple[str, dict[str, str], list[_Relevant]]:
    with engine_errors_said():
        chosen = question_sets.load(path)
    return (chosen.name, chosen.documents, _judged(chosen)) if path.is_dir() else (chosen.name, *_cut(chosen))


def _judged(chosen: QuestionSet) -> list[_Relevant]:
    known = chosen.documents
    return [(each.text, {id: grade for id, grade in each.relevant.items() if id in known}) for each in chosen.questions]


def _cut(chosen: QuestionSet) -> tuple[dict[str, str], list[_Relevant]]:
    parts = {
        id: {f"{id}-{place}": part for place, part in enumerate(cut(text))} for id, text in chosen.documents.items()
    }
    questions: list[_Relevant] = []
    for each in chosen.questions:
        own = [passage for document in each.relevant for passage in parts[document].items()]
        questions.append((each.text, {id: 1.0 for id, text in own if any(holds(text, one) for one in each.answers)}))
    return {id: text for own in parts.values() for id, text in own.items()}, questions


def _is_latin(character: str) -> bool:
    return character.isalnum() and character < "\u2e80"
