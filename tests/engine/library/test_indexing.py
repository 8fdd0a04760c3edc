import threading
from pathlib import Path

import pytest
from fakes import DIMENSION, PreparedReader, WordEmbedder

from engine.errors import UnreadableDocument
from engine.library.indexing import Background, Indexer
from engine.library.store import Root, Store
from engine.library.vectors import VectorIndex
from engine.types import (
    Chunk,
    Failed,
    Indexed,
    Reading,
    Reason,
    Removed,
    Span,
    Stage,
    Status,
    Unit,
    Working,
)


class Library:
    """An indexer over a folder of small texts."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "papers"
        self.folder.mkdir()
        self.store = Store(tmp_path / "library.sqlite")
        self.store.add_root(Root(self.folder, is_file=False))
        self.reader = PreparedReader()
        self.embedder = WordEmbedder()
        vectors = VectorIndex(self.store, tmp_path / "vectors", self.embedder.id, DIMENSION)
        self.indexer = Indexer(self.store, self.reader, self.embedder, vectors)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def run(self, stop=lambda: False):
        return [event for event in self.indexer.run(stop) if not isinstance(event, Working)]

    def contents(self) -> list[tuple[str, str]]:
        rows = self.store.database.all(
            "SELECT d.path, p.text FROM passages p JOIN documents d USING (content_id) ORDER BY 1, ordinal"
        )
        return [(Path(path.decode()).name, text) for path, text in rows]


@pytest.fixture
def library(tmp_path: Path):
    made = Library(tmp_path)
    yield made
    made.store.close()


def test_a_new_file_is_read_embedded_and_found(library: Library):
    path = library.write("a.txt", "Audit logs are kept. Backups are not.")
    assert library.run() == [Indexed(path, 2)]
    assert library.store.documents()[0].status is Status.INDEXED
    assert library.store.problems() == []


def test_a_second_run_does_nothing(library: Library):
    library.write("a.txt", "Audit logs are kept.")
    library.run()
    assert library.run() == []
    assert len(library.reader.read_paths) == 1
    assert library.embedder.embedded == 1


def test_a_move_costs_no_reading_and_no_embedding(library: Library):
    path = library.write("a.txt", "Audit logs are kept.")
    library.run()
    moved = path.rename(library.folder / "sub.txt")
    assert library.run() == [Removed(path), Indexed(moved, 1, moved_from=path)]
    assert (len(library.reader.read_paths), library.embedder.embedded) == (1, 1)
    assert library.contents() == [("sub.txt", "Audit logs are kept.")]


def test_a_copy_is_read_and_embedded_once(library: Library):
    library.write("a.txt", "Audit logs are kept.")
    library.write("b.txt", "Audit logs are kept.")
    library.run()
    assert (len(library.reader.read_paths), library.embedder.embedded) == (1, 1)
    assert [name for name, _ in library.contents()] == ["a.txt", "b.txt"]


def test_an_edit_replaces_the_passages(library: Library):
    path = library.write("a.txt", "Old text.")
    library.run()
    library.write("a.txt", "Newer text.")
    assert library.run() == [Indexed(path, 1)]
    assert library.contents() == [("a.txt", "Newer text.")]
    assert library.store.keyword_hits('"old"', 10) == []


def test_a_deleted_file_leaves_the_library(library: Library):
    path = library.write("a.txt", "Audit logs are kept.")
    library.run()
    path.unlink()
    assert library.run() == [Removed(path)]
    assert library.contents() == []
    assert len(library.store.vector_ids()) == 0


def test_a_failed_document_has_its_reason_and_is_not_tried_again(library: Library):
    path = library.write("a.txt", f"!{Reason.DAMAGED}")
    assert library.run() == [Failed(path, Reason.DAMAGED)]
    assert library.run() == []
    assert [document.reason for document in library.store.failures()] == [Reason.DAMAGED]


def test_a_failed_document_is_tried_again_when_asked(library: Library):
    path = library.write("a.txt", f"!{Reason.TOO_SLOW}")
    library.run()
    library.store.retry(None)
    assert library.run() == [Failed(path, Reason.TOO_SLOW)]


def test_a_file_without_permission_fails_and_is_tried_each_time(library: Library, monkeypatch: pytest.MonkeyPatch):
    path = library.write("a.txt", "Audit logs are kept.")
    opened = Path.open

    def refusing(self: Path, *arguments, **options):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refusing)
        assert library.run() == [Failed(path, Reason.NO_ACCESS)]
    assert library.run() == [Indexed(path, 1)]


def test_a_file_that_is_written_meanwhile_is_read_again(library: Library, monkeypatch: pytest.MonkeyPatch):
    path = library.write("a.txt", "Half of")
    read = library.reader.read

    def appending(read_path: Path):
        reading = read(read_path)
        library.write("a.txt", "Half of the text, then the rest.")
        return reading

    with monkeypatch.context() as patch:
        patch.setattr(library.reader, "read", appending)
        assert library.run() == [Failed(path, Reason.CHANGING)]
    assert library.run() == [Indexed(path, 1)]
    assert library.contents() == [("a.txt", "Half of the text, then the rest.")]


def test_stopping_keeps_what_was_done_and_goes_on_from_there(library: Library):
    for number in range(6):
        library.write(f"{number}.txt", f"Text number {number}.")
    library.run(lambda: bool(library.reader.read_paths))
    assert len(library.contents()) < 6
    library.run()
    assert len(library.contents()) == 6
    assert library.store.problems() == []


def test_progress_counts_files_then_passages(library: Library):
    for number in range(3):
        library.write(f"{number}.txt", f"One number {number}. Two.")
    events = [event for event in library.indexer.run() if isinstance(event, Working)]
    assert [event.stage for event in events] == [
        Stage.SCANNING,
        *[Stage.READING] * 3,
        Stage.EMBEDDING,
        Stage.IDLE,
    ]
    assert [(event.done, event.total) for event in events if event.stage is Stage.READING] == [(0, 3), (1, 3), (2, 3)]
    assert [(event.done, event.total) for event in events if event.stage is Stage.EMBEDDING] == [(6, 6)]


def test_a_reading_that_is_interrupted_blames_no_document(library: Library, monkeypatch: pytest.MonkeyPatch):
    library.write("a.txt", "Audit logs are kept.")

    class Interrupted(Exception):
        pass

    def interrupted(path: Path):
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(library.reader, "read", interrupted)
        with pytest.raises(Interrupted):
            library.run()
    assert library.store.failures() == ()
    assert len(library.run()) == 1


def test_a_question_waits_for_no_more_than_the_passage_at_hand(library: Library):
    library.write("a.txt", " ".join(f"Sentence number {number}." for number in range(20)))
    way = library.indexer.background.giving_way
    embedded = library.embedder.embed_passages
    at_hand = threading.Event()

    def noticed(texts):
        at_hand.set()
        return embedded(texts)

    library.embedder.embed_passages = noticed
    with way.asking():
        indexing = threading.Thread(target=library.run)
        indexing.start()
        while not library.store.waiting_passages():
            assert indexing.is_alive()
        assert not at_hand.wait(0.1)  # nothing begins while the answer is waited for
    indexing.join(20)
    assert library.embedder.embedded == 20


def test_many_workers_make_the_same_library(library: Library):
    for number in range(40):
        library.write(f"{number:02}.txt", f"Text number {number % 30}. It has two sentences.")
    library.indexer.background = Background(workers=4, pace=lambda: 4)
    events = library.run()
    assert [event.path.name for event in events] == [f"{number:02}.txt" for number in range(40)]
    assert len(library.contents()) == 80
    assert len(library.reader.read_paths) == 30  # ten are copies
    assert library.store.problems() == []


def test_several_files_are_one_transaction(library: Library, monkeypatch: pytest.MonkeyPatch):
    for number in range(5):
        library.write(f"{number}.txt", f"Text number {number}.")
    put, calls = library.store.put, []

    def failing(*arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        return put(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(library.store, "put", failing)
        with pytest.raises(OSError, match="No space"):
            library.run()
    assert library.contents() == []  # the first two went with the third
    assert len(library.run()) == 5
    assert library.store.problems() == []


class SkimmingReader(PreparedReader):
    """Also gives the bare text of a file, in capitals."""

    def __init__(self) -> None:
        super().__init__()
        self.skimmed: list[str] = []

    def skim(self, path: Path) -> Reading:
        self.skimmed.append(path.name)
        text = path.read_text("utf-8")
        if text.startswith("!"):
            raise UnreadableDocument(path, Reason.DAMAGED)
        return Reading("", Unit.PAGE, 1, 0, (Chunk(text.upper(), "", (Span(0, len(text), 1),)),))


@pytest.fixture
def skimming(library: Library) -> Library:
    library.reader = library.indexer.reader = SkimmingReader()
    for number in range(16):
        library.write(f"{number:02}.pdf", f"Text number {number}. Another sentence.")
    return library


def test_many_new_pdfs_are_found_by_their_bare_text_first(skimming: Library):
    skimming.write("notes.txt", "A note.")
    seen = []
    for event in skimming.indexer.run():
        if isinstance(event, Working) and event.stage is Stage.READING:
            bare = [text for name, text in skimming.contents() if name.endswith("pdf") and text.isupper()]
            seen.append((event.path.name, len(bare)))
    assert seen[0] == ("notes.txt", 16)  # what no word finds yet is read first
    assert skimming.contents()[:3] == [
        ("00.pdf", "Text number 0."),
        ("00.pdf", "Another sentence."),
        ("01.pdf", "Text number 1."),
    ]
    assert not any(text.isupper() for _, text in skimming.contents())
    assert skimming.embedder.embedded == 33  # no bare text among them
    assert skimming.store.problems() == []


def test_bare_text_is_found_and_counts_as_waiting(skimming: Library):
    skimming.run(lambda: bool(skimming.reader.read_paths))
    assert {document.status for document in skimming.store.documents()} == {Status.WAITING}
    assert skimming.store.keyword_hits('"sentence"', 99)
    skimming.run()
    assert len(skimming.reader.skimmed) == 16  # the second run goes on with reading
    assert {document.status for document in skimming.store.documents()} == {Status.INDEXED}


def test_what_cannot_be_skimmed_fails_when_it_is_read(skimming: Library):
    path = skimming.write("00.pdf", f"!{Reason.DAMAGED}")
    assert Failed(path, Reason.DAMAGED) in skimming.run()


def test_few_or_known_pdfs_are_read_at_once(skimming: Library):
    skimming.run()
    for number in range(15):
        skimming.write(f"more{number}.pdf", f"Few, number {number}.")
    skimming.write("00.pdf", "Changed, and found by its old text until it is read.")
    skimming.run()
    assert not [name for name in skimming.reader.skimmed if name.startswith("more")]
    assert len(skimming.reader.skimmed) == 16


def test_a_text_whose_password_is_gone_is_kept(library: Library):
    library.write("a.txt", "Audit logs are kept.")
    library.run()
    with library.store.database.writing():
        library.store.database.run("UPDATE contents SET reading = 1")  # an older version of the program read it

    def locked(path: Path) -> Reading:
        raise UnreadableDocument(path, Reason.ENCRYPTED)

    library.reader.read = locked  # type: ignore[method-assign]
    library.run()
    assert library.contents() == [("a.txt", "Audit logs are kept.")]
