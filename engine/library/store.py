"""What the library knows, on disk: folders, documents, passages, their vectors and their keywords.

Contents stand apart from files: a content is read and embedded once, however many files hold it and wherever they move.
Vectors here are the truth; the vector index is a cache of them. All writing is done by the process that holds the
index lock, except adding and removing roots. Each part stands in a module of `tables`.
"""

from __future__ import annotations

from pathlib import Path

from engine.library.database import Database
from engine.library.tables.checking import Checking
from engine.library.tables.counting import Counting
from engine.library.tables.embeddings import Ids, Vectors
from engine.library.tables.files import FoundFile, KnownFile, Root
from engine.library.tables.finding import Finding
from engine.library.tables.presence import Presence

__all__ = ["FoundFile", "Ids", "KnownFile", "Root", "Store", "Vectors"]


class Store(Checking, Finding, Counting, Presence):
    """`Store(path)` opens or makes a library. Raises BrokenInstallation whenever the file cannot serve."""

    def __init__(self, path: Path) -> None:
        super().__init__(Database(path))

    def close(self) -> None:
        self.database.close()
