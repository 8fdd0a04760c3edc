"""What a generator is told: ChatGLM3's chat format, and our instruction with the numbered passages.

Training builds its samples here too: what is trained is what is served. A prompt is made of id lists that are joined,
never of strings, so that no text becomes a special token; and its beginning is the same for as long as the passages
are, so that it can be computed once.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.errors import Code, UsageError
from engine.types import Turn

PROMPT_VERSION = "1"

Language = Literal["en", "zh"]
Ids = tuple[int, ...]

DECLINED: dict[Language, str] = {"en": "The passages do not answer this.", "zh": "这些段落没有回答这个问题。"}

_TEMPLATES: dict[Language, str] = {
    "en": (
        "Answer the question from these passages only. After each sentence put the number of its passage, like [1]. "
        "If they do not answer it, say: {decline}\n\n{passages}"
    ),
    "zh": "只根据以下段落回答问题，并在每句话后注明段落编号，如[1]。如果其中没有答案，就说：{decline}\n\n{passages}",
}

STYLES: dict[str, dict[Language, str]] = {  # what stands before the passages, by the setting `answer_style`
    "brief": {"en": "Answer in one or two sentences.", "zh": "请用一两句话回答。"},
    "detailed": {
        "en": "Answer in detail, with everything that the passages say about it.",
        "zh": "请详细回答，写出段落中与问题有关的全部内容。",
    },
    "list": {"en": "Answer as a list of short points.", "zh": "请用简短的要点列表回答。"},
}

_EXAMPLES: dict[Language, tuple[tuple[str, str], ...]] = {  # what a preview stands in for passages
    "en": (
        ("handbook.pdf, page 12", "Door and badge records are kept for 120 days."),
        ("minutes.md, line 8", "Legal may ask for a longer time in writing."),
    ),
    "zh": (("制度.pdf，第 12 页", "门禁记录保存 120 天。"), ("会议纪要.md，第 8 行", "法务部可以书面要求延长。")),
}

_LONGEST_TEMPLATE = 1200  # characters: what a prompt on a processor has room for beside the passages
_FOR_PASSAGES = 0.75  # of the budget, whatever the question: else every letter typed would change the passages
_PLACE = "\0"  # stands for the passages while a template is filled

_EARLIER_MARK = re.compile(r" ?\[(\d{1,3}|\?)\]")
_NUMBER_IN_BRACKETS = re.compile(r"\[(\d{1,3}(?:\s*[,，–-]\s*\d{1,3})*)\]")


class Encoder(Protocol):
    @property
    def special(self) -> Mapping[str, int]: ...

    def encode(self, text: str) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """One passage as the model is to see it."""

    title: str  # where it stands: "report.pdf, page 3"
    sentences: tuple[str, ...]  # in order; joined they are the passage


@dataclass(frozen=True, slots=True)
class Prompt:
    """The three parts follow each other; the model's next token is the first of the answer."""

    fixed: Ids  # the instruction: the same for every question of a language
    passages: Ids  # the same while the passages are
    question: Ids  # earlier turns, the question, and the beginning of the answer's message
    kept: tuple[int, ...]  # which of the sources stand in it, in the order of their numbers 1, 2, ...


