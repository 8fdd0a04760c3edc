"""Everything that was read, on disk: questions, contexts, and the passages that contexts were cut into.

A passage has one number, however often its text occurs. Which documents a context belongs to is noted, and so which
documents have to stay together: those with one name, those that share a passage, and those that answer one question.

In memory are, for each passage, a hash, 12 bytes to find it again, and 24 to look for it in others; for each context
and each question a hash and 8 bytes. With Python's own share that is about 200 bytes a passage and as many a question.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from training.data.containing import WINDOW, Sought
from training.data.cutting import cut, holding
from training.data.normalising import digest, normalised
from training.data.records import Record, Tally
from training.data.splitting import Groups
from training.data.spool import Spool

MOST_DOCUMENTS = (
    5  # that may share a passage: what stands in more of them names none, and answers no question about one
)

_NAMELESS = frozenset(
    """
    untitled notitle none null readme index introduction overview contents document
    无标题 未命名 简介 概述 目录 前言 文档
    """.split()
)


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it is kept; passages by their numbers."""

    id: str
    lang: str
    question: str
    answers: tuple[str, ...]
    source: str
    license: str
    unanswerable: bool
    weak: bool
    document: int
    positives: tuple[int, ...]
    negatives: tuple[int, ...]  # those of the data
    related: tuple[int, ...]  # the rest of the positives' contexts: neither

    @property
    def home(self) -> int:
        """The passage that says where the row belongs."""
        return (self.positives or self.negatives)[0]


@dataclass(frozen=True, slots=True)
class Passage:
    title: str  # "" where there is none
    text: str
    ordinal: int  # in its context, from 0
    document: int


