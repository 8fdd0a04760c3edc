"""The words everyone uses: what a document, a passage, a hit, an answer and an event are.

Plain frozen data. Nothing here opens a file or imports a library.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal


class Unit(StrEnum):
    """What a document's places are counted in: the 12 in "page 12" or "line 12"."""

    PAGE = "page"
    LINE = "line"
    PARAGRAPH = "paragraph"
    SLIDE = "slide"
    ROW = "row"
    SECTION = "section"  # a book's chapter, by its name
    CELL = "cell"  # of a notebook


class Status(StrEnum):
    """Where a document stands. A waiting one may already be found by its words, not yet by its meaning."""

    WAITING = "waiting"
    INDEXED = "indexed"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a file could not be read; the sentence for people is in `texts`."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    EMPTY = "empty file"
    NO_PAGES = "no pages"
    NO_TEXT = "no text"
    SCAN = "no text (scan)"
    NO_OCR = "no text (scan, and no OCR)"
    NOT_TEXT = "not text"
    OLD_FORMAT = "old format"
    TOO_SLOW = "took too long"
    TOO_LARGE = "needs too much memory"
    CRASHED = "crashed the reader"
    NO_ACCESS = "no permission"
    CHANGING = "being written"
    IN_CLOUD = "in the cloud"
    OVER_LIMIT = "over the size limit"


class Stop(StrEnum):
    """Why an answer ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    LENGTH = "length"
    NO_SOURCES = "no_sources"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is displayed (after its rotation): PDF points from the top left corner."""

    page: int  # from 1
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as the document has it. A file without pages has no boxes."""

    text: str
    box: Box | None = None
    size: float = 0.0  # font size in points, 0 where unknown
    bold: bool = False
    heading: bool = False  # the format itself says so (Markdown's #)
    gap: bool = False  # a blank line or a visible vertical gap stands before it: a new block
    pieces: tuple[tuple[int, int, Box], ...] = ()  # characters that stand apart from the rest, such as a row's cells


@dataclass(frozen=True, slots=True)
class Page:
    """One place of a document and its lines. In a document without pages to show, one page is one line of it."""

    number: int  # from 1
    lines: tuple[Line, ...]
    width: float = 0.0  # PDF points, as displayed; 0 where there is no page to show
    height: float = 0.0
    label: str = ""  # what people call this place, where its number is not it: slide "3", row "Sales!14"


@dataclass(frozen=True, slots=True)
class Span:
    """Where the characters `start` to `end` of a passage's text stand in the document."""

    start: int
    end: int
    page: int  # the place, in the document's unit
    box: Box | None = None
    label: str = ""  # what people call the place, where its number is not it


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage before the library knows it: cut from a document by a fixed budget, on sentence ends."""

    text: str
    heading: str  # the nearest heading above it, "" if none
    spans: tuple[Span, ...]  # in order, without overlap; together they cover the text but for joining blanks

    @property
    def page_first(self) -> int:
        return self.spans[0].page

    @property
    def page_last(self) -> int:
        return self.spans[-1].page


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one file gave: its chunks, and how much of it there was to read."""

    title: str  # the document's own title, "" if it has none
    unit: Unit
    page_count: int  # how many of its unit it has
    empty_pages: int  # pages without text
    chunks: tuple[Chunk, ...]
    scans: tuple[int, ...] = ()  # numbers of the pages whose text has to be recognised (OCR)


