"""How long a person waits for the first written words, through the whole program; started by `generating`.

The questions come from the documents themselves. Each is asked three times, of a model that was just loaded: at once;
after it was typed for some seconds, with the passages computed ahead meanwhile; and after a pause that was long enough
for them. A follow-up on the same passages comes last.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.assistant import Assistant
from engine.config import Config
from engine.documents.sentences import sentences
from engine.models.manifest import Manifest
from engine.types import Finished, Piece, Quoted, Turn, Waiting

NEW_TOKENS = 16
TYPED_S = 4.0  # a question of some 40 letters
BETWEEN_DRAFTS_S = 0.25
HELD_S = 0.6  # passages are computed ahead once they have held for half a second
FOLLOW_UP = "And why is that?"

Waits = dict[str, float]  # seconds


def measure(home: Path, documents: Path, model: Path, count: int) -> dict[str, Any]:
    """Median seconds until the first written words, by how the question was asked."""
    name = link_model(home, model)
    assistant = Assistant.open(Config.load(home))
    try:
        assistant.change(generator=name, max_new_tokens=NEW_TOKENS, unload_after_minutes=0)
        assistant.add([documents])
        for _ in assistant.index():
            pass
        return _measure(assistant, questions(assistant, count))
    finally:
        assistant.close()


def link_model(home: Path, model: Path) -> str:
    """As if it were imported: a copy of six gigabytes would say nothing more."""
    name = Manifest.load(model).name
    (home / "models").mkdir(parents=True)
    (home / "models" / name).symlink_to(model.resolve())
    return name


def questions(assistant: Assistant, count: int) -> list[str]:
    """Sentences of the documents, asked; each from another document, so that no two rest on the same passages."""
    found: dict[int, str] = {}
    for start in range(1, assistant.store.passage_count() + 1, 500):
        for passage, _ in assistant.store.passages(range(start, start + 500)).values():
            texts = (passage.text[a:b].strip("#>*-: \n") for a, b in sentences(passage.text))
            fit = [text for text in texts if 40 < len(text) < 120]
            if fit:
                found.setdefault(passage.document_id, f"{fit[0].rstrip('.')}?")
    assert len(found) >= count, f"{count} documents with a sentence of ordinary length are needed, not {len(found)}"
    return [*found.values()][:count]


def _measure(assistant: Assistant, asked: Sequence[str]) -> dict[str, Any]:
    waits: dict[str, list[float]] = defaultdict(list)

    def note(how: str, wait: Waits) -> None:
        for name, seconds in wait.items():
            waits[f"{how}: {name}, s"].append(seconds)

    for question in asked:
        load_anew(assistant)
        wait, _ = ask(assistant, question)
        note("asked at once", wait)
        load_anew(assistant)
        type_in(assistant, question)
        note(f"typed for {TYPED_S:.0f} s", ask(assistant, question)[0])
        load_anew(assistant)
        type_in(assistant, question)
        time.sleep(1.5 * wait["first words"] + 1)
        ahead, history = ask(assistant, question)
        note("passages computed ahead", ahead)
        note("follow-up", ask(assistant, FOLLOW_UP, history)[0])
        waits["ahead over at once: first words"].append(ahead["first words"] / wait["first words"])
    return {
        name: f"{statistics.median(each):.2f} (of {len(each)}: {min(each):.2f} to {max(each):.2f})"
        for name, each in waits.items()
    }


def load_anew(assistant: Assistant) -> None:
    """The model is loaded and has computed nothing."""
    assistant.change(device="" if assistant.config.settings.device else "cpu")
    generator = assistant._generation.generator(assistant.config)
    assert generator
    generator.check()


def ask(assistant: Assistant, question: str, history: Sequence[Turn] = ()) -> tuple[Waits, list[Turn]]:
    """Seconds to the quotes, to the first written words and to the end; the conversation with this answer."""
    started = time.perf_counter()
    waits: Waits = {}
    written = False
    for event in assistant.ask(question, history=history):
        now = time.perf_counter() - started
        match event:
            case Quoted():
                waits["quotes"] = now
            case Waiting():
                written = True
            case Piece() if written:
                waits.setdefault("first words", now)
            case Finished(answer):
                waits["end"] = now
    # what no passage is related to is not written: nothing to measure
    return waits if written else {}, [*history, Turn(question, answer.text)]


def type_in(assistant: Assistant, question: str) -> None:
    """As the window does it: a draft a few times a second, and once more after the last change."""
    for text in _growing(question, round(TYPED_S / BETWEEN_DRAFTS_S)):
        assistant.draft(text)
        time.sleep(BETWEEN_DRAFTS_S)
    time.sleep(HELD_S)
    assistant.draft(question)


def _growing(text: str, steps: int) -> Iterator[str]:
    return (text[: len(text) * step // steps] for step in range(1, steps + 1))