class PromptWriter:
    """Writes prompts for one model. `templates` by language; "" or none is our own."""

    def __init__(self, tokens: Encoder, templates: Mapping[Language, str] | None = None, style: str = "") -> None:
        """Raises UsageError(BAD_TEMPLATE)."""
        self._tokens = tokens
        self._style = style
        self._newline = tuple(tokens.encode("\n"))
        self._frames = {language: self._frame((templates or {}).get(language, ""), language) for language in _TEMPLATES}

    def build(
        self, language: Language, sources: Sequence[Source], history: Sequence[Turn], question: str, budget_tokens: int
    ) -> Prompt:
        """`sources` best first. What exceeds the budget is left out: oldest turns, weakest passages, last sentences.

        A sentence is whole or absent. Raises UsageError(QUESTION_TOO_LONG) when the budget has room for none of them.
        """
        before, after = self._frames[language]
        asked = self._message("<|user|>", question) + self._message("<|assistant|>", "")
        room = min(round(_FOR_PASSAGES * budget_tokens), budget_tokens - len(asked)) - len(before) - len(after)
        if room < 1:
            raise UsageError(Code.QUESTION_TOO_LONG)
        kept, passages = self._passages(sources, room)
        if sources and not kept:
            raise UsageError(Code.QUESTION_TOO_LONG)
        spent = max(len(before) + len(passages) + len(after), round(_FOR_PASSAGES * budget_tokens))
        turns = self._turns(history, budget_tokens - spent - len(asked))
        return Prompt(before, passages + after, turns + asked, kept)

    def _frame(self, template: str, language: Language) -> tuple[Ids, Ids]:
        """What stands before the passages, and behind them."""
        before, after = _filled(template, self._style, language)
        start = (self._tokens.special["[gMASK]"], self._tokens.special["sop"])
        return start + self._message("<|system|>", before), self._encode(after)

    def _message(self, role: str, text: str) -> Ids:
        """As ChatGLM3's own tokenizer joins it: the role's id, the line after it (for metadata, empty), the text."""
        return (self._tokens.special[role], *self._newline, *self._encode(text))

    def _encode(self, text: str) -> Ids:
        return tuple(self._tokens.encode(text)) if text else ()

    def _passages(self, sources: Sequence[Source], room: int) -> tuple[tuple[int, ...], Ids]:
        kept: list[int] = []
        ids: Ids = ()
        for index, source in enumerate(sources):
            number = len(kept) + 1
            block = self._block(number, source)
            if not kept and len(block) > room:
                block = self._trimmed(number, source, room)
            if block and len(ids) + len(block) <= room:
                kept.append(index)
                ids += block
            elif kept:
                break  # what follows is weaker still
        return tuple(kept), ids

    def _trimmed(self, number: int, source: Source, room: int) -> Ids:
        """The passage without its last sentences; nothing when not even the first has room."""
        sentences = source.sentences
        while sentences := sentences[:-1]:
            block = self._block(number, Source(source.title, sentences))
            if len(block) <= room:
                return block
        return ()

    def _block(self, number: int, source: Source) -> Ids:
        return self._encode(
            f"[{number}] {_unnumbered(source.title)}\n{_unnumbered(''.join(source.sentences)).strip()}\n\n"
        )

    def _turns(self, history: Sequence[Turn], room: int) -> Ids:
        """The latest turns that have room, oldest of them first."""
        ids: Ids = ()
        for turn in reversed(history):
            earlier = self._message("<|user|>", turn.question)
            earlier += self._message("<|assistant|>", _EARLIER_MARK.sub("", turn.answer).strip())
            if len(earlier) + len(ids) > room:
                break
            ids = earlier + ids
        return ids


def default_template(language: Language) -> str:
    return _TEMPLATES[language]


def preview(template: str, style: str, language: Language) -> str:
    """What a model is told, with two passages as an example. Raises UsageError(BAD_TEMPLATE)."""
    before, after = _filled(template, style, language)
    blocks = (f"[{number}] {title}\n{text}\n\n" for number, (title, text) in enumerate(_EXAMPLES[language], start=1))
    return f"{before}{''.join(blocks)}{after}".strip()


def check_template(text: str) -> None:
    """Raises UsageError(BAD_TEMPLATE) unless `text` has {passages} once, {decline} at most once, and no other field."""
    if len(text) > _LONGEST_TEMPLATE:
        raise UsageError(Code.BAD_TEMPLATE, why="long_template", count=len(text), most=_LONGEST_TEMPLATE)
    if _PLACE in text:
        raise UsageError(Code.BAD_TEMPLATE, why="odd_field", field=repr(_PLACE))
    try:
        parts = [*string.Formatter().parse(text)]
    except ValueError as error:
        raise UsageError(Code.BAD_TEMPLATE, why="words", words=error) from error
    fields = [name for _, name, _, _ in parts if name is not None]
    for name in fields:
        if name not in ("passages", "decline"):
            raise UsageError(Code.BAD_TEMPLATE, why="odd_field", field=f"{{{name}}}")
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise UsageError(Code.BAD_TEMPLATE, why="odd_field", field="{passages:…}")
    for name, may_be in (("passages", (1,)), ("decline", (0, 1))):
        if (count := fields.count(name)) not in may_be:
            raise UsageError(Code.BAD_TEMPLATE, why="field_count", field=f"{{{name}}}", count=count)


def is_declined(text: str) -> bool:
    """Whether an answer says, in the words that it was given, that the passages hold none."""
    said = _bare(text)
    return any(said.startswith(_bare(sentence)) for sentence in DECLINED.values())


def _filled(template: str, style: str, language: Language) -> tuple[str, str]:
    """What stands before the passages, the style's sentence last, and behind them. Raises UsageError(BAD_TEMPLATE)."""
    template = template or default_template(language)
    check_template(template)
    before, after = template.format(passages=_PLACE, decline=DECLINED[language]).split(_PLACE)
    if style in STYLES:
        before = before.rstrip()
        blank = " " if before and language == "en" else ""
        before = f"{before}{blank}{STYLES[style][language]}\n\n"
    return before, after


def _unnumbered(text: str) -> str:
    """A document's own [7] as (7): in a prompt only our numbers stand in square brackets."""
    return _NUMBER_IN_BRACKETS.sub(r"(\1)", text)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
