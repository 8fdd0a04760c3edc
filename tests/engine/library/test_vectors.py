import json
from pathlib import Path

import numpy as np
import pytest
from fakes import DIMENSION, chunk

from engine.errors import BrokenInstallation, Code
from engine.library.store import FoundFile, Root, Store
from engine.library.vectors import VectorIndex
from engine.types import Reading, Unit

FOLDER = Path("/papers")


class Library:
    """A store of random vectors and the index over it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = Store(home / "library.sqlite")
        self.store.add_root(Root(FOLDER, is_file=False))
        self.store.use_embedder("m")
        self.random = np.random.default_rng(7)
        self.index = self.reopened()

    def reopened(self, model: str = "m", dimension: int = DIMENSION) -> VectorIndex:
        return VectorIndex(self.store, self.home / "vectors", model, dimension, exact_up_to=0)

    def add(self, name: str, count: int) -> None:
        file = FoundFile(FOLDER / name, FOLDER, 1, 1)
        self.store.see([file])
        chunks = tuple(chunk(f"{name} {number}") for number in range(count))
        self.store.put(file, name, "pdf", 1, Reading("", Unit.PAGE, 1, 0, chunks))
        rows = self.store.unembedded(0, count)
        vectors = self.random.normal(size=(count, DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        self.store.put_vectors([(id, content) for id, content, _, _ in rows], vectors)

    def remove(self, name: str) -> None:
        self.store.forget([document.id for document in self.store.documents() if document.path.name == name])
        self.store.drop_orphans()

    def exact(self, query: np.ndarray, k: int) -> list[int]:
        ids, vectors = self.store.vectors(self.store.vector_ids().tolist(), DIMENSION)
        return ids[np.argsort(-(vectors @ query), kind="stable")[:k]].tolist()

    def query(self) -> np.ndarray:
        vector = self.random.normal(size=DIMENSION).astype(np.float32)
        return vector / np.linalg.norm(vector)

    def agrees(self, index: VectorIndex, k: int = 10) -> bool:
        queries = [self.query() for _ in range(20)]
        return all([id for id, _ in index.search(query, k)] == self.exact(query, k) for query in queries)


@pytest.fixture
def library(tmp_path: Path):
    made = Library(tmp_path)
    yield made
    made.store.close()


def test_the_graph_finds_what_exact_search_finds(library: Library):
    library.add("a", 600)
    library.index.absorb()
    assert library.agrees(library.index)


def test_vectors_are_found_before_the_graph_has_them(library: Library):
    library.add("a", 300)
    assert library.agrees(library.index)
    library.index.absorb()
    library.add("b", 300)
    assert library.agrees(library.index)


def test_removed_passages_are_not_found(library: Library):
    library.add("a", 400)
    library.add("b", 40)
    library.index.absorb()
    library.remove("b")
    assert library.agrees(library.index)
    library.remove("a")
    assert library.index.search(library.query(), 10) == []


def test_asking_for_more_than_there_are_gives_all(library: Library):
    library.add("a", 5)
    library.index.absorb()
    assert len(library.index.search(library.query(), 50)) == 5


def test_an_empty_library_finds_nothing(library: Library):
    assert library.index.search(library.query(), 10) == []


def test_a_saved_graph_is_loaded_again(library: Library):
    library.add("a", 400)
    library.add("b", 40)
    library.index.absorb()
    library.remove("b")
    library.index.refresh()
    library.index.save()
    again = library.reopened()
    assert library.agrees(again)
    library.add("c", 10)
    again.absorb()
    assert library.agrees(again)


@pytest.mark.parametrize("damage", ["flip", "truncate", "sidecar", "no sidecar", "garbage"])
def test_a_damaged_graph_is_made_again(library: Library, damage: str):
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    graph, note = library.home / "vectors" / "graph.hnsw", library.home / "vectors" / "graph.json"
    if damage == "flip":
        data = bytearray(graph.read_bytes())
        data[len(data) // 2] ^= 0xFF
        graph.write_bytes(data)
    elif damage == "truncate":
        graph.write_bytes(graph.read_bytes()[:1000])
    elif damage == "sidecar":
        note.write_text(json.dumps({**json.loads(note.read_text()), "dimension": 3}))
    elif damage == "no sidecar":
        note.unlink()
    else:
        note.write_text("[1, 2")
    again = library.reopened()
    assert library.agrees(again)
    again.absorb()
    again.save()
    assert library.agrees(library.reopened())


def test_the_graph_of_another_model_is_not_used(library: Library):
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    other = library.reopened(model="another")
    assert other.search(library.query(), 10) == []
    library.store.use_embedder("another")
    library.add("b", 300)
    assert library.agrees(other)
    assert library.reopened(model="m").search(library.query(), 10) == []


def test_equal_scores_are_ordered_the_same_way_always(library: Library):
    library.add("a", 3)
    same = np.tile(library.query(), (3, 1))
    library.store.use_embedder("same")
    index = library.reopened(model="same")
    rows = library.store.unembedded(0, 3)
    library.store.put_vectors([(id, content) for id, content, _, _ in rows], same)
    found = [id for id, _ in index.search(same[0], 3)]
    assert len(found) == 3
    assert found == sorted(found)


def test_a_full_disk_is_said_and_the_old_graph_stays(library: Library, monkeypatch: pytest.MonkeyPatch):
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    library.add("b", 10)
    library.index.absorb()

    # what a full disk leaves: a file that is smaller than the graph, and no word from hnswlib
    monkeypatch.setattr(VectorIndex, "_needed_bytes", 10**9)
    with pytest.raises(BrokenInstallation) as caught:
        library.index.save()
    assert caught.value.code is Code.NO_SPACE
    monkeypatch.undo()
    assert library.agrees(library.reopened())
    library.index.save()
    assert library.agrees(library.reopened())


def test_a_small_library_is_searched_exactly_and_needs_no_graph(library: Library):
    small = VectorIndex(library.store, library.home / "vectors", "m", DIMENSION)
    library.add("a", 50)
    small.absorb()
    small.save()
    assert not (library.home / "vectors").exists()
    assert library.agrees(small)


def test_many_equal_vectors_are_found_although_the_graph_falls_apart(library: Library):
    few = [library.query() for _ in range(5)]
    library.add("a", 400)
    library.store.use_embedder("equal")
    rows = library.store.unembedded(0, 400)
    equal = np.stack([few[number % 5] for number in range(400)])
    library.store.put_vectors([(id, content) for id, content, _, _ in rows], equal)
    index = library.reopened(model="equal")
    index.absorb()
    found = index.search(few[0], 100)
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)


def test_vectors_of_a_passage_that_was_removed_meanwhile_are_dropped(library: Library):
    library.add("a", 3)
    library.store.use_embedder("again")
    rows = library.store.unembedded(0, 3)
    library.remove("a")
    library.store.put_vectors([(id, content) for id, content, _, _ in rows], np.eye(3, DIMENSION, dtype=np.float32))
    assert len(library.store.vector_ids()) == 0
    assert library.store.problems() == []