@dataclass(frozen=True, slots=True)
class Document:
    """One known file. `reason` is set exactly when `status` is failed."""

    id: int
    path: Path
    folder: Path  # the watched folder that holds it, or the file itself when it was added alone
    title: str
    sha256: str  # "" while it was never read
    size_bytes: int
    mtime_ns: int
    unit: Unit
    page_count: int
    empty_pages: int
    status: Status
    reason: Reason | None = None
    scan_pages: int = 0  # pages whose text has to be recognised (OCR)
    scans_left: int = 0  # those of them that still wait for it; the rest of the document is searchable meanwhile
    scans_lost: int = 0  # those that hung or crashed the recognition, and were given up
    away: bool = False  # its drive or folder cannot be reached now; what was read from it stays


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is embedded, found and cited as one."""

    id: int
    document_id: int
    ordinal: int  # from 0 within its document
    text: str
    heading: str
    page_first: int
    page_last: int
    spans: tuple[Span, ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(span.box for span in self.spans if span.box)

    @property
    def label(self) -> str:
        """What people call the place where it begins, where the number is not it."""
        return self.spans[0].label if self.spans else ""


class Why(StrEnum):
    """Which way of searching found a passage."""

    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, how well it fits (0 to 1), and which searches found it."""

    passage: Passage
    document: Document
    score: float
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """The words of a document that a mark in an answer points to."""

    number: int  # as shown: [1], [2], ...
    path: Path
    title: str
    unit: Unit
    page: int  # the place, in the document's unit
    quote: str  # word for word as the document has it
    boxes: tuple[Box, ...]  # empty where the document has no pages to show
    score: float
    label: str = ""  # what people call the place, where its number is not it
    sha256: str = ""  # of the document as it was cited, "" where that is not known
    answer: str = ""  # the words of the quote that answer, where a reader found them


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents are searched: those that pass every limit that is given."""

    paths: tuple[Path, ...] = ()  # files, and folders with all that is below them; none: everything
    endings: tuple[str, ...] = ()  # of file names, in lower case, with their dot
    since_ns: int = 0  # changed then or later
    language: Literal["", "en", "zh"] = ""  # of the passage: mostly Chinese characters, or not

    @property
    def is_everything(self) -> bool:
        return self == Scope()


EVERYTHING = Scope()


class Standing(StrEnum):
    """How a citation stands to its document as that is now."""

    FRESH = "fresh"  # the words are there
    CHANGED = "changed"  # the document was changed, and the words are no longer in it
    GONE = "gone"  # the document is not there any more


@dataclass(frozen=True, slots=True)
class Checked:
    """A citation that was looked at again: `citation` points to where its words stand now."""

    citation: Citation
    standing: Standing


@dataclass(frozen=True, slots=True)
class Place:
    """Where some words stand in a document."""

    page: int  # in the document's unit
    boxes: tuple[Box, ...]  # empty where it has no pages to show
    label: str = ""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds since the question was asked."""

    retrieve: float
    first_token: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. With stop `no_sources` the citations are the nearest passages, not support.

    A written answer's `text` replaces what was streamed: where no passage supports any of it, it says so instead.
    """

    question: str
    text: str  # Markdown; marks are [1], [2], ..., and [?] after a written sentence that no passage supports
    mode: Literal["extractive", "generated"]
    stop: Stop
    citations: tuple[Citation, ...]
    timings_ms: Timings


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation, and the answer's text with its marks."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that holds what is looked up: the citation's quote is the part to show."""

    citation: Citation
    marks: tuple[tuple[int, int], ...]  # where the words stand in the quote: from, to


@dataclass(frozen=True, slots=True)
class Found:
    """A document that holds what is looked up, and the best of its passages."""

    path: Path
    title: str
    matches: tuple[Match, ...]
    more: int  # passages that were found beside these


class Verdict(StrEnum):
    """What the person thinks of an answer."""

    NONE = ""
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a kept conversation, and its answer."""

    id: int
    question: str
    scope: Scope
    asked_ms: int  # since 1970
    answer: Answer | None = None  # None: it never came, because the program or its engine ended
    quoted: Quoted | None = None  # the quotes above a written answer
    writer: str = ""  # the name of the model that was to write it
    verdict: Verdict = Verdict.NONE
    why: str = ""  # the person's reason for the verdict


@dataclass(frozen=True, slots=True)
class Conversation:
    """A kept conversation, as a list shows it."""

    id: int
    title: str
    pinned: bool
    changed_ms: int  # since 1970
    exchanges: int  # how many
    glimpse: str = ""  # where the words stand that were searched for


@dataclass(frozen=True, slots=True)
class Noted:
    """A question is kept, from before it is answered on: as this exchange of this conversation."""

    conversation: int
    exchange: int


# What answering tells, in this order: Sources, then Piece... and Finished when the answer is quotes; when it is
# written: Sources, Quoted, Waiting..., Piece..., Finished. A Notice may come anywhere after Sources. Where the written
# text turns out not to be the answer (declined, unsupported, the model failed), a Notice says so, and Finished brings
# the quotes.


@dataclass(frozen=True, slots=True)
class Sources:
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quotes that answer, complete: something to read until the written answer comes. Has marks of its own."""

    text: str
    citations: tuple[Citation, ...]


class Wait(StrEnum):
    """What a written answer waits for."""

    LOADING = "loading"  # the model comes from the disk
    QUEUED = "queued"  # the model still computes a prompt that nobody wants any more
    PASSAGES = "passages"  # the model takes in the passages and the question


@dataclass(frozen=True, slots=True)
class Waiting:
    wait: Wait
    seconds: float | None = None  # how long, roughly; None while nothing has been measured


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about how this answer is made that the person should know: the sentence `code` of `texts`."""

    code: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the answer's text. The citation whose mark it ends with comes along.

    Where no passage supports the sentence before it, the text is UNSUPPORTED and there is no citation.
    """

    text: str
    citation: Citation | None = None


