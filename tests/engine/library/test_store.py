import sqlite3
from pathlib import Path

import numpy as np
import pytest
from fakes import DIMENSION, chunk

from engine.errors import BrokenInstallation, Code
from engine.library.database import MIGRATIONS
from engine.library.store import FoundFile, Root, Store
from engine.types import Reading, Reason, Status, Unit

FOLDER = Path("/papers")


@pytest.fixture
def store(tmp_path: Path):
    opened = Store(tmp_path / "library.sqlite")
    opened.add_root(Root(FOLDER, is_file=False))
    yield opened
    opened.close()


def put(store: Store, name: str, text: str, sha256: str = "") -> FoundFile:
    file = FoundFile(FOLDER / name, FOLDER, len(text), 1)
    store.see([file])
    store.put(file, sha256 or f"sha of {text}", "pdf", 1, Reading("", Unit.PAGE, 3, 1, (chunk(text, page=2),)))
    return file


def embed_all(store: Store) -> None:
    rows = store.unembedded(100)
    vectors = np.eye(DIMENSION, dtype=np.float32)[: len(rows)]
    store.put_vectors([(id, content) for id, content, _, _ in rows], vectors)


def test_a_document_waits_until_its_passages_have_vectors(store: Store):
    put(store, "a.pdf", "Audit logs are kept.")
    (waiting,) = store.documents()
    embed_all(store)
    (indexed,) = store.documents()
    assert (waiting.status, indexed.status) == (Status.WAITING, Status.INDEXED)
    assert (indexed.page_count, indexed.empty_pages, indexed.unit) == (3, 1, Unit.PAGE)


def test_what_to_embed_next_is_found_however_much_waits(store: Store):
    def steps_to_the_next() -> int:
        """Hundreds of SQLite's instructions."""
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection = store.database._connection
        connection.set_progress_handler(count, 100)
        assert len(store.unembedded(1)) == 1
        connection.set_progress_handler(None, 0)
        return steps

    put(store, "first.pdf", "Audit logs are kept.")
    few = steps_to_the_next()
    for number in range(300):
        put(store, f"{number}.pdf", f"Paper {number}.")
    assert steps_to_the_next() <= few + 1


def test_passage_keeps_its_page_and_boxes(store: Store):
    put(store, "a.pdf", "Audit logs are kept.")
    ((id, _),) = store.keyword_hits('"audit"', 10)
    passage, document = store.passages([id])[id]
    assert (passage.page_first, passage.boxes[0].page, passage.boxes[0].x1) == (2, 2, 20.0)
    assert document.path == FOLDER / "a.pdf"


def test_the_same_content_is_kept_once(store: Store):
    put(store, "a.pdf", "Same words.")
    second = FoundFile(FOLDER / "b.pdf", FOLDER, 11, 1)
    store.see([second])
    store.link(second, store.content("sha of Same words.", "pdf", 1) or 0)
    assert len(store.documents()) == 2
    assert len(store.keyword_hits('"words"', 10)) == 1


def test_a_forgotten_document_leaves_nothing_behind(store: Store):
    put(store, "a.pdf", "Audit logs are kept.")
    embed_all(store)
    store.forget([document.id for document in store.documents()])
    store.drop_orphans()
    assert store.keyword_hits('"audit"', 10) == []
    assert len(store.vector_ids()) == 0
    counts = [store.database.one(f"SELECT count(*) FROM {table}") for table in ("contents", "passages", "documents")]
    assert counts == [(0,), (0,), (0,)]


def test_removed_rows_no_longer_count_in_bm25(store: Store):
    put(store, "a.pdf", "rare words here")
    alone = store.keyword_hits('"rare"', 10)
    put(store, "b.pdf", "rare rare rare")
    store.forget([document.id for document in store.documents() if document.path.name == "b.pdf"])
    store.drop_orphans()
    assert store.keyword_hits('"rare"', 10) == alone


def test_a_removed_folder_is_not_found_at_once(store: Store):
    put(store, "a.pdf", "Audit logs are kept.")
    ((id, _),) = store.keyword_hits('"audit"', 10)
    store.remove_root(FOLDER)
    assert store.passages([id]) == {}
    assert store.documents() == ()


