"""A question, the passages that answer it, and others of the same split that do not: what an embedder learns from.

Negatives are drawn without replacement: hard ones first, then those that the data gives, then any of the block in the
question's language. None of them answers as far as we can tell: none equals, holds or is held by a passage that answers
the same question anywhere in the data, none comes from the context of one, and none holds the answer's words. Of a weak
pair, whose answer nobody knows, none is of the same document.

Passages are taken in blocks of at most BLOCK, in the order of reading, so that memory does not grow with the data: in
it are the texts of one block and what ranks them. A question's negatives come from its own block.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.documents.scripts import is_cjk_letter
from training.data.collection import Collection, Passage, Row
from training.data.cutting import is_yes_or_no
from training.data.mining import Miner
from training.data.normalising import digest, language_of, normalised

BLOCK = 50_000  # passages
_TRIES = 10  # random draws for each negative that is wanted

_LONGEST_ANSWER = 200  # characters: a longer one is no phrase that another passage would repeat


@dataclass(frozen=True, slots=True)
class Triplet:
    row: Row
    positives: tuple[int, ...]
    negatives: tuple[int, ...]


class Answered:
    """Which passages answer a question, over all rows that ask it. In memory are a hash and a tuple for each."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._passages: dict[int, tuple[int, ...]] = {}
        for row in rows:
            key = digest(normalised(row.question))
            self._passages[key] = (*self._passages.get(key, ()), *row.positives)

    def by(self, question: str) -> tuple[int, ...]:
        return self._passages.get(digest(normalised(question)), ())


class Block:
    """Consecutive passages of one side, ready to be drawn from."""

    def __init__(
        self,
        passages: Sequence[int],
        collection: Collection,
        answered: Answered,
        miner: Callable[[Sequence[str]], Miner],
    ) -> None:
        self._numbers = passages
        self._places = {number: place for place, number in enumerate(passages)}
        self._texts = [collection.passage(number).text for number in passages]
        self._by_language: dict[str, list[int]] = {"en": [], "zh": []}
        for place, text in enumerate(self._texts):
            self._by_language[language_of(text)].append(place)
        self.collection = collection
        self._answered = answered
        self._miner = miner(self._texts)

    def triplet(self, row: Row, count: int, given: Sequence[int], seed: int) -> Triplet:
        """`given`: the data's own negatives, as far as they are on this side. May find fewer than `count`."""
        draw = random.Random(f"{seed} {row.id} {row.question}")
        right = tuple(number for number in row.positives if number in self._places)
        refuses = self._refusing(row)
        chosen: dict[int, None] = {}
        for number in self._proposed(row, right, given, count, draw):
            if len(chosen) >= count:
                break
            if number not in chosen and not refuses(number):
                chosen[number] = None
        return Triplet(row, right, tuple(chosen))

    def text(self, number: int) -> str:
        place = self._places.get(number)
        return self.collection.passage(number).text if place is None else self._texts[place]

    def _proposed(
        self, row: Row, right: Sequence[int], given: Sequence[int], count: int, draw: random.Random
    ) -> Iterator[int]:
        asked_about = right or [number for number in row.negatives if number in self._places][:1]
        places = [self._places[number] for number in asked_about]
        for place in self._miner.candidates(row.question, row.lang, places):
            yield self._numbers[place]
        yield from draw.sample(given, len(given))
        pool = self._by_language["en" if row.lang == "en" else "zh"]
        for place in draw.sample(pool, min(len(pool), _TRIES * count)):
            yield self._numbers[place]

    def _refusing(self, row: Row) -> Callable[[int], bool]:
        """Tells of a passage whether it may answer the question."""
        answering = {*row.positives, *self._answered.by(row.question)}
        near = {*answering, *row.related, *(row.negatives[:1] if row.unanswerable else ())}
        right = [normalised(self.collection.passage(number).text) for number in answering]
        says_answer = _saying(row.answers)

        def refuses(number: int) -> bool:
            if number in near or (row.weak and self.collection.document_of(number) == row.document):
                return True
            text = self.text(number)
            if says_answer(text):
                return True
            bare = normalised(text)
            return any(bare in each or each in bare for each in right)

        return refuses


def line(triplet: Triplet, block: Block, document: str) -> dict[str, Any]:
    """One object of a triplets file."""
    row = triplet.row
    return {
        "query": row.question,
        "pos": [block.text(number) for number in triplet.positives],
        "neg": [block.text(number) for number in triplet.negatives],
        "answers": list(row.answers),
        "lang": row.lang,
        "source": row.source,
        "license": row.license,
        "id": row.id,
        "document": document,
    }


def named(passage: Passage) -> str:
    """How a document is called in what is written: by its title, or by a number where it has none."""
    return passage.title or f"document {passage.document}"


def _saying(answers: Sequence[str]) -> Callable[[str], bool]:
    """Tells of a text whether one of the answers stands in it, as words of their own where they are Latin."""
    sought = [each.casefold() for each in answers if len(each) <= _LONGEST_ANSWER and not is_yes_or_no(each)]

    def says(text: str) -> bool:
        folded = text.casefold()
        return any(_stands(answer, folded) for answer in sought)

    return says


def _stands(answer: str, text: str) -> bool:
    start = text.find(answer)
    while start >= 0:
        end = start + len(answer)
        if not (_one_word(text[max(0, start - 1) : start + 1]) or _one_word(text[end - 1 : end + 1])):
            return True
        start = text.find(answer, start + 1)
    return False


def _one_word(pair: str) -> bool:
    """Whether two characters are of one word; Chinese ones never are."""
    return len(pair) == 2 and pair.isalnum() and not any(map(is_cjk_letter, pair))
