"""How a library grows: memory, disk and times at 10,000 passages, 100,000, 1,000,000.

    python -m tests.benchmarks.scale --text ../shared/data/text --home DIR --passages 10000 [100000 1000000]
        [--queries 200] [--json FILE]

Each size is the one before, made larger. The texts are real ones (jsonl.zst, a `text` in each line), cut by length and,
when they come round again, from another character on. The vectors are those of a few hundred passages of them, each
with noise of its own and brought back to unit length: embedding a million would take hours, and is measured elsewhere.
Everything goes through the store as indexing does it. Searching is timed without the query's embedding. Nothing else
should run on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import zstandard

from engine.answers.retrieval import Retriever
from engine.config import SHIPPED_MODELS
from engine.library.indexing import embedded_text
from engine.library.keywords import query_terms
from engine.library.store import FoundFile, Root, Store
from engine.library.vectors import VectorIndex
from engine.models.catalog import Models
from engine.models.embedder import Embedder
from engine.types import Box, Chunk, Reading, Span, Unit

MODEL = "scale@1"
ROOT = Path("/scale")
PASSAGES = 50  # of a document
CHARACTERS = {"en": 1000, "zh": 400}  # of a passage
LINES = 12  # of a passage on its page
NOISE = 0.35
REAL = 800  # passages that are embedded
PUT = 1024  # vectors in one transaction


class Told:
    """A query whose vector is known: its embedding is not what is measured."""

    def __init__(self, vectors: dict[str, np.ndarray]) -> None:
        self.vectors = vectors

    def embed_query(self, text: str) -> np.ndarray:
        return self.vectors[text]

    def known_share(self, text: str) -> float:
        return 1.0

    def closeness(self, cosine: float) -> float:
        return cosine


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """(language, text) of whole documents, one language after the other, line by line; round and round."""
    files = [sorted((folder / language).glob("*.jsonl.zst")) for language in ("en", "zh")]
    streams = [[_lines(path) for path in group] for group in files]
    while any(streams):
        for language, group in zip(("en", "zh"), streams, strict=True):
            for stream in list(group):
                text = next(stream, None)
                if text is None:
                    group.remove(stream)
                else:
                    yield language, text


def _lines(path: Path) -> Iterator[str]:
    with zstandard.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def passages(folder: Path) -> Iterator[str]:
    for turn in count():
        for language, text in texts(folder):
            size = CHARACTERS[language]
            for start in range(turn * 137 % size, len(text) - size // 3, size):
                yield text[start : start + size]


def chunk(text: str) -> Chunk:
    step = -(-len(text) // LINES)
    spans = tuple(
        Span(start, min(start + step, len(text)), 1, Box(1, 72.0, 72.0 + start / step * 14, 523.3, 84.0))
        for start in range(0, len(text), step)
    )
    return Chunk(text, "", spans)


def grow(store: Store, source: Iterator[str], until: int, vector: Callable[[int], np.ndarray]) -> float:
    """Add documents until there are so many passages; seconds."""
    started = time.perf_counter()
    there = store.all_passages()
    number = len(store.documents())
    while there < until:
        with store.together():
            for _ in range(20):
                add(store, number, [next(source) for _ in range(PASSAGES)])
                number, there = number + 1, there + PASSAGES
    while rows := store.unembedded(PUT):
        store.put_vectors([(id, content) for id, content, _, _ in rows], vector(len(rows)))
    return time.perf_counter() - started


def add(store: Store, number: int, parts: list[str]) -> None:
    file = FoundFile(ROOT / f"{number // 1000:03}" / f"{number:06}.txt", ROOT, 1, 1)
    store.see([file])
    store.put(file, f"sha {number}", "pdf", 1, Reading("", Unit.PAGE, 1, 0, tuple(chunk(part) for part in parts)))


def percentiles(measured: list[tuple[float, float]]) -> dict[str, float]:
    """Of milliseconds on the clock, and of the processor's own, which a busy machine changes less."""
    found = {}
    for kind, milliseconds in zip(("", "cpu_"), zip(*measured, strict=True), strict=True):
        for at in (50, 99):
            found[f"{kind}p{at}"] = round(float(np.percentile(milliseconds, at)), 1)
    return found


def both(work: Callable[[], object]) -> tuple[float, float]:
    started = time.process_time()
    clock = timed(work)
    return clock, (time.process_time() - started) * 1000


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def memory_mb() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