def test_a_new_version_of_reading_replaces_the_old_passages(store: Store):
    file = put(store, "a.pdf", "old cut", sha256="same bytes")
    store.put(file, "same bytes", "pdf", 2, Reading("", Unit.PAGE, 1, 0, (chunk("new"), chunk("cut"))))
    assert [row[0] for row in store.database.all("SELECT text FROM passages ORDER BY id")] == ["new", "cut"]
    assert store.keyword_hits('"old"', 10) == []


def test_a_failed_content_keeps_its_reason_until_it_is_tried_again(store: Store):
    file = FoundFile(FOLDER / "a.pdf", FOLDER, 3, 1)
    store.see([file])
    store.put(file, "sha", "pdf", 1, Reason.TOO_SLOW)
    assert [document.reason for document in store.failures()] == [Reason.TOO_SLOW]
    assert store.known_files(1)[str(file.path)].read
    store.retry(file.path)
    assert not store.known_files(1)[str(file.path)].read
    assert store.failures() == ()


def test_another_embedder_gathers_its_vectors_beside_those_in_use(store: Store):
    store.use_embedder("first")
    put(store, "a.pdf", "Audit logs are kept.")
    embed_all(store)
    store.use_embedder("second")
    assert (store.embedder(), store.next_embedder(), store.anew()) == ("first", "second", ("second", 0, 1))
    assert len(store.vector_ids()) == 1
    assert store.documents()[0].status is Status.INDEXED
    assert not store.finish_embedder()
    put(store, "b.pdf", "Backups are kept.")
    assert store.anew() == ("second", 0, 2)
    embed_all(store)
    assert store.anew() == ("second", 2, 2)
    assert store.documents()[1].status is Status.WAITING  # the one in use never saw it
    assert store.finish_embedder()
    assert (store.embedder(), store.next_embedder(), store.anew()) == ("second", None, None)
    assert len(store.vector_ids()) == 2
    assert {document.status for document in store.documents()} == {Status.INDEXED}
    assert store.problems() == []


def test_the_embedder_in_use_chosen_again_keeps_its_vectors(store: Store):
    store.use_embedder("first")
    put(store, "a.pdf", "Audit logs are kept.")
    embed_all(store)
    before = store.database.all("SELECT * FROM vectors")
    store.use_embedder("second")
    embed_all(store)
    store.use_embedder("first")
    assert store.database.all("SELECT * FROM vectors") == before
    assert store.database.all("SELECT * FROM vectors_next") == []
    assert (store.next_embedder(), store.waiting_passages(), store.problems()) == (None, 0, [])


def test_a_third_embedder_begins_anew(store: Store):
    store.use_embedder("first")
    put(store, "a.pdf", "Audit logs are kept.")
    embed_all(store)
    store.use_embedder("second")
    embed_all(store)
    store.use_embedder("third")
    assert store.anew() == ("third", 0, 1)
    assert store.problems() == []


def test_a_library_without_vectors_just_takes_the_embedder(store: Store):
    store.use_embedder("first")
    put(store, "a.pdf", "Audit logs are kept.")
    store.use_embedder("second")
    assert (store.embedder(), store.next_embedder(), store.waiting_passages()) == ("second", None, 1)


def test_what_is_removed_while_it_is_embedded_anew_leaves_both_shelves(store: Store):
    store.use_embedder("first")
    put(store, "a.pdf", "Audit logs are kept.")
    embed_all(store)
    store.use_embedder("second")
    embed_all(store)
    store.forget([document.id for document in store.documents()])
    store.drop_orphans()
    assert store.database.all("SELECT * FROM vectors_next") == []
    assert store.anew() == ("second", 0, 0)
    assert store.finish_embedder()


def test_keywords_are_made_again_when_the_rule_has_changed(store: Store):
    put(store, "a.pdf", "Audit logs are kept.")
    store.set_meta("terms", "0")
    store.refresh_keywords()
    assert len(store.keyword_hits('"audit"', 10)) == 1


def test_a_file_name_need_not_be_text(store: Store):
    strange = Path(b"/papers/\xff\xfe.pdf".decode("utf-8", "surrogateescape"))
    file = FoundFile(strange, FOLDER, 1, 1)
    store.see([file])
    assert str(strange) in store.known_files(1)


