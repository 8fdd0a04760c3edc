"""Everything that is built around one embedder: what indexes, what finds, what answers. Another embedder, another one.

Built together, so that a question's vector is never compared with vectors of another model.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from engine.answers.answering import Answerer
from engine.answers.extracting import Extractor
from engine.answers.reading import Reading, ReadingFinder, Reads
from engine.answers.retrieval import Retriever
from engine.answers.supporting import Support
from engine.answers.writing import Writer
from engine.config import Config
from engine.documents.pool import ReaderPool
from engine.errors import EngineError
from engine.library.indexing import Background, Indexer, Spent
from engine.library.listing import Wish
from engine.library.recognising import Recognition
from engine.library.store import Store
from engine.library.vectors import VectorIndex
from engine.models.embedder import Embedder
from engine.types import Hit, Notice

logger = logging.getLogger(__name__)


class Searching:
    """One embedder at work on one library. Its parts may be used from any thread, the indexer by one."""

    def __init__(
        self,
        embedder: Embedder,
        store: Store,
        reader: ReaderPool,
        config: Config,
        spent: Spent,
        recognition: Recognition,
        wish: Callable[[], Wish],
        background: Background,
        writer: Callable[[], Writer | Notice | None],
        passage_reader: Callable[[], Reads | None],
    ) -> None:
        self._store = store
        self.embedder = embedder
        self.vectors = VectorIndex(store, config.vectors, embedder.id, embedder.dimension)
        self.retriever = Retriever(store, self.vectors, embedder)
        reading = Reading(passage_reader)
        self.finder = ReadingFinder(self.retriever, reading)  # of what is asked; the retriever's of what is searched
        self.extractor = Extractor(store, self.vectors, embedder, reading)
        self.answerer = Answerer(self.finder, self.extractor, self._support, writer)
        self.indexer = Indexer(
            store,
            reader,
            embedder,
            self.vectors,
            wish,
            spent=spent,
            recognition=recognition,
            background=background,
        )

    def _support(self, question: str, hits: Sequence[Hit]) -> Support:
        return Support(question, hits, self._store, self.vectors, self.embedder)


class Searchings:
    """The embedders that are loaded: the chosen one, and while the library is embedded anew the one before.

    `build` makes what is around the embedder of a name. All methods may be called from any thread.
    """

    def __init__(self, store: Store, build: Callable[[str], Searching]) -> None:
        self._store = store
        self._build = build
        self._lock = threading.Lock()
        self._built: dict[str, Searching] = {}
        self._refused: set[str] = set()  # ids of embedders that are gone, or no longer what they were

    def chosen(self, name: str) -> Searching:
        """What indexes. Raises UsageError or BrokenInstallation when the model is missing or damaged."""
        with self._lock:
            return self._of(name)

    def asked(self, chosen: str) -> Searching:
        """What answers: around the embedder whose vectors are searched, if it is still there, else the chosen one.

        Raises as `chosen`.
        """
        with self._lock:
            id = self._store.embedder_in_use()
            before = self._before(id, chosen) if id else None
            self._built = {name: built for name, built in self._built.items() if built is before or name == chosen}
            return before or self._of(chosen)

    def rest(self) -> None:
        """Give back the memory that embedding took; the models stay loaded, so that a question is answered at once."""
        for built in tuple(self._built.values()):
            built.embedder.rest()

    def is_chosen(self, indexer: Indexer, name: str) -> bool:
        built = self._built.get(name)
        return built is not None and built.indexer is indexer

    def _before(self, id: str, chosen: str) -> Searching | None:
        name = id.rpartition("@")[0]
        if name == chosen or id in self._refused:
            return None
        try:
            found = self._of(name)
        except EngineError as error:
            logger.warning("%s cannot be searched with any more: %s", id, error)
            self._refused.add(id)
            return None
        if found.embedder.id != id:
            self._refused.add(id)
            return None
        return found

    def _of(self, name: str) -> Searching:
        if name not in self._built:
            self._built[name] = self._build(name)
        return self._built[name]