def measure(home: Path, queries: list[str], known: dict[str, np.ndarray]) -> dict[str, object]:
    """In a process of its own: what a start costs, then searches, then a document that comes and goes."""
    before = memory_mb()
    started = time.perf_counter()
    store = Store(home / "library.sqlite")
    dimension = len(next(iter(known.values())))
    index = VectorIndex(store, home / "vectors", MODEL, dimension)
    index.refresh()
    start_s = time.perf_counter() - started
    retriever = Retriever(store, index, Told(known))
    ways: dict[str, Callable[[str], object]] = {
        "words": lambda query: retriever.by_words(query, 100),
        "meaning": lambda query: retriever.by_meaning(query, 100),
        "hybrid": lambda query: retriever.find(query, 10),
        "weights": lambda query: store.term_counts([f'"{term}"' for term in query_terms(query)]),
    }
    for query in queries[:10]:
        retriever.find(query, 10)
    found = {way: percentiles([both(partial(ask, query)) for query in queries]) for way, ask in ways.items()}
    recall = np.mean([_recall(store, index, known[query], dimension) for query in queries[:10]])
    parts = [f"Something new about number {number}. 新的内容 {number}。" * 10 for number in range(PASSAGES)]
    added = timed(lambda: add(store, 999_999, parts))
    rows = store.unembedded(PUT)
    embedded = timed(
        lambda: store.put_vectors(
            [(id, content) for id, content, _, _ in rows], np.stack([known[queries[0]]] * len(rows))
        )
    )
    noticed = timed(index.refresh)
    (new,) = [document.id for document in store.documents() if document.path.name == "999999.txt"]
    removed = timed(lambda: (store.forget([new]), store.drop_orphans()))
    noticed_gone = timed(index.refresh)
    status = timed(lambda: (store.folders([ROOT]), store.passage_count(), store.failures(), store.waiting_passages()))
    result = {
        "start_s": round(start_s, 2),
        "memory_mb": memory_mb() - before,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "search_ms": found,
        "recall_of_meaning_at_10": round(float(recall), 3),
        "add_document_ms": {"put": round(added, 1), "vectors": round(embedded, 1), "noticed": round(noticed, 1)},
        "delete_document_ms": {"drop": round(removed, 1), "noticed": round(noticed_gone, 1)},
        "status_ms": round(status, 1),
    }
    store.close()
    return result


def _recall(store: Store, index: VectorIndex, query: np.ndarray, dimension: int) -> float:
    best: list[tuple[float, int]] = []
    last = -1
    while rows := store.database.all(
        "SELECT passage_id, vector FROM vectors WHERE passage_id > ? ORDER BY 1 LIMIT 10000", [last]
    ):
        last = rows[-1][0]
        scores = np.frombuffer(b"".join(blob for _, blob in rows), np.float32).reshape(len(rows), dimension) @ query
        top = np.argsort(-scores)[:10]
        best = sorted(best + [(float(scores[row]), rows[row][0]) for row in top], reverse=True)[:10]
    wanted = {id for _, id in best}
    return len(wanted & {id for id, _ in index.search(query, 10)}) / 10


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--text", type=Path)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--passages", type=int, nargs="+", default=[10_000])
    arguments.add_argument("--queries", type=int, default=200)
    arguments.add_argument("--json", type=Path)
    arguments.add_argument("--measure", action="store_true", help="only measure what stands in --home")
    chosen = arguments.parse_args()
    prepared = chosen.home / "queries.npz"
    if chosen.measure:
        with np.load(prepared) as stored:
            queries = [str(query) for query in stored["queries"]]
            known = dict(zip(queries, stored["vectors"], strict=True))
        print(json.dumps(measure(chosen.home, queries, known)))
        return
    chosen.home.mkdir(parents=True, exist_ok=True)
    embedder = Embedder.open(Models(SHIPPED_MODELS, chosen.home / "models").folder("inkstone-embed-small"), threads=1)
    drawn = random.Random(3)
    source = passages(chosen.text)
    sample = [next(source) for _ in range(REAL * 5)][::5]
    real = embedder.embed_passages([embedded_text("", text[:300]) for text in sample])
    queries = [_asked(drawn.choice(sample), drawn) for _ in range(chosen.queries)]
    np.savez(prepared, queries=np.array(queries), vectors=np.stack([embedder.embed_query(query) for query in queries]))
    store = Store(chosen.home / "library.sqlite")
    store.add_root(Root(ROOT, is_file=False))
    store.use_embedder(MODEL)
    noise = np.random.default_rng([3, store.all_passages() - store.waiting_passages()])  # new where it goes on

    def vector(rows: int) -> np.ndarray:
        made = real[noise.integers(0, len(real), rows)]
        made = made + noise.normal(size=made.shape).astype(np.float32) * (NOISE / made.shape[1] ** 0.5)
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)

    results = []
    for until in chosen.passages:
        put_s = grow(store, source, until, vector)
        index = VectorIndex(store, chosen.home / "vectors", MODEL, real.shape[1])
        graph_s = timed(index.absorb) / 1000
        save_s = timed(index.save) / 1000
        del index
        store.database.all("PRAGMA wal_checkpoint(TRUNCATE)")
        command = [sys.executable, "-m", "tests.benchmarks.scale", "--home", str(chosen.home), "--measure"]
        measured = subprocess.run(command, capture_output=True, text=True, check=True)
        results.append(
            {
                "passages": store.all_passages(),
                "put_s": round(put_s, 1),
                "graph_s": round(graph_s, 1),
                "save_s": round(save_s, 1),
                "library_mb": (chosen.home / "library.sqlite").stat().st_size // 10**6,
                "graphs_mb": sum(path.stat().st_size for path in (chosen.home / "vectors").glob("*")) // 10**6,
                **json.loads(measured.stdout),
                "load": round(os.getloadavg()[0], 1),
            }
        )
        print(json.dumps(results[-1], indent=2), flush=True)
    store.close()
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


def _asked(text: str, drawn: random.Random) -> str:
    """Words as a person might put them: eight of a passage, or fifteen of its characters."""
    words = text.split()
    if len(words) > 40:
        start = drawn.randrange(len(words) - 8)
        return " ".join(words[start : start + 8])
    start = drawn.randrange(max(1, len(text) - 15))
    return text[start : start + 15]


if __name__ == "__main__":
    main()
