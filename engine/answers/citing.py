"""What a model writes, told as pieces, with the numbers of the passages that each sentence rests on.

The model's own marks are only a hint: every sentence is held against the passages, gets the marks of those that support
it, or the mark that none does. Text is told as it comes; marks follow once their sentence has ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.answers.extracting import cited
from engine.answers.figures import stated_numbers
from engine.answers.marks import Mark, MarkReader, Text
from engine.answers.supporting import Support, Supported
from engine.documents.sentences import sentences
from engine.library.keywords import CJK, content_terms
from engine.models.prompts import is_declined
from engine.types import UNSUPPORTED, Citation, Piece

_AT_MOST = 3  # marks after one sentence
_ALSO = 0.85  # of the best passage's score: what another needs to be named beside it, unless the model named it
_INTRODUCES = 12  # words, or twice as many Chinese characters, that may stand before a colon and claim nothing
_SPECIAL = {"[": r"\[", "]": r"\]", "<": r"\<", "\\": r"\\"}  # a written text makes no links, pictures or tags
_OPENING = re.compile(
    r"(yes|no|sure|certainly|of course|in (summary|short|conclusion)|to sum up|hello|thank you"
    r"|是的?|不是|否|对|好的?|当然|可以|总之|综上所述|您好|谢谢)[\s,.!，。！:：]*$",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{1,6} |\*\*[^*]+\*\*[:：]?$|[-=_*|: ]+$")
_LIST_MARK = re.compile(
    r"^\s*(?:[-*+•>]\s+|[(（]?\d{1,3}[.)、）．]\s*(?!\d)|[①-⑳]\s*|第[一二三四五六七八九十]{1,2}[，,、：:]\s*|#{1,6}\s+)"
)
_NAMED_PASSAGE = re.compile(  # another way of pointing to one: its number is none of the sentence's
    r"[(（]?(?:\b(?:according to|as stated in|in|from) )?(?:\bthe )?\bpassages? \d{1,2}\b[)）]?"
    r"|[(（]?(?:根据|依据|见)?(?:段落\s*\d{1,2}|第\s*\d{1,2}\s*(?:个段落|段))[)）]?",
    re.IGNORECASE,
)
_WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")


class Citer:
    """Takes the text of one answer, piece by piece."""

    def __init__(self, support: Support) -> None:
        self.citations: list[Citation] = []  # in the order of their numbers
        self.has_support = False  # any sentence so far
        self._support = support
        self._reader = MarkReader()
        self._unit = ""  # the sentence at hand, as it was written, with the blanks before it
        self._shown: list[str] = []  # the same, as it is told: one string for each character
        self._told = 0  # characters of it that were told
        self._marked: set[int] = set()

    def feed(self, text: str) -> Iterator[Piece]:
        for token in self._reader.feed(text):
            yield from self._take(token)

    def finish(self, *, cut: bool = False) -> Iterator[Piece]:
        """What is left; `cut`: the last sentence is not complete, so that nobody can say what supports it."""
        for token in self._reader.rest():
            yield from self._take(token)
        if self._unit.strip():
            yield from self._marks(cut and not self._unit.rstrip().endswith((".", "!", "?", "。", "！", "？", "…")))

    def _take(self, token: Text | Mark) -> Iterator[Piece]:
        if isinstance(token, Mark):
            self._marked.update(token.numbers)
            return
        self._unit += token.text
        self._shown += token.text if token.is_code else [_SPECIAL.get(char, char) for char in token.text]
        while (end := _end(self._unit)) is not None:
            yield from self._tell(max(end, self._told))
            yield from self._marks()
            self._unit, self._shown, self._told = self._unit[self._told :], self._shown[self._told :], 0
        yield from self._tell(len(self._unit.rstrip()))

    def _tell(self, until: int) -> Iterator[Piece]:
        if until > self._told:
            yield Piece("".join(self._shown[self._told : until]))
            self._told = until

    def _marks(self, cut: bool = False) -> Iterator[Piece]:
        sentence, marked = self._unit[: self._told].strip(), self._marked
        self._marked = set()
        if not needs_support(sentence):
            return
        supported = _chosen(self._support.of(spoken(sentence)), marked)
        if _is_block(sentence) and (supported or not cut):
            yield Piece("\n\n")  # behind a fence or a table's row a mark would belong to it
        for citation in dict.fromkeys(self._citation(each) for each in supported):
            yield Piece(f" [{citation.number}]", citation)
        self.has_support = self.has_support or bool(supported)
        if not supported and not cut:
            yield Piece(UNSUPPORTED)

    def _citation(self, supported: Supported) -> Citation:
        """The same words have the same number, whichever sentence rests on them."""
        new = cited(supported.quote, len(self.citations) + 1)
        for known in self.citations:
            if (known.path, known.page, known.quote) == (new.path, new.page, new.quote):
                return known
        self.citations.append(new)
        return new


def needs_support(sentence: str) -> bool:
    """Whether the sentence claims anything: a heading, "Yes." or what only introduces a list does not."""
    said = _LIST_MARK.sub("", sentence) if not _HEADING.match(sentence) else ""
    if not said or _OPENING.match(said) or is_declined(said) or not content_terms(said):
        return False
    introduces = said.endswith((":", "：")) and not stated_numbers(said)
    words = _WORD.findall(said)
    room = _INTRODUCES * (2 if any(re.match(f"[{CJK}]", word) for word in words) else 1)
    return not (introduces and len(words) <= room)


def spoken(sentence: str) -> str:
    """The sentence without what Markdown puts around it, and without a passage's number in words."""
    said = _NAMED_PASSAGE.sub(" ", _LIST_MARK.sub("", sentence))
    return re.sub(r"\*\*|__|`+|^\|", " ", said).replace("|", " ").strip(" ,，")


def _chosen(supporting: Sequence[Supported], marked: set[int]) -> Sequence[Supported]:
    """Those the model named, if they support it; else the best, and what supports it as well."""
    named = [each for each in supporting if each.number in marked]
    if named:
        return named[:_AT_MOST]
    best = supporting[0].quote.score if supporting else 0.0
    return [each for each in supporting if each.quote.score >= _ALSO * best][:_AT_MOST]


def _end(text: str) -> int | None:
    """Where the first sentence of `text` ends, None while it may go on. Code and a table's rows stay together."""
    start = len(text) - len(text.lstrip())
    begins = text[start:]
    if begins.startswith("```"):
        closed = re.search(r"\n[ \t]*```[ \t]*(?=\n\s*\S)", begins)
        return start + closed.end() if closed else None
    if begins.startswith("|"):
        rows = re.match(r"(?:\|[^\n]*\n[ \t]*)+\s*(?=[^|\s])", begins)
        return start + len(rows[0].rstrip()) if rows else None
    found = sentences(text)
    return found[0][1] if len(found) > 1 else None


def _is_block(sentence: str) -> bool:
    return sentence.startswith(("```", "|"))
