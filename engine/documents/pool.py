"""Several documents are read side by side: one child a document, and no more children than are of use."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.documents.reading import DocumentReader
from engine.types import Reading


class ReaderPool:
    """Up to `size` readers, each with a child that starts with its first document. Any thread may use it."""

    def __init__(self, size: int, make: Callable[[], DocumentReader] = DocumentReader) -> None:
        self.size = size
        self._readers = [make() for _ in range(size)]
        # the last that was used is taken first: where few are needed, the others need no child
        self._free: queue.LifoQueue[DocumentReader] = queue.LifoQueue()
        for reader in self._readers:
            self._free.put(reader)

    def read(self, path: Path) -> Reading:
        """As `DocumentReader.read`; waits while all of them are reading."""
        with self._one() as reader:
            return reader.read(path)

    def skim(self, path: Path) -> Reading:
        """As `DocumentReader.skim`; likewise."""
        with self._one() as reader:
            return reader.skim(path)

    def rest(self) -> None:
        """End the children that have nothing to do, which gives their memory back."""
        for reader in self._readers:
            reader.rest()

    def interrupt(self) -> None:
        """End what is being read: it raises Interrupted. Later documents are read."""
        for reader in self._readers:
            reader.interrupt()

    def close(self) -> None:
        """End the children and what is being read, for good."""
        for reader in self._readers:
            reader.close()

    @contextmanager
    def _one(self) -> Iterator[DocumentReader]:
        reader = self._free.get()
        try:
            yield reader
        finally:
            self._free.put(reader)

    @property
    def peak_child_bytes(self) -> int:
        """The most memory that one child has used."""
        return max(reader.peak_child_bytes for reader in self._readers)
