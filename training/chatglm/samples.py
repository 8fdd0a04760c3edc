"""Chat samples become token ids: the prompt that the product writes, and the answer, which alone is learnt.

A line of a file is {"lang": "en" | "zh", "question", "passages": [{"title", "text"}, …], "answer", "cited": [1, …], …},
and "history": [{"question", "answer"}, …] where there were earlier turns. Lines are read again whenever they are
wanted; in memory are a few bytes for each.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from engine.documents.sentences import sentences
from engine.errors import EngineError, UsageError
from engine.models.converting import end_ids, read_tokenizer
from engine.models.manifest import Chat
from engine.models.prompts import Language, Prompt, PromptWriter, Source
from engine.models.tokens import FILE_NAME, Tokens
from engine.texts import say_error
from engine.types import Turn
from training.chatglm.base import Base
from training.errors import TrainingError
from training.lines import Lines
from training.progress import Progress


@dataclass(frozen=True, slots=True)
class Sample:
    """A question with its numbered passages, and what the model is to say. `sources` are in the order of numbers."""

    language: Language
    question: str
    sources: tuple[Source, ...]
    answer: str  # with its marks
    cited: tuple[int, ...]  # numbers from 1; none where no passage answers
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A conversation as ids: loss is on those from `answer` on."""

    ids: tuple[int, ...]
    answer: int


class NoRoomError(Exception):
    """A sample cannot be learnt within the tokens that there are. Its text says what has no room."""


# --- one sample --------------------------------------------------------------------------------------------------


class SampleWriter:
    """Writes samples as the product writes prompts, for the tokenizer of one model."""

    def __init__(self, base: Base) -> None:
        """Raises TrainingError when the folder's tokenizer cannot be used."""
        try:
            text, special = read_tokenizer(base.folder, base.shape)
            chat = Chat(special, end_ids(special), 1, 1)
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, FILE_NAME).write_text(text, "utf-8")
                self.tokens = Tokens.open(Path(folder), chat)
        except EngineError as error:
            raise TrainingError(say_error(error, "en"), 3) from error
        self.end_id = chat.end_ids[0]
        self._prompts = PromptWriter(self.tokens)

    def encode(self, sample: Sample, max_tokens: int) -> Encoded:
        """At most `max_tokens` ids. Passages that have no room are left out from the last on, as in the product.

        Raises NoRoomError when one of them is cited: the model would learn to make things up.
        """
        answer = (*self.tokens.encode(sample.answer), self.end_id)
        try:
            prompt = self._prompt(sample, sample.sources, max_tokens - len(answer))
        except UsageError as error:
            raise NoRoomError("the question or the answer") from error
        if any(number > len(prompt.kept) for number in sample.cited) or self._is_cut(sample, prompt):
            raise NoRoomError("a cited passage")
        start = (*prompt.fixed, *prompt.passages, *prompt.question)
        return Encoded(start + answer, len(start))

    def _prompt(self, sample: Sample, sources: Sequence[Source], budget_tokens: int) -> Prompt:
        return self._prompts.build(sample.language, sources, sample.history, sample.question, budget_tokens)

    def _is_cut(self, sample: Sample, prompt: Prompt) -> bool:
        """Whether the only passage with room, a cited one, lost its last sentences."""
        if 1 not in sample.cited or len(prompt.kept) != 1:
            return False
        whole = self._prompt(sample, sample.sources[:1], 1 << 30)
        return len(whole.passages) > len(prompt.passages)


# --- many samples ------------------------------------------------------------------------------------------------


class Samples:
    """The samples of several files by number, without those that have no room; `left_out` counts them by the reason.

    Each line is read and encoded once at the start: a broken one is told before anything is learnt from the others.
    The files stay open until the `with` block ends.
    """

    def __init__(self, paths: Sequence[Path], writer: SampleWriter, max_tokens: int, quiet: bool = False) -> None:
        """Raises TrainingError: a missing or empty file, a broken line, or nothing that has room."""
        self.left_out: Counter[str] = Counter()
        self.lengths = array("q")  # tokens
        self._writer = writer
        self._max_tokens = max_tokens
        self._rows = array("q")
        self._lines = Lines(paths)
        with ExitStack() as unless_read:
            unless_read.enter_context(self._lines)
            self.digest = self._read(quiet)  # of all ids
            if not self._rows:
                raise TrainingError(f"No sample of {', '.join(map(str, paths))} has room in {max_tokens} tokens.")
            unless_read.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.__exit__()

    def _read(self, quiet: bool) -> str:
        digest = hashlib.blake2b(digest_size=8)
        with Progress(len(self._lines), "Reading samples", quiet=quiet) as progress:
            for row in range(len(self._lines)):
                try:
                    encoded = self._encoded(row)
                except NoRoomError as error:
                    self.left_out[str(error)] += 1
                else:
                    self._rows.append(row)
                    self.lengths.append(len(encoded.ids))
                    digest.update(array("q", encoded.ids).tobytes())
                progress.step()
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> Encoded:
        return self._encoded(self._rows[number])

    def _encoded(self, row: int) -> Encoded:
        try:
            sample = parsed(self._lines[row])
        except ValueError as error:
            raise self._lines.broken(row, str(error)) from error
        return self._writer.encode(sample, self._max_tokens)


def parsed(line: dict[str, Any]) -> Sample:
    """Raises ValueError with what is wrong, as the rest of a sentence."""
    language = line.get("lang")
    if language not in ("en", "zh"):
        raise ValueError(f"it has {language!r} as 'lang', which should be en or zh")
    passages = [_passage(each) for each in _listed(line, "passages")]
    cited = tuple(_listed(line, "cited"))
    if not all(type(number) is int and 1 <= number <= len(passages) for number in cited):
        raise ValueError(f"it has {list(cited)} as 'cited' beside {len(passages)} passages")
    return Sample(
        language,
        _text(line, "question"),
        tuple(passages),
        _text(line, "answer"),
        cited,
        tuple(_turn(each) for each in _listed(line, "history", [])),
    )


def _passage(value: Any) -> Source:
    if not isinstance(value, dict) or not isinstance(value.get("title"), str):
        raise ValueError("one of its 'passages' has no 'title'")
    return Source(value["title"], _cut(_text(value, "text")))


def _turn(value: Any) -> Turn:
    if not isinstance(value, dict):
        raise ValueError("one of its 'history' is no object")
    return Turn(_text(value, "question"), _text(value, "answer"))


def _cut(text: str) -> tuple[str, ...]:
    """The sentences, each with the blanks behind it, as the product cuts a passage."""
    starts = [start for start, _ in sentences(text)][1:]
    ends = zip([0, *starts], [*starts, len(text)], strict=True)
    return tuple(text[start:end] for start, end in ends)


def _listed(line: dict[str, Any], key: str, default: list[Any] | None = None) -> list[Any]:
    value = line.get(key, default)
    if not isinstance(value, list):
        raise ValueError(f"it has no list as '{key}'")
    return value


def _text(line: dict[str, Any], key: str) -> str:
    value = line.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"it has no text as '{key}'")
    return value
