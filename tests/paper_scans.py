"""Text files that stand for scans: a line is a page, and one that begins with "~" is a picture of what follows.

python -m tests.paper_scans HOME FOLDER      indexes FOLDER to the end, at 20 pages a second; made to be killed
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.errors import UnreadableDocument
from engine.library.indexing import Indexer
from engine.library.recognising import Recognition
from engine.library.store import Root, Store
from engine.library.vectors import VectorIndex
from engine.types import Chunk, IndexEvent, Reading, Reason, Unit
from tests.fakes import DIMENSION, WordEmbedder, chunk


class PaperReader:
    """What is no picture is read."""

    def __init__(self) -> None:
        self.read_paths: list[Path] = []

    def read(self, path: Path) -> Reading:
        self.read_paths.append(path)
        pages = list(enumerate(path.read_text("utf-8").splitlines(), 1))
        chunks = tuple(chunk(text, page) for page, text in pages if not text.startswith("~"))
        scans = tuple(page for page, text in pages if text.startswith("~"))
        return Reading("", Unit.PAGE, len(pages), len(pages) - len(chunks), chunks, scans)

    def rest(self) -> None:
        pass

    def interrupt(self) -> None:
        pass


class PaperRecogniser:
    """Reads the pictures too: nothing where nothing follows the "~"; "~!" and a reason cannot be recognised.

    Calls `during` in the middle of each page, and asks afterwards whether the page is still wanted.
    """

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self.seen: list[tuple[str, int]] = []  # (file name, page), also those that were left
        self.during: Callable[[], None] = lambda: None
        self.rests = 0

    def recognise(self, path: Path, page: int, leave: Callable[[], bool]) -> tuple[Chunk, ...] | None:
        text = path.read_text("utf-8").splitlines()[page - 1].removeprefix("~")
        self.seen.append((path.name, page))
        time.sleep(self.pause_s)
        self.during()
        if leave():
            return None
        if text.startswith("!"):
            raise UnreadableDocument(path, Reason(text[1:]))
        return (chunk(text, page),) if text else ()

    def rest(self) -> None:
        self.rests += 1


class PaperLibrary:
    """An indexer over a folder of such files."""

    def __init__(self, home: Path, folder: Path, pause_s: float = 0.0) -> None:
        home.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)
        self.home = home
        self.folder = folder
        self.store = Store(home / "library.sqlite")
        self.store.add_root(Root(folder, is_file=False))
        self.reader = PaperReader()
        self.recogniser = PaperRecogniser(pause_s)
        self.has_ocr = True
        self.recognition = Recognition(self.store, self.recogniser, lambda: self.has_ocr)
        self.use(WordEmbedder())

    def use(self, embedder: WordEmbedder) -> None:
        self.embedder = embedder
        vectors = VectorIndex(self.store, self.home / "vectors", embedder.id, DIMENSION)
        self.indexer = Indexer(self.store, self.reader, embedder, vectors, recognition=self.recognition)

    def write(self, name: str, *pages: str) -> Path:
        path = self.folder / name
        path.write_text("\n".join(pages), "utf-8")
        return path

    def run(self, changed: Callable[[], bool] = lambda: False, scans: bool = True) -> list[IndexEvent]:
        return [*self.each(changed, scans)]

    def each(self, changed: Callable[[], bool] = lambda: False, scans: bool = True) -> Iterator[IndexEvent]:
        return self.indexer.run(changed=changed, scans=scans)

    def texts(self) -> list[tuple[str, int, str]]:
        """(file name, page, text) of every passage, as a reader finds them in the documents."""
        rows = self.store.database.all(
            "SELECT d.path, p.page_first, p.text FROM passages p JOIN documents d USING (content_id)"
            " ORDER BY d.path, p.ordinal"
        )
        return [(Path(path.decode()).name, page, text) for path, page, text in rows]


if __name__ == "__main__":
    PaperLibrary(Path(sys.argv[1]), Path(sys.argv[2]), pause_s=0.05).run()
