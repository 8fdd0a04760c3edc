"""A small library of prepared passages, and answerers for it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fakes import DIMENSION, FakeGenerator, WordEmbedder

from engine.answers.ahead import Ahead
from engine.answers.answering import Answerer
from engine.answers.extracting import Extractor
from engine.answers.retrieval import Retriever
from engine.answers.supporting import Support
from engine.answers.writing import Writer
from engine.library.store import FoundFile, Root, Store
from engine.library.vectors import VectorIndex
from engine.models.generator import Sampling
from engine.models.prompts import PromptWriter
from engine.types import Answer, AnswerEvent, Box, Chunk, Finished, Hit, Notice, Reading, Span, Turn, Unit

FOLDER = Path("/papers")

POLICY = (
    "Audit logs record who opened which file.",
    "Audit logs are retained for seven years.",
    "Backups are kept for ninety days and then destroyed.",
)
CHINESE = ("审计日志记录谁打开了哪个文件。", "审计日志的保留期限为七年。", "备份策略每季度复核一次。")


def passage(sentences: tuple[str, ...], page: int, heading: str = "") -> Chunk:
    """Each sentence on a line of its own, 12 points below the one before."""
    spans, start = [], 0
    for row, sentence in enumerate(sentences):
        spans.append(Span(start, start + len(sentence), page, Box(page, 50, 100 + 12 * row, 300, 110 + 12 * row)))
        start += len(sentence) + 1
    return Chunk(" ".join(sentences), heading, tuple(spans))


class Library:
    """A store with prepared passages, and answerers for it."""

    def __init__(self, home: Path) -> None:
        self.store = Store(home / "library.sqlite")
        self.store.add_root(Root(FOLDER, is_file=False))
        self.embedder = WordEmbedder()
        self.store.use_embedder(self.embedder.id)
        self.vectors = VectorIndex(self.store, home / "vectors", self.embedder.id, DIMENSION)
        self.retriever = Retriever(self.store, self.vectors, self.embedder)
        self.answerer = self.quoting()

    def put(self, name: str, *chunks: Chunk) -> None:
        file = FoundFile(FOLDER / name, FOLDER, 1, 1)
        self.store.see([file])
        self.store.put(file, name, "pdf", 1, Reading("", Unit.PAGE, 9, 0, chunks))
        rows = self.store.unembedded(100)
        vectors = self.embedder.embed_passages([text for _, _, _, text in rows])
        self.store.put_vectors([(id, content) for id, content, _, _ in rows], vectors)

    def quoting(
        self, writer: Callable[[], Writer | Notice | None] = lambda: None, ahead: Ahead | None = None
    ) -> Answerer:
        extractor = Extractor(self.store, self.vectors, self.embedder)
        return Answerer(self.retriever, extractor, self.support, writer, ahead)

    def writing(self, generator: FakeGenerator, ahead: Ahead | None = None) -> Answerer:
        return self.quoting(lambda: Writer(generator, PromptWriter(generator.tokens), Sampling()), ahead)

    def support(self, question: str, hits: Sequence[Hit]) -> Support:
        return Support(question, hits, self.store, self.vectors, self.embedder)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        return finished(self.answerer.ask(question, history=history))


def finished(events: Iterator[AnswerEvent]) -> Answer:
    *_, last = events
    assert isinstance(last, Finished)
    return last.answer