def test_adding_a_folder_above_takes_over_the_one_below(store: Store):
    put(store, "a.pdf", "Audit logs are kept.")
    store.add_root(Root(Path("/"), is_file=False), replacing=[FOLDER])
    assert [root.path for root in store.roots()] == [Path("/")]
    assert store.documents()[0].folder == Path("/")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(BrokenInstallation) as caught:
        Store(path)
    assert caught.value.code is Code.DAMAGED_LIBRARY
    assert path.read_bytes().startswith(b"this is not")


def test_damage_inside_is_said_when_it_is_met(tmp_path: Path):
    path = tmp_path / "library.sqlite"
    store = Store(path)
    store.add_root(Root(FOLDER, is_file=False))
    for number in range(50):
        put(store, f"{number}.pdf", f"text number {number} " * 50)
    store.close()
    damaged = bytearray(path.read_bytes())
    half = len(damaged) // 2  # the schema stands before it
    damaged[half:] = b"\x55" * (len(damaged) - half)
    path.write_bytes(damaged)
    again = Store(path)
    with pytest.raises(BrokenInstallation) as caught:
        again.passages(list(range(60)))
    assert caught.value.code is Code.DAMAGED_LIBRARY
    assert again.problems() != []
    again.close()


def test_a_library_of_a_newer_program_is_refused(tmp_path: Path):
    path = tmp_path / "library.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(BrokenInstallation) as caught:
        Store(path)
    assert caught.value.code is Code.NEWER_LIBRARY


def test_a_failed_transaction_leaves_nothing(store: Store):
    file = FoundFile(FOLDER / "a.pdf", FOLDER, 1, 1)
    store.see([file])
    twice = (chunk("one"), chunk("two"))
    broken = Reading("", Unit.PAGE, 1, 0, (*twice, None))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        store.put(file, "sha", "pdf", 1, broken)
    assert store.keyword_hits('"one"', 10) == []
    assert not store.known_files(1)[str(file.path)].read


def test_what_holds_only_common_words_gives_way_to_rarer_ones(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.library.tables.finding._WEIGHED_AT_MOST", 5)
    for number in range(20):
        put(store, f"{number:02}.pdf", f"common words number {number}" + (" rare" if number in (3, 7, 9) else ""))
    exact = store.keyword_hits('"common" OR "words" OR "rare"', 100)
    found = store.word_hits(['"common"', '"rare"', '"words"'], 3)
    assert len(found) == 3
    assert dict(found) == {id: score for id, score in exact if id in dict(found)}  # weighed by all their words
    assert [id for id, _ in found] == [id for id, _ in exact[:3]]
    assert len(store.word_hits(['"common"'], 10)) == 10  # even alone
    assert len(store.word_hits(['"nowhere"', '"common"'], 10)) == 10  # and beside a word that is nowhere
    assert len(store.word_hits(['"rare"', '"common"'], 10)) == 10  # and where the rare ones are too few


def test_equal_hits_are_chosen_by_path_not_by_the_order_in_which_they_came(store: Store):
    names = ["d", "b", "e", "a", "c"]
    for name in names:
        put(store, f"{name}.pdf", "the same words", sha256=f"sha {name}")
    found = store.word_hits(['"same"'], 3)
    passages = store.passages([id for id, _ in found])
    assert [passages[id][1].path.stem for id, _ in found] == ["a", "b", "c"]


def test_what_is_counted_once_is_counted_again_after_any_change(store: Store, tmp_path: Path):
    put(store, "a.pdf", "Audit logs are kept.")
    assert (store.passage_count(), store.term_counts(['"audit"', '"none"'])) == (1, [1, 0])
    put(store, "b.pdf", "Audit again.")
    assert (store.passage_count(), store.term_counts(['"audit"', '"none"'])) == (2, [2, 0])
    other = Store(tmp_path / "library.sqlite")  # as another process, or another thread, has it
    put(other, "c.pdf", "And an audit.")
    other.close()
    assert (store.passage_count(), store.term_counts(['"audit"', '"none"'])) == (3, [3, 0])
    store.remove_root(FOLDER)
    assert store.passage_count() == 0
