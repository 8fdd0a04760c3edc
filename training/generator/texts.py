"""Plain text to learn from: {"text", "lang", "source", "license"} a line, plain or zstd; one document in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.prompts import Language
from training.data.normalising import digest, language_of
from training.data.records import NOT_STATED, BrokenLine, Tally, drawn_lines, files_in, objects


@dataclass(frozen=True, slots=True)
class Document:
    text: str
    language: Language
    license: str
    file: str  # where it stood: "zh/laws.jsonl.zst"


def documents(paths: Sequence[Path], limit: int | None = None, seed: int = 0) -> Iterator[Document]:
    """The documents of all files, in order; a folder stands for its files. `limit`: so many of each, drawn by the seed.

    Raises TrainingError for a path that is missing, a file that is empty or damaged, a line without a text.
    """
    for path in files_in(paths):
        for number, row in objects(path, Tally(), chosen=drawn_lines(path, limit, seed)):
            if not isinstance(row.get("text"), str):
                raise BrokenLine(path, number, "it has no text")
            yield _document(row, f"{path.parent.name}/{path.name}")


def place_of(text: str, seed: int) -> float:
    """From 0 to below 1, spread evenly over texts: what is drawn by it does not depend on the order of the texts."""
    return digest(f"{seed} {text}") / 2**64


def _document(row: dict[str, Any], file: str) -> Document:
    named = str(row.get("lang") or language_of(row["text"]))
    return Document(row["text"], "zh" if named.startswith("zh") else "en", row.get("license") or NOT_STATED, file)