UNSUPPORTED = " [?]"  # the mark of a written sentence that no passage supports


@dataclass(frozen=True, slots=True)
class Finished:
    answer: Answer


AnswerEvent = Sources | Quoted | Notice | Waiting | Piece | Finished

# What indexing tells.


class Stage(StrEnum):
    SCANNING = "scanning"  # `done` files were looked at, the total is not known yet
    SKIMMING = "skimming"  # `done` of `total` new PDFs are found by their bare text, until they are read
    READING = "reading"  # `done` of `total` files are read
    EMBEDDING = "embedding"  # `done` of `total` passages are embedded
    RECOGNISING = "recognising"  # `done` of `total` scanned pages are recognised
    PAUSED = "paused"  # nothing is done until the person lets it go on
    IDLE = "idle"  # the library is up to date


@dataclass(frozen=True, slots=True)
class Working:
    """Where indexing stands. `path` is the file at hand, `folder` the watched folder that holds it."""

    stage: Stage
    done: int
    total: int
    path: Path | None = None
    folder: Path | None = None
    seconds_left: float | None = None  # None while nothing has been measured


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document's passages are in the library and can be found."""

    path: Path
    passages: int
    moved_from: Path | None = None  # the same content was known there: nothing was read or embedded


@dataclass(frozen=True, slots=True)
class Removed:
    path: Path


@dataclass(frozen=True, slots=True)
class Failed:
    path: Path
    reason: Reason


IndexEvent = Working | Indexed | Removed | Failed


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder, or a file that was added alone, and how its documents stand."""

    path: Path
    is_file: bool
    reachable: bool  # False: it cannot be listed now; its documents stay
    indexed: int
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Anew:
    """The library is being embedded with another model; it is searched with the one before until that is complete."""

    embedder: str  # the name of the model to come
    before: str  # the name of the model that is searched with
    done: int  # passages that are embedded with the one to come
    total: int


@dataclass(frozen=True, slots=True)
class AnewNeed:
    """What embedding the library with another model would take."""

    before: str  # the name of the model that is searched with until it is done
    passages: int
    needed_bytes: int  # on the disk, for a time
    free_bytes: int


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    folders: tuple[Folder, ...]
    indexed: int
    failed: int
    waiting: int
    passages: int
    failures: tuple[Document, ...]
    embedder: str  # the name of the model in use
    indexing_elsewhere: bool  # another process holds the index lock
    scans_left: int = 0  # pages that wait to be recognised (OCR)
    paused: bool = False  # nothing is indexed in the background
    anew: Anew | None = None
    away: int = 0  # documents that cannot be reached now
    notices: tuple[Notice, ...] = ()
    stored_bytes: int = 0  # what is known of the documents takes so much of the disk


@dataclass(frozen=True, slots=True)
class Score:
    """What a model's card says that was measured of it."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model says of itself; "" and 0 where it says nothing."""

    base_model: str
    licence: str  # SPDX
    training_data: str
    scores: tuple[Score, ...]
    max_tokens: int
    dimension: int  # of an embedder's vectors
    query_prefix: str
    notice: str  # of its file NOTICE, shortened


@dataclass(frozen=True, slots=True)
class Speed:
    """How quick a model was on this computer when that was measured."""

    per_second: float  # passages embedded or read, tokens written
    load_s: float
    memory_bytes: int  # that its process took for it; 0 unknown
    measured_ms: int  # since 1970
    taken_in_per_second: float = 0.0  # tokens of a prompt; of generators only
    device: str = "cpu"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """An installed model, and whether the settings name it."""

    name: str
    kind: Literal["embedder", "reader", "generator"]
    in_use: bool
    size_bytes: int  # of its files
    precision: str  # of its weights, "" where unknown
    languages: tuple[str, ...]
    shipped: bool = False  # it came with the program, and cannot be removed
    needed_bytes: int = 0  # of memory, on a processor; of generators only
    card: ModelCard | None = None
    speed: Speed | None = None  # None: not measured here
    successor: str = ""  # the model that takes over when this one, in use, is removed; "" where none does


@dataclass(frozen=True, slots=True)
class Arriving:
    """How far the import of a model is; 0 of 0 while that cannot be said."""

    done: int  # bytes
    total: int


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as a picture. `scale` turns PDF points into its pixels."""

    page: int
    page_count: int
    width: int  # pixels
    height: int
    scale: float
    png: bytes


@dataclass(frozen=True, slots=True)
class TextLines:
    """Part of a document that has lines and no pages."""

    first: int  # number of the first line here, from 1
    line_count: int  # of the whole document
    lines: tuple[str, ...]
    labels: tuple[str, ...] = ()  # of these lines, where their numbers are not what people call them
