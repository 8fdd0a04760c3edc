"""Another embedder: the same passages get new vectors while the old ones are searched, and two models never mix."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import numpy as np
import pytest
from bge_folders import Network, make_folder

from engine.assistant import Assistant
from engine.config import Config
from engine.errors import BrokenInstallation, Code, EngineError, UsageError
from engine.library.store import Store
from engine.library.tables.embeddings import Shelf
from engine.library.vectors import VectorIndex
from engine.types import Anew, Indexed, Stage, Why, Working

SHIPPED = "inkstone-embed-small"
PASSAGES = 40  # more than one batch


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A home whose library of PASSAGES documents was indexed with the shipped model; a BGE is at hand."""
    config = Config.load(tmp_path / "home")
    documents = tmp_path / "documents"
    documents.mkdir()
    for number in range(PASSAGES):
        (documents / f"{number:02}.txt").write_text(f"Water number {number} boils. 水在 {number} 时沸腾。", "utf-8")
    assistant = Assistant.open(config)
    assistant.models.add(make_folder(tmp_path / "bge-tiny-zh"))
    assistant.add([documents])
    list(assistant.index())
    assistant.close()
    return config


@pytest.fixture
def opened(config: Config) -> Iterator[Assistant]:
    assistant = Assistant.open(config.change(embedder="bge-tiny-zh"))
    yield assistant
    assistant.close()


def passages(store: Store) -> list[tuple[object, ...]]:
    return store.database.all("SELECT * FROM passages ORDER BY id")


def widths(store: Store, table: str = "vectors") -> dict[int, int]:
    """How many vectors have how many numbers."""
    return dict(store.database.all(f"SELECT length(vector) / 4, count(*) FROM {table} GROUP BY 1"))


def test_passages_are_embedded_again_and_never_cut_again(opened, monkeypatch):
    monkeypatch.setattr(opened._reader, "read", None)  # no document may be read
    before = passages(opened.store)
    assert widths(opened.store) == {384: PASSAGES}
    list(opened.index())
    assert passages(opened.store) == before
    assert widths(opened.store) == {8: PASSAGES}
    assert (opened.spent.passages, opened.store.problems()) == (PASSAGES, [])
    hits = opened.search("水在 7 时沸腾")
    assert (hits[0].document.path.name, hits[0].why) == ("07.txt", (Why.WORDS, Why.MEANING))


def test_search_goes_on_with_the_old_vectors_until_the_new_ones_are_complete(opened):
    def found() -> list[tuple[str, tuple[Why, ...]]]:
        return [(hit.document.path.name, hit.why) for hit in opened.search("number 7", 100)]

    before = found()
    assert {why for _, why in before} == {(Why.WORDS, Why.MEANING)}
    for event in opened.index():
        if isinstance(event, Working) and event.stage is Stage.EMBEDDING and event.done < PASSAGES:
            assert found() == before
            assert opened.searching.embedder.name == SHIPPED
            assert opened.status().anew == Anew("bge-tiny-zh", SHIPPED, event.done, PASSAGES)
            assert opened.status().waiting == 0
    assert opened.searching.embedder.name == "bge-tiny-zh"
    assert opened.status().anew is None
    assert (widths(opened.store), widths(opened.store, "vectors_next")) == ({8: PASSAGES}, {})
    assert {why for _, why in found()} == {(Why.WORDS, Why.MEANING)}


def interrupted(assistant: Assistant) -> int:
    """How many passages were embedded before indexing was stopped within that."""
    indexing = assistant.index()
    while not isinstance(event := next(indexing), Working) or event.stage is not Stage.EMBEDDING:
        pass
    indexing.close()
    return assistant.spent.passages


def test_what_was_interrupted_goes_on(opened, config):
    done = interrupted(opened)
    assert (widths(opened.store), widths(opened.store, "vectors_next")) == ({384: PASSAGES}, {8: done})
    again = Assistant.open(config.renewed())
    list(again.index())
    assert again.spent.passages == PASSAGES - done
    assert widths(again.store) == {8: PASSAGES}
    again.close()


def test_the_old_one_chosen_again_has_nothing_to_do(opened):
    before = opened.store.database.all("SELECT * FROM vectors")
    done = interrupted(opened)
    opened.change(embedder=SHIPPED)
    list(opened.index())
    assert opened.spent.passages == done
    assert opened.store.database.all("SELECT * FROM vectors") == before
    assert (opened.status().anew, widths(opened.store, "vectors_next")) == (None, {})


def test_new_documents_are_found_by_words_while_the_library_is_embedded_anew(opened, config, tmp_path):
    interrupted(opened)
    new = tmp_path / "documents" / "new.txt"
    new.write_text("Mercury melts. 汞会熔化。", "utf-8")
    indexing = opened.index()
    while not isinstance(event := next(indexing), Indexed):
        pass
    assert event.path == new
    (hit, *_) = opened.search("mercury melts")
    assert (hit.document.path, hit.why) == (new, (Why.WORDS,))
    list(indexing)
    assert opened.search("mercury melts")[0].why == (Why.WORDS, Why.MEANING)
    assert opened.store.problems() == []


