"""Everything that is built around one embedder: what indexes, what finds, what answers. Another embedder, another one.

Built together, so that a question's vector is never compared with vectors of another model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.answers.answering import Answerer
from engine.answers.extracting import Extractor
from engine.answers.retrieval import Retriever
from engine.answers.supporting import Support
from engine.answers.writing import Writer
from engine.config import Config
from engine.documents.pool import ReaderPool
from engine.library.indexing import Background, Indexer, Spent
from engine.library.listing import Wish
from engine.library.recognising import Recognition
from engine.library.store import Store
from engine.library.vectors import VectorIndex
from engine.models.embedder import Embedder
from engine.types import Hit, Notice


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
    ) -> None:
        self._store = store
        self.embedder = embedder
        self.vectors = VectorIndex(store, config.vectors, embedder.id, embedder.dimension)
        self.retriever = Retriever(store, self.vectors, embedder)
        self.answerer = Answerer(self.retriever, Extractor(store, self.vectors, embedder), self._support, writer)
        self.indexer = Indexer(store, reader, embedder, self.vectors, wish, spent, recognition, background)

    def _support(self, question: str, hits: Sequence[Hit]) -> Support:
        return Support(question, hits, self._store, self.vectors, self.embedder)
