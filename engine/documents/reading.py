"""A file becomes a Reading: the door of this room. The file itself is opened in a child process that may be killed."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.documents.chunking import passages
from engine.documents.cleaning import clean
from engine.documents.kinds import SUFFIXES, Kind, kind_of
from engine.documents.limits import CHILD_DOCUMENTS, CHILD_KEEP_BYTES, CHILD_MEMORY_BYTES, DEADLINE_S, LOST_PAGES
from engine.documents.processes import Child, ChildEnded, ChildSilent
from engine.documents.protocol import (
    Blank,
    Done,
    Gone,
    NoSuchPage,
    Opened,
    PagesRead,
    ReadPages,
    Refused,
    RenderPage,
    Reply,
    Request,
    ShowLines,
)
from engine.errors import Code, UnreadableDocument, UsageError
from engine.types import Chunk, Page, PageImage, Reading, Reason, TextLines, Unit

logger = logging.getLogger(__name__)


class Interrupted(Exception):
    """The reader was interrupted or closed; this says nothing about the document."""


@dataclass(slots=True)
class Seconds:
    """Wall time since the reader was made, by stage; `reading` is the child's part, its start included."""

    reading: float = 0.0
    cleaning: float = 0.0
    chunking: float = 0.0


@dataclass(slots=True)
class _Taken:
    """What came out of one document so far, over all the children that it took."""

    title: str = ""
    page_count: int = 0
    unit: Unit = Unit.PAGE
    unit_count: int = 0
    pages: list[Page] = field(default_factory=list)
    next_page: int = 1
    blanks: set[Blank] = field(default_factory=set)
    lost: list[Reason] = field(default_factory=list)


