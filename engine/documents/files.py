"""Opening a file that may be missing, forbidden, empty, or no file at all."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from engine.documents.limits import MAX_TEXT_BYTES
from engine.errors import UnreadableDocument
from engine.types import Reason

# A named pipe without a writer would be waited for, for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_file(path: str) -> BinaryIO:
    """`path`, open for reading bytes; it has at least one.

    Raises FileNotFoundError; UnreadableDocument: empty, no access (also a share that does not answer), not text.
    """
    try:
        file = os.fdopen(os.open(path, _FLAGS), "rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableDocument(path, Reason.NO_ACCESS) from error
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size:
        return file
    file.close()
    raise UnreadableDocument(path, Reason.EMPTY if stat.S_ISREG(status.st_mode) else Reason.NOT_TEXT)


def bytes_of(path: str, limit: int = MAX_TEXT_BYTES) -> bytes:
    """All that is in the file. Raises what `open_file` raises; UnreadableDocument: too large, beyond `limit` bytes."""
    with open_file(path) as file:
        try:
            data = file.read(limit + 1)
        except OSError as error:
            raise UnreadableDocument(path, Reason.NO_ACCESS) from error
    if len(data) > limit:
        raise UnreadableDocument(path, Reason.TOO_LARGE)
    return data
