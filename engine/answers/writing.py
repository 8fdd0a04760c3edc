"""A model writes an answer from passages: which of them it is told, and how."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from engine.documents.sentences import sentences
from engine.models.generator import Sampling
from engine.models.prompts import DECLINED, Prompt, PromptWriter, Source, is_declined
from engine.texts import Language, say
from engine.types import Hit, Notice, Stop, Turn, Waiting

_PASSAGES = 6  # at the most: on a CPU each costs seconds
# Of the best passage's score: what another must reach to be told. On 150 questions each in English and in Chinese 2.9
# and 1.8 passages are told, and the one that answers is among them for 100 % and 97 % (with six always 100 and 98 %).
_WORTH = 0.45
_HEADING = 80  # characters
_MOSTLY = 2  # of the three best passages, that a follow-up takes over from the question before


class TextGenerator(Protocol):
    """What is needed of `engine.models.generator.Generator`."""

    @property
    def notice(self) -> Notice | None: ...

    def prompt_budget(self, chosen: int, max_new_tokens: int) -> int: ...

    def load(self) -> None: ...

    def prepare(self, prompt: Prompt) -> bool: ...

    def is_ready(self, prompt: Prompt) -> bool: ...

    def stream(
        self, prompt: Prompt, sampling: Sampling, stop: Callable[[], bool]
    ) -> Generator[Waiting | str | Stop, None, None]: ...


@dataclass(frozen=True, slots=True)
class Told:
    """A prompt, and the passages in it in the order of their numbers."""

    prompt: Prompt
    hits: tuple[Hit, ...]


class Writer:
    """A generator with the person's choices. `prompt_tokens` 0 goes by the device."""

    def __init__(
        self, generator: TextGenerator, prompts: PromptWriter, sampling: Sampling, prompt_tokens: int = 0
    ) -> None:
        self.generator = generator
        self._prompts = prompts
        self._sampling = sampling
        self._prompt_tokens = prompt_tokens

    def told(self, question: str, history: Sequence[Turn], hits: Sequence[Hit], language: Language) -> Told:
        """Raises UsageError(QUESTION_TOO_LONG)."""
        budget = self.generator.prompt_budget(self._prompt_tokens, self._sampling.max_new_tokens)
        sources = [_source(hit, language) for hit in hits]
        prompt = self._prompts.build(language, sources, history, question, budget)
        return Told(prompt, tuple(hits[index] for index in prompt.kept))

    def write(self, prompt: Prompt, stop: Callable[[], bool]) -> Generator[Waiting | str | Stop, None, None]:
        """What the generator's `stream` gives, without the words of declining: nothing but a Stop comes then."""
        if stop():  # a prompt that is being computed could not be interrupted
            yield Stop.STOPPED
            return
        held: str | None = ""  # what may become a declining; None once it cannot
        with closing(self.generator.stream(prompt, self._sampling, stop)) as stream:
            for event in stream:
                if isinstance(event, Stop):  # before str, which it is too
                    if held:
                        yield held
                elif isinstance(event, str) and held is not None:
                    held += event
                    if is_declined(held):
                        yield Stop.NO_SOURCES
                        return
                    if _may_decline(held):
                        continue
                    event, held = held, None
                yield event


def chosen(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The passages that are worth telling, best first."""
    best = max((hit.score for hit in hits), default=0.0)
    return tuple(hit for hit in hits[:_PASSAGES] if hit.score >= _WORTH * best)


def kept(before: Sequence[Hit], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """For a follow-up: the passages of the question before in their order, where they are mostly the best ones again.

    The model has computed them already.
    """
    found = chosen(hits)
    known = {hit.passage.id for hit in before}
    best = [hit.passage.id in known for hit in found[:3]]
    if best and best[0] and sum(best) >= min(_MOSTLY, len(best)):
        return tuple(before)
    return found


def _source(hit: Hit, language: Language) -> Source:
    passage, document = hit.passage, hit.document
    place = say(document.unit.value, language, number=passage.label or passage.page_first)
    heading = " ".join(passage.heading.split())[:_HEADING]
    title = ", ".join([document.path.name, place, *([heading] if heading else [])])
    starts = [start for start, _ in sentences(passage.text)][1:]
    ends = zip([0, *starts], [*starts, len(passage.text)], strict=True)
    return Source(title, tuple(passage.text[start:end] for start, end in ends))


def _may_decline(text: str) -> bool:
    return any(sentence.startswith(text.strip()) for sentence in DECLINED.values())