class DocumentReader:
    """Reads documents one at a time, from any thread, in a child process that starts with the first of them."""

    def __init__(self, deadline_s: float = DEADLINE_S, memory_bytes: int = CHILD_MEMORY_BYTES) -> None:
        self._deadline_s = deadline_s  # for opening a document, and for each of its pages
        self._memory_bytes = memory_bytes  # the child's, where the system can hold it to that (Linux)
        self._turn = threading.Lock()  # held for a whole request
        self._state = threading.Lock()  # held for a moment: guards the four below
        self._child: Child | None = None
        self._busy = False
        self._interrupted = False
        self._closed = False
        self.peak_child_bytes = 0
        self.seconds = Seconds()

    def read(self, path: Path) -> Reading:
        """The whole document, cut into passages.

        A page that hangs, crashes the child or needs too much memory counts as empty, up to LOST_PAGES of them.
        Raises UnreadableDocument, FileNotFoundError, Interrupted; UsageError if `path` is no kind of document.
        """
        kind = _known_kind(path)
        with self._request():
            taken = self._taken(path, kind)
            pages = tuple(taken.pages)
            empty = taken.page_count - sum(bool(page.lines) for page in pages) if kind is Kind.PDF else 0
            if not any(page.lines for page in pages):
                raise UnreadableDocument(path, _why_empty(taken))
            with self._timed("cleaning"):
                pages = clean(pages) if kind is Kind.PDF else pages
            self._stop_if_interrupted()
            with self._timed("chunking"):
                chunks = tuple(self._while_wanted(passages(pages)))
            return Reading(taken.title, taken.unit, taken.unit_count, empty, chunks)

    def render(self, path: Path, page: int, scale: float) -> PageImage:
        """One page of a PDF as a picture; its own `scale` says how large it became (large pages are bounded).

        Raises UnreadableDocument, FileNotFoundError, Interrupted; UsageError if there is no such page.
        """
        reply = self._one_reply(path, page, RenderPage(str(path), page, float(scale)))
        assert isinstance(reply, PageImage)
        return reply

    def lines(self, path: Path, first: int, count: int) -> TextLines:
        """`count` lines of a text file from `first` on, as they are, or as many as there are.

        Raises UnreadableDocument, FileNotFoundError, Interrupted; UsageError if there is no such line.
        """
        reply = self._one_reply(path, first, ShowLines(str(path), _known_kind(path), first, max(count, 0)))
        assert isinstance(reply, TextLines)
        return reply

    def interrupt(self) -> None:
        """End the running request, if any: it raises Interrupted. Later ones are served. Any thread may."""
        with self._state:
            if self._busy:
                self._interrupted = True
                self._drop()

    def close(self) -> None:
        """End the child and any running request; later ones raise Interrupted. Any thread may, and more than once."""
        with self._state:
            self._closed = True
            self._drop()

    @property
    def child_pid(self) -> int | None:
        child = self._child
        return child.pid if child else None

    # One request

    @contextmanager
    def _request(self) -> Iterator[None]:
        with self._turn:
            with self._state:
                self._busy, self._interrupted = True, False
            try:
                self._stop_if_interrupted()
                yield
            finally:
                with self._state:
                    self._busy = False
                    if self._child and _is_worn(self._child):
                        self._drop()

    def _taken(self, path: Path, kind: Kind) -> _Taken:
        taken = _Taken()
        with self._timed("reading"):
            while not self._take(path, kind, taken):
                logger.info("%s: page %d was given up: %s", path, taken.next_page, taken.lost[-1])
                if not taken.page_count or len(taken.lost) > LOST_PAGES:
                    raise UnreadableDocument(path, taken.lost[-1])
                taken.next_page += 1
        return taken

    def _take(self, path: Path, kind: Kind, taken: _Taken) -> bool:
        """Take pages until the document ends; False when `taken.next_page` was lost, and why is in `taken.lost`."""
        if taken.page_count and taken.next_page > taken.page_count:
            return True
        try:
            for reply in self._replies(ReadPages(str(path), kind, taken.next_page)):
                match reply:
                    case Opened(title, page_count, unit, unit_count):
                        taken.title, taken.page_count = title, page_count
                        taken.unit, taken.unit_count = unit, unit_count
                    case PagesRead(pages, blank):
                        taken.pages.extend(pages)
                        taken.next_page = pages[-1].number + 1
                        taken.blanks |= {blank} if blank else set()
                    case _:
                        return True
        except ChildSilent:
            taken.lost.append(Reason.TOO_SLOW)
        except ChildEnded:
            taken.lost.append(Reason.CRASHED)
        except UnreadableDocument as error:
            if not taken.page_count or error.reason is not Reason.TOO_LARGE:
                raise
            taken.lost.append(Reason.TOO_LARGE)
        return False

    def _one_reply(self, path: Path, page: int, request: Request) -> Reply:
        with self._request():
            try:
                reply = next(self._replies(request))
            except ChildSilent:
                raise UnreadableDocument(path, Reason.TOO_SLOW) from None
            except ChildEnded:
                raise UnreadableDocument(path, Reason.CRASHED) from None
        if isinstance(reply, NoSuchPage):
            raise UsageError(Code.NO_SUCH_PAGE, path=str(path), page=page)
        return reply

    def _replies(self, request: Request) -> Iterator[Reply]:
        """What the child answers. Raises ChildSilent, ChildEnded (it is gone then), Interrupted, UnreadableDocument."""
        try:
            child = self._running_child()
            child.ask(request)
            while True:
                reply = child.reply()
                if isinstance(reply, Done):
                    child.peak_bytes = reply.peak_bytes
                    self.peak_child_bytes = max(self.peak_child_bytes, reply.peak_bytes)
                if isinstance(reply, Gone):
                    raise FileNotFoundError(request.path)
                if isinstance(reply, Refused):
                    if reply.reason is Reason.TOO_LARGE:
                        self._drop_child()  # it has little memory left
                    raise UnreadableDocument(request.path, reply.reason)
                yield reply
                if not isinstance(reply, Opened | PagesRead):
                    return
        except (ChildSilent, ChildEnded):
            self._drop_child()
            self._stop_if_interrupted()
            raise

    # The child

    def _running_child(self) -> Child:
        with self._state:
            child = self._child
        if child is None:
            child = Child(self._deadline_s, self._memory_bytes)
            with self._state:
                self._child = child
                if self._closed or self._interrupted:
                    self._drop()
        self._stop_if_interrupted()
        return child

    def _drop_child(self) -> None:
        with self._state:
            self._drop()

    def _drop(self) -> None:
        if self._child:
            self._child.kill()
            self._child = None

    def _stop_if_interrupted(self) -> None:
        with self._state:
            if self._closed or self._interrupted:
                raise Interrupted

    def _while_wanted(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            self._stop_if_interrupted()
            yield chunk

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            setattr(self.seconds, stage, getattr(self.seconds, stage) + time.perf_counter() - start)


def _known_kind(path: Path) -> Kind:
    kind = kind_of(path)
    if kind is None:
        raise UsageError(Code.NOT_A_DOCUMENT, path=str(path), kinds=" ".join(SUFFIXES))
    return kind


def _why_empty(taken: _Taken) -> Reason:
    if taken.lost:
        return taken.lost[-1]
    if Blank.PICTURE in taken.blanks:
        return Reason.SCAN
    return Reason.DAMAGED if Blank.BROKEN in taken.blanks else Reason.NO_TEXT


def _is_worn(child: Child) -> bool:
    return child.documents >= CHILD_DOCUMENTS or child.peak_bytes > CHILD_KEEP_BYTES