def test_an_old_embedder_that_is_gone_leaves_the_words(config, tmp_path):
    """Its vectors cannot be asked any more; they are replaced all the same."""
    assistant = Assistant.open(config.change(embedder="bge-tiny-zh"))
    list(assistant.index())
    assistant.models.add(make_folder(tmp_path / "bge-other"))
    assistant.change(embedder="bge-other")
    assistant.close()
    rmtree(assistant.config.models / "bge-tiny-zh")
    assistant = Assistant.open(config.renewed())
    assert {hit.why for hit in assistant.search("number 7", 100)} == {(Why.WORDS,)}
    list(assistant.index())
    assert {hit.why for hit in assistant.search("number 7", 100)} == {(Why.WORDS, Why.MEANING)}
    assistant.close()


def test_back_and_forth_gives_the_vectors_that_were_there(opened, config):
    wanted = opened.store.database.all("SELECT * FROM vectors ORDER BY passage_id")
    list(opened.index())
    opened.change(embedder=SHIPPED)
    list(opened.index())
    assert opened.store.database.all("SELECT * FROM vectors ORDER BY passage_id") == wanted


@pytest.mark.parametrize("elsewhere", [False, True])
def test_open_library_follows_the_choice(config, elsewhere):
    """Of the window, or of the command line while the window is open."""
    assistant = Assistant.open(config)
    told: queue.Queue[object] = queue.Queue()
    assistant.watch(told.put)
    try:
        idle(told)
        assert assistant.search("number 7")[0].why == (Why.WORDS, Why.MEANING)
        if elsewhere:
            config.change(embedder="bge-tiny-zh")
        else:
            assistant.change(embedder="bge-tiny-zh")
        idle(told)
        assert widths(assistant.store) == {8: PASSAGES}
        assert assistant.status().embedder == "bge-tiny-zh"
        assert assistant.search("number 7")[0].why == (Why.WORDS, Why.MEANING)
    finally:
        assistant.close()


def idle(told: queue.Queue[object]) -> None:
    while True:
        event = told.get(timeout=60)
        assert not isinstance(event, EngineError)
        if isinstance(event, Working) and event.stage is Stage.IDLE:
            return


def test_choice_that_cannot_be_is_refused_and_changes_nothing(opened, tmp_path):
    with pytest.raises(UsageError) as missing:
        opened.change(embedder="nothing", theme="dark")
    assert missing.value.code == Code.NO_SUCH_MODEL
    (opened.config.models / "bge-tiny-zh" / "tokenizer.json").write_text("{}", "utf-8")
    opened.change(embedder=SHIPPED)
    with pytest.raises(BrokenInstallation):
        opened.change(embedder="bge-tiny-zh")
    assert (opened.renewed().embedder, opened.renewed().theme) == (SHIPPED, "")


def test_a_switch_between_two_looks_mixes_no_vectors(tmp_path):
    """Both models have one dimension: only the state of the library tells their vectors apart."""
    assistant = Assistant.open(Config.load(tmp_path / "home"))
    (tmp_path / "note.txt").write_text("Water boils.", "utf-8")
    assistant.add([tmp_path / "note.txt"])
    assistant.models.add(make_folder(tmp_path / "bge-one"))
    assistant.change(embedder="bge-one")
    list(assistant.index())
    store, ours = assistant.store, assistant.searching.vectors
    ((passage, content),) = store.database.all("SELECT id, content_id FROM passages")
    query = assistant.searching.embedder.embed_query("water")
    wanted = ours.cosines(query, [passage])
    shelf = VectorIndex._shelf

    def switch() -> None:
        store.use_embedder("another@1")
        store.put_vectors([(passage, content)], np.eye(8, dtype=np.float32)[:1])
        assert store.finish_embedder()

    def looked(index: VectorIndex) -> Shelf | None:
        before = shelf(index)
        other = threading.Thread(target=switch)  # another connection, as another process has
        other.start()
        other.join()
        return before

    ours._shelf = looked.__get__(ours)  # type: ignore[method-assign]
    assert ours.cosines(query, [passage]) == wanted
    del ours._shelf
    assert ours.cosines(query, [passage]) == {}
    assistant.close()


def test_two_models_of_one_name_have_two_ids(tmp_path):
    """An import under a name that was used before must not pass for the old one."""
    assistant = Assistant.open(Config.load(tmp_path / "home"))
    first = assistant.models.add(make_folder(tmp_path / "1" / "bge-one", Network(beside="weights")))
    other = assistant.models.add(make_folder(tmp_path / "2" / "bge-one", Network(beside="weights", width=9)), name="x")
    assert first.id.split("@")[1] != other.id.split("@")[1]
    assistant.close()
