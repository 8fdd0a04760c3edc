"""How long a person waits for the first written words, through the whole program; started by `generating`.

The questions come from the documents themselves. Each is asked three times, in a library of its own process: at once;
after it was typed for some seconds, with the passages computed ahead meanwhile; and after a pause that was long enough
for them. A follow-up on the same passages comes after each answer.
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
        return _measure(assistant, questions(assistant, 3 * count + 1))
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

    first, *rest = asked
    note("model not loaded", ask(assistant, first)[0])
    cold_s = 0.0
    for cold, typed, paused in zip(*[iter(rest)] * 3, strict=True):
        wait, history = ask(assistant, cold)
        cold_s = wait.get("first words", cold_s)
        note("asked at once", wait)
        note("follow-up", ask(assistant, FOLLOW_UP, history)[0])
        type_in(assistant, typed)
        note(f"typed for {TYPED_S:.0f} s", ask(assistant, typed)[0])
        type_in(assistant, paused)
        time.sleep(1.5 * cold_s + 1)
        note("passages computed ahead", ask(assistant, paused)[0])
    return {
        name: f"{statistics.median(each):.2f} (of {len(each)}: {min(each):.2f} to {max(each):.2f})"
        for name, each in waits.items()
    }


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
