"""A question with numbered passages and the answer that cites them: what a generator learns from.

The passage that answers stands among distractors in random order, and sometimes it is left out, so that the model
learns to choose, to cite, and to decline. What it is to say comes from the data: the short answer with its mark, or in
the other mode the sentences of the passage that hold it. No answer is made up but `DECLINED`, which the prompt names.

Short is the default. What is short is held to one passage by every word, so the mark is right by construction; it is
what exact match and F1 measure; and whole sentences, word for word, are what the product already gives without any
model. The mark stands after a blank in both languages, as the window shows it: without one the engine's reader takes
"f(x)[1]" for an index.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.documents.sentences import sentences
from engine.library.keywords import content_terms, stem, terms
from engine.models.prompts import DECLINED
from training.data.collection import Collection, Row
from training.data.cutting import is_yes_or_no
from training.data.titles import shown
from training.data.triplets import Triplet, named

LONGEST_ANSWER = 300  # characters: the product's answers are short, and long ones teach a model to recite

_YES = {"yes": {"en": "Yes", "zh": "是"}, "no": {"en": "No", "zh": "否"}}
_YES |= {"是": _YES["yes"], "否": _YES["no"]}
_OWN_NUMBER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Style:
    """How samples are made."""

    answers: Literal["short", "sentence"] = "short"
    most_passages: int = 5
    declined_share: float = 0.15  # of the questions that have an answer
    seed: int = 0


def sample(triplet: Triplet, collection: Collection, style: Style) -> dict[str, Any] | str:
    """One object of a chats file, or the reason why the question makes none."""
    row, draw = triplet.row, random.Random(f"{style.seed} chat {triplet.row.id} {triplet.row.question}")
    lang: Literal["en", "zh"] = "en" if row.lang == "en" else "zh"
    answer = _answer(row)
    if row.weak or not (answer or row.unanswerable):
        return "no answer is known"
    if len(answer) > LONGEST_ANSWER:
        return f"an answer of more than {LONGEST_ANSWER} characters"
    if conflicting(row.answers):
        return "yes and no"
    count = draw.randint(1, style.most_passages)
    declines = not row.unanswerable and draw.random() < style.declined_share
    distractors = draw.sample(triplet.negatives, min(count, len(triplet.negatives)))
    if declines:
        distractors = [each for each in distractors if not _may_say_yes(row, each, collection)]
    if row.unanswerable:
        order = [*row.negatives[:1], *distractors[: count - 1]]
    else:
        order = distractors if declines else [triplet.positives[0], *distractors[: count - 1]]
    if not order:
        return "no passage to show"
    draw.shuffle(order)
    return _object(row, lang, order, None if declines or row.unanswerable else triplet.positives[0], collection, style)


def _object(
    row: Row, lang: Literal["en", "zh"], order: Sequence[int], right: int | None, collection: Collection, style: Style
) -> dict[str, Any]:
    passages = [collection.passage(number) for number in order]
    number = None if right is None else order.index(right) + 1
    said = DECLINED[lang] if number is None else _said(row, passages[number - 1].text, number, lang, style)
    return {
        "id": row.id,
        "lang": lang,
        "question": row.question,
        "passages": [{"title": shown(each, lang, style.seed), "text": each.text} for each in passages],
        "answer": said,
        "cited": [] if number is None else [number],
        "answers": [] if number is None else [_YES.get(each.lower(), {}).get(lang, each) for each in row.answers],
        "source": row.source,
        "license": row.license,
        "document": named(collection.passage(row.home)),
    }


def conflicting(answers: Sequence[str]) -> bool:
    """Whether some who answered said yes and others no."""
    return len({_YES[each.lower()]["en"] for each in answers if each.lower() in _YES}) > 1


def _answer(row: Row) -> str:
    return row.answers[0] if row.answers else ""


def _may_say_yes(row: Row, number: int, collection: Collection) -> bool:
    """Yes or no may be said by any passage of the document; another answer would have been found by its words."""
    return is_yes_or_no(_answer(row)) and collection.document_of(number) == row.document


def _said(row: Row, passage: str, number: int, lang: Literal["en", "zh"], style: Style) -> str:
    answer = _answer(row)
    yes_or_no = _YES.get(answer.lower().rstrip(".。"), {}).get(lang, "")
    if style.answers == "sentence":
        held = _nearest(row.question, passage) if yes_or_no else _holding(answer, passage)
        stop = "。" if lang == "zh" else ". "
        if held:
            return (yes_or_no + stop if yes_or_no else "") + _marked(held, number)
    if yes_or_no:
        return f"{yes_or_no} [{number}]"
    return _marked(_sentences(answer), number)


def _sentences(answer: str) -> list[str]:
    """The answer's sentences; a semicolon ends none here, or every item of a list would bear a mark."""
    found: list[str] = []
    for start, end in sentences(answer):
        if found and found[-1].endswith(("；", ";")):
            found[-1] += answer[start:end]
        else:
            found.append(answer[start:end])
    return found


def _marked(said: Sequence[str], number: int) -> str:
    """Each sentence with its mark. The text's own [7] is (7), as the prompt shows it."""
    lines = (_OWN_NUMBER.sub(r"(\1)", " ".join(each.split())) for each in said)
    return " ".join(f"{each} [{number}]" for each in lines)


def _holding(answer: str, passage: str) -> list[str]:
    """The sentences over which the answer stretches, word for word; none where it does not stand so."""
    start = passage.find(answer)
    if start < 0:
        return []
    end = start + len(answer)
    return [passage[first:last] for first, last in sentences(passage) if first < end and last > start]


def _nearest(question: str, passage: str) -> list[str]:
    """The sentence that holds most of the question's words; none where it holds no half of them."""
    wanted = {stem(term) for term in content_terms(question)}
    held = [
        (len(wanted & {stem(term) for term in terms(passage[start:end])}), -start, passage[start:end])
        for start, end in sentences(passage)
    ]
    most, _, best = max(held, default=(0, 0, ""))
    return [best] if most * 2 >= max(1, len(wanted)) else []
