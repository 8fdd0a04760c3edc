import errno
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
        folder = self.home / "vectors"
        return VectorIndex(self.store, folder, model, dimension, exact_up_to=0, in_a_graph=250, worth_saving=1)

    def graphs(self) -> list[Path]:
        return sorted((self.home / "vectors").glob("*.graph"))

    def embed(self, count: int, vectors: np.ndarray) -> None:
        rows = self.store.unembedded(count)
        self.store.put_vectors([(id, content) for id, content, _, _ in rows], vectors)

    def add(self, name: str, count: int) -> None:
        file = FoundFile(FOLDER / name, FOLDER, 1, 1)
        self.store.see([file])
        chunks = tuple(chunk(f"{name} {number}") for number in range(count))
        self.store.put(file, name, "pdf", 1, Reading("", Unit.PAGE, 1, 0, chunks))
        self.embed(count, self.vectors(count))

    def vectors(self, count: int) -> np.ndarray:
        vectors = self.random.normal(size=(count, DIMENSION)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def remove(self, name: str) -> None:
        self.store.forget([document.id for document in self.store.documents() if document.path.name == name])
        self.store.drop_orphans()

    def exact(self, query: np.ndarray, k: int) -> list[int]:
        there = self.store.database.all("SELECT passage_id FROM vectors")
        ids, vectors = self.store.vectors([id for (id,) in there], DIMENSION)
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


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "garbage", "another"])
@pytest.mark.parametrize("which", [0, -1])
def test_a_damaged_graph_is_made_again(library: Library, damage: str, which: int):
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    whole, graph = library.graphs(), library.graphs()[which]
    data = bytearray(graph.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 0xFF
    elif damage == "truncate":
        del data[1000:]
    elif damage == "empty":
        data.clear()
    elif damage == "garbage":
        data[:] = b"no graph" * 100
    else:
        data = bytearray(whole[which - 1].read_bytes())  # what a copied or renamed file would be
    graph.write_bytes(data)
    again = library.reopened()
    assert library.agrees(again)
    again.absorb()
    again.save()
    assert library.agrees(library.reopened())


def test_only_graphs_that_changed_are_written_again(library: Library):
    library.add("a", 600)
    library.index.absorb()
    library.index.save()
    before = [path.stat().st_mtime_ns for path in library.graphs()]
    library.add("b", 100)
    library.index.absorb()
    library.index.save()
    after = [path.stat().st_mtime_ns for path in library.graphs()]
    assert len(after) == 3
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, False]
    assert library.agrees(library.reopened())


def test_a_few_new_vectors_are_not_worth_a_file(library: Library):
    library.index = VectorIndex(library.store, library.home / "vectors", "m", DIMENSION, 0, 250, worth_saving=50)
    library.add("a", 200)
    library.index.absorb()
    library.index.save()
    (graph,) = library.graphs()
    before = graph.read_bytes()
    library.add("b", 30)
    library.index.absorb()
    library.index.save()
    assert graph.read_bytes() == before
    assert library.agrees(library.reopened())


def test_a_graph_that_is_mostly_deleted_is_made_again(library: Library):
    library.add("a", 100)
    library.add("b", 300)
    library.index.absorb()
    library.index.save()
    assert len(library.graphs()) == 2
    library.remove("b")
    library.index.absorb()
    library.index.save()
    assert len(library.graphs()) == 1
    assert library.agrees(library.index)
    assert library.agrees(library.reopened())


def test_a_kill_between_two_files_leaves_no_vector_twice(library: Library):
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    first = library.graphs()[0]
    first.with_name(first.name.replace("0000", "0007")).write_bytes(first.read_bytes())
    again = library.reopened()
    assert library.agrees(again)
    library.remove("a")
    assert again.search(library.query(), 10) == []


def test_changes_are_followed_without_reading_all_ids(library: Library, monkeypatch: pytest.MonkeyPatch):
    library.add("a", 100)
    library.index.refresh()
    monkeypatch.setattr(Store, "vector_ids", None)
    library.add("b", 100)
    assert library.agrees(library.index)
    library.remove("a")
    assert library.agrees(library.index)


def test_whoever_missed_many_changes_reads_all_ids(library: Library):
    library.add("a", 100)
    library.index.refresh()
    library.add("b", 10)
    library.store.database.run("DELETE FROM vector_changes")
    library.remove("a")
    assert library.agrees(library.index)


def test_the_library_may_stand_in_a_folder_of_any_name(tmp_path: Path):
    home = tmp_path / "张 三" / "资料 🙂"
    home.mkdir(parents=True)
    library = Library(home)
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    assert len(library.graphs()) == 2
    again = library.reopened()
    assert library.agrees(again)
    assert len(again._pending) == 0  # all of it came from the files
    library.store.close()


def test_the_vectors_of_another_model_are_found_when_they_are_in_use(library: Library):
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    other = library.reopened(model="another")
    assert other.search(library.query(), 10) == []
    library.store.use_embedder("another")
    library.embed(300, library.vectors(300))
    assert library.agrees(library.index)
    assert len(other.search(library.query(), 10)) == 10
    other.absorb()
    assert library.store.finish_embedder()
    assert library.agrees(other)
    assert library.index.search(library.query(), 10) == []
    other.save()
    assert library.agrees(library.reopened(model="another"))
    assert len(library.graphs()) == 2  # the old model's are gone


def test_equal_scores_are_ordered_the_same_way_always(library: Library):
    library.add("a", 3)
    same = np.tile(library.query(), (3, 1))
    library.store.use_embedder("same")
    index = library.reopened(model="same")
    library.embed(3, same)
    found = [id for id, _ in index.search(same[0], 3)]
    assert len(found) == 3
    assert found == sorted(found)


def test_a_full_disk_is_said_and_the_old_graph_stays(library: Library, monkeypatch: pytest.MonkeyPatch):
    library.add("a", 300)
    library.index.absorb()
    library.index.save()
    library.add("b", 10)
    library.index.absorb()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
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
    library.embed(400, np.stack([few[number % 5] for number in range(400)]))
    index = library.reopened(model="equal")
    index.absorb()
    found = index.search(few[0], 100)
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)


def test_vectors_of_a_passage_that_was_removed_meanwhile_are_dropped(library: Library):
    library.add("a", 3)
    library.store.use_embedder("again")
    rows = library.store.unembedded(3)
    library.remove("a")
    library.store.put_vectors([(id, content) for id, content, _, _ in rows], np.eye(3, DIMENSION, dtype=np.float32))
    assert len(library.store.vector_ids()) == 0
    assert library.store.problems() == []