class Collection:
    """Filled by `add` and `hold_out`, then closed by `settle`; after that it only answers."""

    def __init__(self, folder: Path, passage_tokens: int) -> None:
        self.groups = Groups()  # of documents
        self.held: set[int] = set()  # documents, and after `settle` groups, that nothing may be taken from
        self._tokens = passage_tokens
        self._rows = Spool(folder / "rows.spool")
        self._contexts = Spool(folder / "contexts.spool")  # [title, text, [[start, end, passage], …]]
        self._documents: dict[int, int] = {}  # by the digest of what names one
        self._named: dict[int, set[int]] = {}  # context → documents, where it has more than one
        self._document_of = array("q")  # by context: its first
        self._context_by_text: dict[int, int] = {}
        self._passage_by_text: dict[int, int] = {}
        self._context_of = array("q")  # by passage: its first
        self._ordinal_of = array("i")  # by passage: in that context
        self._asked: set[int] = set()  # questions with their passage
        self._held_questions: set[int] = set()
        self._everywhere: set[int] = set()  # passages in more than MOST_DOCUMENTS documents
        self._sought = Sought()

    def __enter__(self) -> Collection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.__exit__(kind, error, trace)
        self._contexts.__exit__(kind, error, trace)

    @property
    def passage_count(self) -> int:
        return len(self._context_of)

    @property
    def context_count(self) -> int:
        return len(self._contexts)

    def add(self, record: Record, tally: Tally) -> None:
        """Keeps the record, or counts in `tally` why not."""
        positives = [found for text in record.positives if (found := self._placed(record, text)) is not None]
        negatives = [*self._not_answering(record)]
        why = self._refused(record, positives, negatives)
        if why:
            tally.dropped[why] += 1
            return
        answering = tuple(dict.fromkeys(passage for passage, _ in positives))
        around = dict.fromkeys(number for _, context in positives for number in context)
        row = Row(
            id=record.id,
            lang=record.lang,
            question=record.question,
            answers=record.answers,
            source=record.source,
            license=record.license,
            unanswerable=record.unanswerable,
            weak=record.weak,
            document=self.document_of((answering or negatives)[0]),
            positives=answering,
            negatives=tuple(dict.fromkeys(number for number in negatives if number not in answering)),
            related=tuple(number for number in around if number not in answering),
        )
        for passage in answering:
            self.groups.join(row.document, self.document_of(passage))
        self._rows.append(asdict(row))

    def hold_out(self, text: str, title: str) -> None:
        """Nothing that shares a document or a passage with this text is to be kept."""
        context = self._context(text, title, "")
        self.held.update(self._named.get(context, {self._document_of[context]}))

    def hold_out_question(self, question: str) -> None:
        self._held_questions.add(digest(normalised(question)))

    def settle(self) -> Iterator[None]:
        """Joins documents that share a passage. Yields after each context, of which there are `context_count`."""
        holders: dict[int, set[int]] = {}
        for number, (_, text, spans) in enumerate(self._contexts):
            ours = self._named.get(number, {self._document_of[number]})
            inside = {passage for _, _, passage in spans}
            for passage in sorted(inside.union(self._sought.inside(normalised(text)))):
                first = self._context_of[passage]
                if first != number or len(ours) > 1:
                    known = holders.setdefault(passage, {self._document_of[first]})
                    if len(known) <= MOST_DOCUMENTS:
                        known |= ours
            yield
        for passage, documents in holders.items():
            if len(documents) > MOST_DOCUMENTS:
                self._everywhere.add(passage)
                continue
            one, *others = sorted(documents)
            for other in others:
                self.groups.join(one, other)
        self.held = {self.groups.of(document) for document in self.held}

    def rows(self) -> Iterator[Row]:
        for number in range(len(self._rows)):
            yield self.row(number)

    def row(self, number: int) -> Row:
        values = self._rows[number]
        return Row(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})

    def passage(self, number: int) -> Passage:
        context, ordinal = self._context_of[number], self._ordinal_of[number]
        title, text, spans = self._contexts[context]
        start, end, _ = spans[ordinal]
        return Passage(title, text[start:end], ordinal, self._document_of[context])

    def document_of(self, passage: int) -> int:
        return self._document_of[self._context_of[passage]]

    def group_of(self, passage: int) -> int:
        return self.groups.of(self.document_of(passage))

    def is_everywhere(self, passage: int) -> bool:
        return passage in self._everywhere

    # ---- helpers, in the order in which they are used

    def _placed(self, record: Record, text: str) -> tuple[int, list[int]] | None:
        """The passage of a context that answers, and all of the context's; None where there is none."""
        spans = self._contexts[self._context(text, record.title, record.document)][2] if text.strip() else []
        if not spans:
            return None
        place = holding(text, [(start, end) for start, end, _ in spans], record.question, record.answers)
        return None if place is None else (spans[place][2], [passage for _, _, passage in spans])

    def _not_answering(self, record: Record) -> Iterator[int]:
        """Of an unanswerable question the first text is the one that it was asked about: the title is its."""
        for index, text in enumerate(record.negatives):
            own = record.unanswerable and index == 0
            context = self._context(text, record.title if own else "", record.document if own else "")
            yield from (passage for _, _, passage in self._contexts[context][2])

    def _refused(self, record: Record, positives: Sequence[tuple[int, list[int]]], negatives: Sequence[int]) -> str:
        if digest(normalised(record.question)) in self._held_questions:
            return "a question that is held out"
        if not record.positives and not record.unanswerable:
            return "no passage"
        if not positives and not (record.unanswerable and negatives):
            return "an answer that is not found in its passage, or a passage of a few characters"
        passages = [passage for passage, _ in positives] or negatives
        keys = {digest(f"{normalised(record.question)} {passage}") for passage in passages}
        if keys <= self._asked:
            return "the same question about the same passage"
        self._asked |= keys
        return ""

    def _context(self, text: str, title: str, document: str) -> int:
        """The number of a context, which is new or known by its text."""
        key = digest(text)
        named = self._document(document or _name(title) or f"text {key}")
        if key in self._context_by_text:
            context = self._context_by_text[key]
            if named != self._document_of[context]:
                self._named.setdefault(context, {self._document_of[context]}).add(named)
            return context
        context = len(self._contexts)
        spans = [(start, end, normalised(text[start:end])) for start, end in cut(text, self._tokens)]
        kept = [each for each in spans if len(each[2]) >= WINDOW]
        numbered = [
            (start, end, self._passage(bare, context, ordinal)) for ordinal, (start, end, bare) in enumerate(kept)
        ]
        self._contexts.append([title, text, numbered])
        self._context_by_text[key] = context
        self._document_of.append(named)
        return context

    def _document(self, name: str) -> int:
        key = digest(name)
        if key not in self._documents:
            self._documents[key] = self.groups.add()
        return self._documents[key]

    def _passage(self, bare: str, context: int, ordinal: int) -> int:
        number = self._passage_by_text.setdefault(digest(bare), len(self._context_of))
        if number == len(self._context_of):
            self._context_of.append(context)
            self._ordinal_of.append(ordinal)
            self._sought.add(bare)
        return number


def _name(title: str) -> str:
    """A title in the form in which it names a document; "" where it names none: a bare number, "Introduction"."""
    bare = normalised(title)
    return "" if len(bare) < 2 or bare.isdigit() or bare in _NAMELESS else f"title {bare}"
