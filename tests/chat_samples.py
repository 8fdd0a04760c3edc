"""Chat samples for tests of training: short questions in words that the tests' tokenizer knows."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from engine.models.prompts import DECLINED, Language

_WORDS: dict[Language, list[str]] = {
    "en": "the red fox reads green book blue whale asks who".split(),
    "zh": "红色 狐狸 读 绿色 书 谁 的".split(),
}
_GLUE: dict[Language, str] = {"en": " ", "zh": ""}
_STOP: dict[Language, str] = {"en": ".", "zh": "。"}


def chat(number: int = 0, *, passages: int = 2, words: int = 5, declined: bool = False) -> dict[str, Any]:
    """A sample whose answer is the last sentence of one of its passages, or that none answers."""
    choose = random.Random(number)
    language: Language = "zh" if number % 2 else "en"

    def sentence() -> str:
        return _GLUE[language].join(choose.choices(_WORDS[language], k=words)) + _STOP[language]

    sources = [{"title": f"{place}.txt", "text": f"{sentence()} {sentence()}"} for place in "abcdefgh"[:passages]]
    cited = choose.randint(1, passages)
    fact = sources[cited - 1]["text"].split(_STOP[language])[-2].strip() + _STOP[language]
    return {
        "id": str(number),
        "lang": language,
        "question": sentence(),
        "passages": sources,
        "answer": DECLINED[language] if declined else f"{fact} [{cited}]",
        "cited": [] if declined else [cited],
        "answers": [] if declined else [fact],
        "source": "test",
        "license": "none",
        "document": str(number),
    }


def write(path: Path, samples: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(sample, ensure_ascii=False) + "\n" for sample in samples), "utf-8")
    return path
