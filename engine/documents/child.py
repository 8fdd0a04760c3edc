"""The reading child: opens documents so that the engine's own process need not. Run as a module, spoken to by pipes.

It ends with the engine however that ended: at the end of its input, on Linux by the kernel's signal at once, and
everywhere by a watchdog in C that needs no interpreter lock, should MuPDF hang while nobody is left to kill it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from engine.children import end_with, own_pipes, read_frame, write_frame
from engine.documents import pdf
from engine.documents.blocks import TextDocument
from engine.documents.cutting import read
from engine.documents.kinds import Kind
from engine.documents.limits import WATCHDOG_GRACE_S
from engine.documents.opening import open_document
from engine.documents.protocol import (
    Done,
    Gone,
    NoSuchPage,
    ReadPages,
    Ready,
    RecognisePage,
    Refused,
    RenderPage,
    Reply,
    Request,
    ShowLines,
    SkimPages,
    TryPassword,
    UsePasswords,
    decode_request,
    encode_reply,
)
from engine.documents.skimming import skim
from engine.errors import UnreadableDocument
from engine.types import Reason, TextLines

_T = TypeVar("_T")


def main(arguments: list[str]) -> None:
    """`arguments`: the parent's process id, the deadline for one page in seconds, the memory allowed in bytes."""
    parent, deadline_s, memory_bytes = int(arguments[0]), float(arguments[1]), int(arguments[2])
    source, out = own_pipes()
    end_with(parent)
    _limit_memory(memory_bytes)
    watchdog = _Watchdog(deadline_s + WATCHDOG_GRACE_S)
    write_frame(out, encode_reply(Ready()))
    passwords: tuple[str, ...] = ()
    while (frame := read_frame(source)) is not None:
        request = decode_request(frame)
        if isinstance(request, UsePasswords):
            passwords = request.passwords
            continue
        for reply in watchdog.over(_answer(request, passwords)):
            write_frame(out, encode_reply(reply))


def _answer(request: Request, passwords: tuple[str, ...]) -> Iterator[Reply]:
    try:
        match request:
            case ReadPages():
                empty_pages = yield from read(request, passwords)
                yield Done(peak_bytes(), empty_pages)
            case SkimPages():
                yield from skim(request, passwords)
            case RenderPage():
                yield _render(request, passwords)
            case ShowLines():
                yield _show(request)
            case RecognisePage():
                yield _recognise(request, passwords)
            case TryPassword(path, password):
                pdf.Pdf(path, (password,))
                yield Done(peak_bytes(), 0)
    except FileNotFoundError:
        yield Gone()
    except UnreadableDocument as error:
        yield Refused(error.reason)
    except (pdf.OutOfMemory, MemoryError):
        yield Refused(Reason.TOO_LARGE)


def _render(request: RenderPage, passwords: tuple[str, ...]) -> Reply:
    document = pdf.Pdf(request.path, passwords)
    if not 1 <= request.page <= document.page_count:
        return NoSuchPage()
    return document.render(request.page, request.scale)


def _show(request: ShowLines) -> Reply:
    text = _opened(request.path, request.kind, _version(request.path))
    if not 1 <= request.first <= len(text.lines):
        return NoSuchPage()
    shown = slice(request.first - 1, request.first - 1 + request.count)
    return TextLines(request.first, len(text.lines), text.lines[shown], text.labels[shown])


@lru_cache(maxsize=1)  # a large sheet takes seconds to open, and people look from citation to citation
def _opened(path: str, kind: Kind, version: tuple[int, int]) -> TextDocument:
    return open_document(path, kind)


def _version(path: str) -> tuple[int, int]:
    try:
        status = Path(path).stat()
    except OSError:
        return 0, 0  # opening it says why
    return status.st_mtime_ns, status.st_size


def _recognise(request: RecognisePage, passwords: tuple[str, ...]) -> Reply:
    from engine.documents.recognising import recognise  # models and libraries of 300 MB, for this alone

    return recognise(request, passwords)


class _Watchdog:
    """Ends this process when one step takes longer than `limit_s`, from a C thread that needs no lock."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        # faulthandler wants an open file for its traceback
        self._nowhere = Path(os.devnull).open("w")  # noqa: SIM115

    def over(self, steps: Iterable[_T]) -> Iterator[_T]:
        """The same steps; time between them, while the engine is slow to take one, does not count."""
        steps = iter(steps)
        while True:
            faulthandler.dump_traceback_later(self._limit_s, exit=True, file=self._nowhere)
            try:
                step = next(steps)
            except StopIteration:
                return
            finally:
                faulthandler.cancel_dump_traceback_later()
            yield step


def peak_bytes() -> int:
    """The most memory that this process ever held; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux's ru_maxrss also counts what the engine held when it started this process: a large library
        # would make every child look worn
        peaks = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(peaks[0]) * 1024 if peaks else 0
    try:
        import resource  # POSIX only
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _limit_memory(limit: int) -> None:
    if sys.platform == "linux":
        import resource  # POSIX only

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main(sys.argv[1:])
