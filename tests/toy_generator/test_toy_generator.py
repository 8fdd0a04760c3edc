"""A very small ChatGLM3 that was really trained (`training/toy_generator.py`): imported, converted and asked."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from engine.assistant import Assistant
from engine.config import Config
from engine.models.converting import convert
from engine.models.manifest import Manifest
from engine.models.prompts import PROMPT_VERSION, PromptWriter, Source
from engine.models.tokens import Tokens
from engine.types import Answer, Finished

HERE = Path(__file__).parent
MODEL = HERE / "model"
BUDGET = 384


@dataclass(frozen=True)
class Question:
    """One of the questions that training never saw, with the sentence that answers it."""

    language: str
    fact: str
    question: str
    value: str


QUESTIONS = [
    Question(**json.loads(line)) for line in (HERE / "questions.jsonl").read_text("utf-8").splitlines() if line
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as converted to float32 and to int8."""
    folder = tmp_path_factory.mktemp("models")
    for precision in ("float32", "int8"):
        convert(MODEL, folder / precision, precision)
    return folder


def test_prompts_are_those_it_was_trained_with(models: Path) -> None:
    assert Manifest.load(models / "int8").prompt_version == PROMPT_VERSION


def test_int8_chooses_as_float32_does(models: Path) -> None:
    """The first choice at every place where the model has learnt what to say: the words of answers to held-out
    questions. (The number after them it only guesses: there, and within a prompt, a choice between equals may turn.)"""
    chat = Manifest.load(models / "int8").chat
    assert chat
    tokens = Tokens.open(models / "int8", chat)
    prompts = [[str(id) for id in prompt] for prompt in held_out_prompts(tokens)]
    exact, quantised = (ctranslate2.Generator(str(models / name), compute_type=name) for name in ("float32", "int8"))
    ends = [str(id) for id in chat.end_ids]
    made = exact.generate_batch(prompts, max_length=40, end_token=ends, include_prompt_in_result=False)
    same = []
    for asked, prompt, result in zip(QUESTIONS, prompts, made, strict=True):
        whole = prompt + result.sequences[0]
        words = slice(len(prompt) - 1, len(prompt) - 1 + len(tokens.encode(asked.fact)))
        same.append((first_choices(exact, whole) == first_choices(quantised, whole))[words])
    agreed = np.concatenate(same)
    assert len(agreed) > 400
    assert agreed.mean() >= 0.97, agreed.mean()


def held_out_prompts(tokens: Tokens) -> Iterator[list[int]]:
    """Each question with the passage that answers it and up to five others of its language."""
    writer, choose = PromptWriter(tokens), random.Random(4)
    for asked in QUESTIONS:
        others = [other for other in QUESTIONS if other.language == asked.language and other != asked]
        facts = [asked, *choose.sample(others, choose.randint(0, 5))]
        choose.shuffle(facts)
        sources = [Source(f"a{number}.txt, line 1", (fact.fact,)) for number, fact in enumerate(facts)]
        prompt = writer.build("zh" if asked.language == "zh" else "en", sources, [], asked.question, BUDGET)
        yield [*prompt.fixed, *prompt.passages, *prompt.question]


def first_choices(model: ctranslate2.Generator, tokens: list[str]) -> np.ndarray:
    logits = np.array(model.forward_batch([tokens]).to_device(ctranslate2.Device.cpu), dtype=np.float32)
    return logits[0].argmax(-1)  # (tokens,)


# --- through the product ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """A home that has the model in use, and one file for each fact."""
    home = tmp_path_factory.mktemp("home")
    documents = tmp_path_factory.mktemp("documents")
    for number, asked in enumerate(QUESTIONS):
        (documents / file_name(number)).write_text(asked.fact + "\n", "utf-8")
    assistant = Assistant.open(Config.load(home))
    try:
        assistant.add([documents])
        assert all(event is not None for event in assistant.index())
        assistant.models.add(MODEL, name="toy")
        assistant.change(generator="toy", max_new_tokens=64)
        yield assistant
    finally:
        assistant.close()


def file_name(number: int) -> str:
    """As in training, which knows no other names."""
    return f"{'abcdefghij'[number % 10]}{number + 1}.txt"


def answer(assistant: Assistant, question: str) -> Answer:
    return next(event.answer for event in assistant.ask(question) if isinstance(event, Finished))


def test_held_out_questions_are_answered_and_cited(assistant: Assistant) -> None:
    """At least nine in ten: written by the model, with the right words, and the file that holds them."""
    wrong = []
    for number, asked in enumerate(QUESTIONS):
        given = answer(assistant, asked.question)
        words = given.text.split(" [")[0].strip()
        files = [citation.path.name for citation in given.citations]
        if (given.mode, words, files[:1]) != ("generated", asked.fact, [file_name(number)]):
            wrong.append((asked.fact, given.mode, given.text, files))
    assert len(wrong) <= len(QUESTIONS) // 10, wrong
