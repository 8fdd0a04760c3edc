"""A file becomes a Reading: the door of this room. The file itself is opened in a child process that may be killed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.documents.kinds import Kind, kind_of
from engine.documents.limits import CHILD_DOCUMENTS, CHILD_KEEP_BYTES, CHILD_MEMORY_BYTES, DEADLINE_S, LOST_PAGES
from engine.documents.passwords import Passwords
from engine.documents.processes import Child, ChildEnded, ChildLeft, ChildSilent
from engine.documents.protocol import (
    Blank,
    Cut,
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
    SkimPages,
    TryPassword,
)
from engine.errors import Code, UnreadableDocument, UsageError
from engine.types import Chunk, PageImage, Reading, Reason, TextLines, Unit

logger = logging.getLogger(__name__)

_RECOGNISABLE = (Blank.PICTURE, Blank.GARBAGE)


class Interrupted(Exception):
    """The reader was interrupted or closed; this says nothing about the document."""


@dataclass(slots=True)
class _Taken:
    """What came out of one document so far, over all the children that it took."""

    title: str = ""
    page_count: int = 0
    unit: Unit = Unit.PAGE
    unit_count: int = 0
    empty_pages: int = 0
    chunks: list[Chunk] = field(default_factory=list)
    blanks: dict[int, Blank] = field(default_factory=dict)  # by page
    last: int = 0  # the page that the child at hand has read last
    lost: dict[int, Reason] = field(default_factory=dict)  # by page: why a child ended there


class DocumentReader:
    """Reads documents one at a time, from any thread, in a child process that starts with the first of them."""

    def __init__(
        self,
        deadline_s: float = DEADLINE_S,
        memory_bytes: int = CHILD_MEMORY_BYTES,
        has_ocr: Callable[[], bool] = lambda: False,
        passwords: Passwords | None = None,
    ) -> None:
        self._deadline_s = deadline_s  # for opening a document, and for each of its pages
        self._memory_bytes = memory_bytes  # the child's, where the system can hold it to that (Linux)
        self._has_ocr = has_ocr  # without it, a page's text layer is kept even when it is garbage
        self._passwords = passwords or Passwords()  # tried on what is encrypted
        self._turn = threading.Lock()  # held for a whole request
        self._state = threading.Lock()  # held for a moment: guards the four below
        self._child: Child | None = None
        self._busy = False
        self._interrupted = False
        self._closed = False
        self.peak_child_bytes = 0

    def read(self, path: Path) -> Reading:
        """The whole document, cut into passages.

        A page that hangs, crashes the child or needs too much memory counts as empty, up to LOST_PAGES of them.
        Raises UnreadableDocument, FileNotFoundError, Interrupted; UsageError if `path` is no kind of document.
        """
        kind = _known_kind(path)
        with self._request():
            taken = self._taken(path, kind)
        scans = tuple(sorted(page for page, blank in taken.blanks.items() if blank in _RECOGNISABLE))
        if not taken.chunks and not scans:
            raise UnreadableDocument(path, _why_empty(taken))
        return Reading(taken.title, taken.unit, taken.unit_count, taken.empty_pages, tuple(taken.chunks), scans)

    def skim(self, path: Path) -> Reading:
        """The bare text of a PDF, for the time until it is read: pieces of pages, without boxes or headings.

        What a page that hangs or crashes the child leaves is given without a word: reading the document tells of it.
        Raises UnreadableDocument, FileNotFoundError, Interrupted.
        """
        title, count, chunks = "", 0, list[Chunk]()
        with self._request(), suppress(ChildSilent, ChildEnded):
            for reply in self._replies(SkimPages(str(path))):
                if isinstance(reply, Opened):
                    title, count = reply.title, reply.page_count
                elif isinstance(reply, Cut):
                    chunks += reply.chunks
        return Reading(title, Unit.PAGE, count, 0, tuple(chunks))

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

    def opens(self, path: Path, password: str) -> bool:
        """Whether a PDF opens with this password, or needs none.

        Raises UnreadableDocument for any other reason, FileNotFoundError, Interrupted.
        """
        try:
            self._one_reply(path, 1, TryPassword(str(path), password))
        except UnreadableDocument as error:
            if error.reason is Reason.ENCRYPTED:
                return False
            raise
        return True

    def interrupt(self) -> None:
        """End the running request, if any: it raises Interrupted. Later ones are served. Any thread may."""
        with self._state:
            if self._busy:
                self._interrupted = True
                self._drop()

    def rest(self) -> None:
        """End the child if it has nothing to do, which gives its memory back; another starts when it is needed."""
        with self._state:
            if not self._busy:
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
        while reason := self._lost(path, kind, taken):
            page = taken.last + 1
            logger.info("%s: page %d was given up: %s", path, page, reason)
            taken.lost[page] = reason
            if kind is not Kind.PDF or not 0 < page <= taken.page_count or len(taken.lost) > LOST_PAGES:
                raise UnreadableDocument(path, reason)
        return taken

    def _lost(self, path: Path, kind: Kind, taken: _Taken) -> Reason | None:
        """Read the document but for the pages that were lost; why it ended at another one, None when it did not.

        A second child reads again what the first had read: that happens seldom, and costs little beside the deadline.
        """
        taken.last = -1  # not even opened
        taken.chunks.clear()
        try:
            for reply in self._replies(ReadPages(str(path), kind, tuple(sorted(taken.lost)), self._has_ocr())):
                match reply:
                    case Opened(title, page_count, unit, unit_count):
                        taken.title, taken.page_count = title, page_count
                        taken.unit, taken.unit_count = unit, unit_count
                        taken.last = _passed(0, taken.lost)
                    case PagesRead(last, blank):
                        taken.last = _passed(last, taken.lost)
                        if blank:
                            taken.blanks[last] = blank
                    case Cut(chunks):
                        taken.last = taken.page_count
                        taken.chunks += chunks
                    case Done():
                        taken.empty_pages = reply.empty_pages
        except ChildSilent:
            return Reason.TOO_SLOW
        except ChildEnded:
            return Reason.CRASHED
        except UnreadableDocument as error:
            if taken.last < 0 or error.reason is not Reason.TOO_LARGE:
                raise
            return Reason.TOO_LARGE
        return None

    def _one_reply(self, path: Path, page: int, request: Request, leave: Callable[[], bool] | None = None) -> Reply:
        with self._request():
            try:
                reply = next(self._replies(request, leave))
            except ChildSilent:
                raise UnreadableDocument(path, Reason.TOO_SLOW) from None
            except ChildEnded:
                raise UnreadableDocument(path, Reason.CRASHED) from None
        if isinstance(reply, NoSuchPage):
            raise UsageError(Code.NO_SUCH_PAGE, path=str(path), page=page)
        return reply

    def _replies(self, request: Request, leave: Callable[[], bool] | None = None) -> Iterator[Reply]:
        """What the child answers. Raises Interrupted, UnreadableDocument, FileNotFoundError; ChildSilent, ChildEnded
        and, once `leave` is true, ChildLeft: the child is gone then."""
        try:
            child = self._running_child()
            child.ask(request, self._passwords.all())
            while True:
                reply = child.reply(leave)
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
                if not isinstance(reply, Opened | PagesRead | Cut):
                    return
        except (ChildSilent, ChildEnded, ChildLeft):
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


def _known_kind(path: Path) -> Kind:
    kind = kind_of(path)
    if kind is None:
        raise UsageError(Code.NOT_A_DOCUMENT, path=str(path))
    return kind


def _why_empty(taken: _Taken) -> Reason:
    if taken.lost:
        return list(taken.lost.values())[-1]
    blanks = taken.blanks.values()
    return Reason.DAMAGED if Blank.BROKEN in blanks else Reason.NO_TEXT


def _passed(page: int, lost: Collection[int]) -> int:
    """`page`, or the last of the lost pages that follow it without a gap."""
    while page + 1 in lost:
        page += 1
    return page


def _is_worn(child: Child) -> bool:
    return child.documents >= CHILD_DOCUMENTS or child.peak_bytes > CHILD_KEEP_BYTES
