"""Cuts a document into passages: on sentence ends, within a fixed budget, each with its heading and its lines.

The budget is counted by our own rule (`budget`), so passages do not depend on a model: a new embedder re-embeds the
same passages, and citations stay valid.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from engine.documents.budget import BUDGET, cut_within, token_count
from engine.documents.flowing import Flow, flow
from engine.documents.sentences import sentences
from engine.types import Chunk, Page, Span

_FULL_FOR_HEADING = 0.4  # of the budget: then a passage rather ends than takes in a new section
_FULL_FOR_PARAGRAPH = 0.8  # then it rather ends with its paragraph
_TINY = 0.2  # a passage smaller than this joins its neighbour where both fit
_HEADING_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a part of one that is too long: characters `start` to `end` of the flow."""

    start: int
    end: int
    tokens: int
    heading: bool
    opens: bool  # a paragraph begins with it


@dataclass(slots=True)
class _Draft:
    units: list[_Unit]
    tokens: int


def split(pages: tuple[Page, ...]) -> tuple[Chunk, ...]:
    """The passages of a document, in order, without overlap; none exceeds BUDGET tokens by `token_count`."""
    return tuple(passages(pages))


def passages(pages: tuple[Page, ...]) -> Iterator[Chunk]:
    """The same one by one: whoever takes them may stop in the middle of a thick book."""
    text = flow(pages)
    drafts = _merged(_drafts(_units(text)))
    starts = [span.start for span in text.spans]
    headings = [(p.start, " ".join(text.text[p.start : p.end].split())) for p in text.paragraphs if p.heading]
    heading_starts = [start for start, _ in headings]
    for draft in drafts:
        start, end = draft.units[0].start, draft.units[-1].end
        above = bisect_right(heading_starts, start) - 1
        heading = headings[above][1][:_HEADING_CHARACTERS] if above >= 0 else ""
        yield Chunk(text.text[start:end], heading, _spans(text.spans, starts, start, end))


def _units(text: Flow) -> Iterator[_Unit]:
    for paragraph in text.paragraphs:
        words = text.text[paragraph.start : paragraph.end]
        opens = True
        for start, end in sentences(words):
            for first, last, tokens in _pieces(words, start, end):
                yield _Unit(paragraph.start + first, paragraph.start + last, tokens, paragraph.heading, opens)
                opens = False


def _pieces(words: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """A sentence and its tokens; one over the budget in parts, at a blank where there is one, else anywhere."""
    tokens = token_count(words[start:end])
    if tokens <= BUDGET:
        yield start, end, tokens
        return
    while start < end:
        cut = cut_within(words, start, end, BUDGET)
        if cut < end:
            blank = words.rfind(" ", start + (cut - start) // 2, cut + 1)
            cut = blank if blank > start else cut
        part = words[start:cut].rstrip()
        yield start, start + len(part), token_count(part)
        start = cut
        while start < end and words[start].isspace():
            start += 1


def _drafts(units: Iterator[_Unit]) -> Iterator[_Draft]:
    draft = _Draft([], 0)
    for unit in units:
        if draft.units and _is_over(draft, unit):
            headings = _trailing_headings(draft)
            yield draft
            draft = _Draft(headings, sum(heading.tokens for heading in headings))
            if draft.tokens + unit.tokens > BUDGET:  # headings alone, too long to go along
                yield draft
                draft = _Draft([], 0)
        draft.units.append(unit)
        draft.tokens += unit.tokens
    if draft.units:
        yield draft


def _is_over(draft: _Draft, unit: _Unit) -> bool:
    if draft.tokens + unit.tokens > BUDGET:
        return True
    if unit.heading and unit.opens and not draft.units[-1].heading:
        return draft.tokens >= BUDGET * _FULL_FOR_HEADING
    return unit.opens and not draft.units[-1].heading and draft.tokens >= BUDGET * _FULL_FOR_PARAGRAPH


def _trailing_headings(draft: _Draft) -> list[_Unit]:
    """Headings at a passage's end belong to what follows: taken off it, unless nothing else would be left."""
    count = len(draft.units)
    while count > 0 and draft.units[count - 1].heading:
        count -= 1
    if count == 0:
        return []
    headings = draft.units[count:]
    del draft.units[count:]
    draft.tokens -= sum(heading.tokens for heading in headings)
    return headings


def _merged(drafts: Iterator[_Draft]) -> Iterator[_Draft]:
    """Passages of a few words go to the one before them, where they fit."""
    before: _Draft | None = None
    for draft in drafts:
        small = min(draft.tokens, before.tokens) < BUDGET * _TINY if before else False
        if before and small and before.tokens + draft.tokens <= BUDGET:
            before.units += draft.units
            before.tokens += draft.tokens
            continue
        if before:
            yield before
        before = draft
    if before:
        yield before


def _spans(spans: tuple[Span, ...], starts: list[int], start: int, end: int) -> tuple[Span, ...]:
    """The lines that hold the characters `start` to `end`, in offsets from `start`."""
    first = max(bisect_right(starts, start) - 1, 0)
    last = bisect_left(starts, end)
    return tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start, span.page, span.box, span.label)
        for span in spans[first:last]
        if min(span.end, end) > max(span.start, start)
    )
