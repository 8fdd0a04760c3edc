"""The toy generator, or a fine-tune of it, asked through the whole product: import, documents, index, questions.

    python -m tests.benchmarks.toy_answers --model tests/toy_generator/model --model RUN/merged

Each of 60 held-out facts is a file. They are asked for in the wording that the toy knows and in those of
`training/toy_chats.py`; and as many questions are about things that no file tells. The model is imported as int8.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.assistant import Assistant
from engine.config import Config
from engine.types import Answer, AnswerEvent, Finished, Notice
from training.toy_chats import ASKS
from training.toy_generator import FACT, LANGUAGES, Fact, held_out_questions, kinds

_BLANK = re.compile(r"\\\{(\w+)\\\}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, action="append", help="a ChatGLM3 folder, not converted")
    for model in parser.parse_args().model:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{model}:")
            for name, value in measured(model, Path(folder)):
                print(f"  {name}: {value}", flush=True)


def measured(model: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """What was asked, and how much of it came out right."""
    facts = [parsed(row["fact"]) for row in held_out_questions()]
    documents = folder / "documents"
    documents.mkdir()
    names = {fact: f"{'abcdefghij'[number % 10]}{number + 1}.txt" for number, fact in enumerate(facts)}
    for fact, name in names.items():  # as in training, which knows no other names
        (documents / name).write_text(fact.statement + "\n", "utf-8")
    assistant = Assistant.open(Config.load(folder / "home"))
    try:
        assistant.add([documents])
        for _ in assistant.index():
            pass
        assistant.models.add(model, name="toy")
        assistant.change(generator="toy", max_new_tokens=64)
        for wording in range(3):
            answers = [(fact, ask(assistant, fact, wording)) for fact in facts]
            words = sum(answer.text.split(" [")[0].strip() == fact.statement for fact, answer in answers)
            cited = sum([each.path.name for each in answer.citations][:1] == [names[fact]] for fact, answer in answers)
            name = " · ".join(ASKS[language][wording] for language in LANGUAGES)
            yield name, f"{words} of {len(facts)} with the right words, {cited} that cite the right file first"
        missing = [without_answer(fact) for fact in facts]
        declined = sum(is_declined(assistant, fact, number % 3) for number, fact in enumerate(missing))
        yield "another kind of the same thing, which no file tells", f"{declined} of {len(missing)} declined"
    finally:
        assistant.close()


def ask(assistant: Assistant, fact: Fact, wording: int) -> Answer:
    return next(event.answer for event in asking(assistant, fact, wording) if isinstance(event, Finished))


def is_declined(assistant: Assistant, fact: Fact, wording: int) -> bool:
    """By the model: the product then quotes what it found."""
    events = [*asking(assistant, fact, wording)]
    return any(isinstance(event, Notice) and event.code == "model_declined" for event in events)


def asking(assistant: Assistant, fact: Fact, wording: int) -> Iterator[AnswerEvent]:
    question = ASKS[fact.language][wording].format(kind=fact.kind, owner=fact.owner, thing=fact.thing)
    return assistant.ask(question)


def parsed(statement: str) -> Fact:
    """The fact of a sentence."""
    for language in LANGUAGES:
        pattern = _BLANK.sub(r"(?P<\1>.+)", re.escape(FACT[language]))
        if match := re.fullmatch(pattern, statement):
            return Fact(language, **match.groupdict())
    raise ValueError(statement)


def without_answer(fact: Fact) -> Fact:
    """A question about the same person and thing, of the kind that comes next."""
    known = kinds(fact.language)
    other = known[(known.index(fact.kind) + 1) % len(known)]
    return Fact(fact.language, other, fact.owner, fact.thing, fact.value)


if __name__ == "__main__":
    main()
