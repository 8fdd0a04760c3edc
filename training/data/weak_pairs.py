"""Questions for documents without any: a heading asks for its section, a sentence for the rest of its passage.

The first is the title-to-body pair of Contriever's and E5's pretraining, the second the inverse cloze task (Lee,
Chang and Toutanova, 2019). They are weak: nobody has asked them, and nobody has said what answers.

Documents are Markdown files, or one JSON object a line ({"text", "lang", "source", "license"}, plain or zstd). One is
in memory at a time, and of each at most PER_DOCUMENT pairs of either kind are drawn.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.documents.budget import BUDGET
from engine.documents.sentences import sentences
from engine.library.keywords import content_terms
from training.data.cutting import cut
from training.data.normalising import digest, language_of, normalised
from training.data.records import NOT_STATED, BrokenLine, Record, Tally, broken, drawn_lines, files_in, objects

PER_DOCUMENT = 4

_HEADING = re.compile(r"#{1,6}[ \t]+(?P<heading>.+?)[ \t]*#*$")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_TITLE_LENGTH = 80  # characters: a longer first line is text
_SHORTEST_BODY = 60  # letters and digits
_TELLING = 3  # terms that a heading must have to say alone what its section is about
_TELLING_SENTENCE = 6
_NUMBER = re.compile(
    r"(?:[-*+•>]|第[一二三四五六七八九十百零\d]+[条章节编款]|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}(?:\.\d{1,2})*[、.．)]?(?=\s))\s*"
)
_MARKUP = re.compile(r"[`*_]{1,3}|\{[#.][^}]*\}|\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Section:
    heading: str  # "" for what stands before the first one
    body: str


def read(
    paths: Iterable[Path], tally: Tally, *, skip_broken: bool = False, limit: int | None = None, seed: int = 0
) -> Iterator[Record]:
    """The weak pairs of all documents, in order. `limit`: documents drawn from each file by the seed.

    Raises TrainingError as `records.read` does; a line without a text is broken.
    """
    for path in _documents(paths):
        rows: Iterable[tuple[int, dict[str, Any]]]
        if path.suffix == ".md":
            rows = [(1, {"text": path.read_text("utf-8", "replace"), "source": path.name})]
        else:
            rows = objects(path, tally, skip_broken=skip_broken, chosen=drawn_lines(path, limit, seed))
        for number, row in rows:
            if not isinstance(row.get("text"), str):
                broken(BrokenLine(path, number, "it has no text"), tally, skip_broken)
                continue
            found = [*pairs(row, f"{path.name.split('.')[0]}-{number}", seed)]
            tally.read += len(found)
            yield from found


def pairs(row: dict[str, Any], id: str, seed: int = 0) -> Iterator[Record]:
    """The pairs of one document, drawn by the seed and the document's own text."""
    text = row["text"]
    key = digest(text)
    draw = random.Random(f"{seed} {key}")
    parts = sections(text)
    title = parts[0].heading if parts else ""
    headed = _few(draw, [*_headed(parts, title)])
    taken = {passage for _, passage in headed}  # a passage gives one pair: two would be nearly the same negative
    found = [*headed, *_few(draw, [*_clozes(parts, draw, taken)])]
    for number, (query, passage) in enumerate(found):
        yield Record(
            id=f"{id}-{number}",
            lang=row.get("lang") or language_of(text),
            question=query,
            answers=(),
            positives=(passage,),
            negatives=(),
            title=title,
            source=row.get("source") or NOT_STATED,
            license=row.get("license") or NOT_STATED,
            document=f"weak {key}",
            weak=True,
        )


def sections(text: str) -> list[Section]:
    """A document in Markdown by its headings; one without any by its first line, where that is a title."""
    found: list[Section] = []
    heading, body, fenced = "", list[str](), False
    for line in text.splitlines():
        fenced ^= _FENCE.match(line) is not None
        match = None if fenced else _HEADING.match(line)
        if match:
            found.append(Section(heading, "\n".join(body).strip()))
            heading, body = _plain(match["heading"]), []
        else:
            body.append(line)
    found.append(Section(heading, "\n".join(body).strip()))
    if len(found) > 1:
        return [each for each in found if each.heading or each.body]
    return [_titled(found[0].body)]


def _titled(text: str) -> Section:
    first, _, rest = text.partition("\n")
    is_title = len(first) <= _TITLE_LENGTH and not first.rstrip().endswith((".", "。", "!", "?", ":", "，"))
    return Section(_plain(first), rest.strip()) if is_title and rest.strip() else Section("", text)


def _headed(parts: Sequence[Section], title: str) -> Iterator[tuple[str, str]]:
    """A heading that says too little has the document's title before it."""
    for part in parts:
        heading = part.heading
        if heading != title and len(content_terms(heading)) < _TELLING:
            heading = f"{title} {heading}".strip()
        spans = cut(part.body)
        if len(content_terms(heading)) < _TELLING or not spans:
            continue
        passage = part.body[spans[0][0] : spans[0][1]]
        if len(normalised(passage)) >= _SHORTEST_BODY:
            yield heading, passage


def _clozes(parts: Sequence[Section], draw: random.Random, taken: Set[str]) -> Iterator[tuple[str, str]]:
    """Of each passage of three sentences and more, one of them against the others."""
    for part in parts:
        for start, end in cut(part.body, BUDGET):
            passage = part.body[start:end]
            spans = sentences(passage)
            telling = [span for span in spans if len(content_terms(passage[slice(*span)])) >= _TELLING_SENTENCE]
            if len(spans) < 3 or not telling or passage in taken:
                continue
            first, last = draw.choice(telling)
            rest = f"{passage[:first].rstrip()}\n{passage[last:].lstrip()}".strip()
            if len(normalised(rest)) >= _SHORTEST_BODY:
                yield _plain(passage[first:last]), rest


def _few(draw: random.Random, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [found[index] for index in sorted(draw.sample(range(len(found)), min(PER_DOCUMENT, len(found))))]


def _plain(line: str) -> str:
    """A heading or a sentence without markup, and without the number that it bears in its document."""
    plain = " ".join(_MARKUP.sub(lambda match: match[1] or "", line).split())
    number = _NUMBER.match(plain)
    return plain[number.end() :] if number else plain


def _documents(paths: Iterable[Path]) -> Iterator[Path]:
    """Of a folder, Markdown files at any depth; where it holds none, its JSON files."""
    for path in paths:
        inside = sorted(path.rglob("*.md")) if path.is_dir() else []
        yield from inside or files_in([path])
