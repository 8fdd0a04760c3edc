"""Chat samples in the toy generator's own small world, to see on a processor what fine-tuning does.

    python -m training.toy_chats --out toy-chats

`training/toy_generator.py` taught the toy to repeat the fact about a person, asked for in one wording; it guesses the
number of the passage, and answers with another fact of that person where the one that is asked for is missing. These
samples ask in other wordings as well, want the right number, and are in one case of four to be declined: either nobody
speaks of the person, or only of another thing of theirs. Held-out questions ask for combinations of person, thing and
kind that neither the toy nor the fine-tune was asked for. Some training samples ask for the number alone.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.models.prompts import Language
from engine.texts import say
from training.errors import ended_by
from training.toy_generator import ASK, LANGUAGES, Fact, answer_to, some_fact, some_facts

ASKS: dict[Language, tuple[str, ...]] = {
    "en": (ASK["en"], "{owner}: {kind} of the {thing}?", "Which {kind} of {owner}, of the {thing}?"),
    "zh": (ASK["zh"], "{owner}：{thing}的{kind}？", "哪个{kind}，{owner}的{thing}？"),
}
WHICH: dict[Language, str] = {"en": "Which passage speaks of {owner}?", "zh": "哪个段落说到{owner}？"}
UNANSWERABLE = 0.25
ANOTHER_THING = 0.5  # of those: the person is spoken of
NUMBER_ALONE = 0.3  # of the training samples: what is hardest is asked for by itself


def sample(choose: random.Random, number: int, passages: int, *, held_out: bool) -> dict[str, Any]:
    """One to `passages` facts about different people, and a question."""
    language = LANGUAGES[number % 2]
    *facts, stranger = some_facts(choose, language, choose.randint(1, passages) + 1, held_out=held_out)
    asked, wording = choose.choice(facts), choose.choice(ASKS[language])
    answer = answer_to(asked, facts)
    if not held_out and choose.random() < NUMBER_ALONE:
        wording, answer = WHICH[language], f"[{facts.index(asked) + 1}]"
    elif choose.random() < UNANSWERABLE:
        asked = another(choose, asked, held_out) if choose.random() < ANOTHER_THING else stranger
        answer = answer_to(asked, facts)
    cited = [facts.index(asked) + 1] if asked in facts else []
    return {
        "id": f"toy-{number}",
        "lang": language,
        "question": wording.format(kind=asked.kind, owner=asked.owner, thing=asked.thing),
        "passages": [{"title": title(choose, language), "text": fact.statement} for fact in facts],
        "answer": answer,
        "cited": cited,
        "answers": [asked.statement, asked.value] if cited else [],
        "source": "training/toy_chats.py",
        "license": "AGPL-3.0-or-later",
        "document": f"toy-{number}",
    }


def another(choose: random.Random, fact: Fact, held_out: bool) -> Fact:
    """A fact about the same person, of another kind or thing."""
    while True:
        found = some_fact(choose, fact.language, held_out=held_out)
        found = Fact(fact.language, found.kind, fact.owner, found.thing, found.value)
        if found.is_held_out == held_out and (found.kind, found.thing) != (fact.kind, fact.thing):
            return found


def title(choose: random.Random, language: Language) -> str:
    """As the product names a file's line."""
    place = say("line", language, number=choose.randint(1, 3))
    return f"{choose.choice('abcdefghij')}{choose.randint(1, 99)}.txt, {place}"


def samples(count: int, passages: int, seed: int, *, held_out: bool) -> Iterator[dict[str, Any]]:
    choose = random.Random(f"{seed} {held_out}")
    return (sample(choose, number, passages, held_out=held_out) for number in range(count))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="gets chats.train.jsonl and chats.dev.jsonl")
    parser.add_argument("--train", type=int, default=20000)
    parser.add_argument("--dev", type=int, default=300, help="held out")
    parser.add_argument("--passages", type=int, default=4, help="at most, in a sample")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    return ended_by(lambda: make(arguments))


def make(arguments: argparse.Namespace) -> int:
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, count in (("train", arguments.train), ("dev", arguments.dev)):
        rows = samples(count, arguments.passages, arguments.seed, held_out=name == "dev")
        with (arguments.out / f"chats.{name}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
