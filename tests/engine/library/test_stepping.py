import os
import time
from pathlib import Path
from stat import S_ISREG

import pytest
from fakes import DIMENSION, PreparedReader, WordEmbedder

from engine.library import listing, stepping
from engine.library.choices import Choices
from engine.library.indexing import Indexer
from engine.library.listing import Wish
from engine.library.store import Root, Store
from engine.library.vectors import VectorIndex
from engine.types import Failed, Indexed, Reason, Removed, Working


class Library:
    """An indexer over one folder, as the person's choices have it."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "papers"
        self.folder.mkdir()
        self.store = Store(tmp_path / "library.sqlite")
        self.store.add_root(Root(self.folder, is_file=False))
        self.reader = PreparedReader()
        self.choices = Choices()
        embedder = WordEmbedder()
        vectors = VectorIndex(self.store, tmp_path / "vectors", embedder.id, DIMENSION)
        self.indexer = Indexer(self.store, self.reader, embedder, vectors, lambda: Wish(self.choices))

    def write(self, name: str, text: str = "Audit logs are kept.") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def run(self) -> list[object]:
        return [event for event in self.indexer.run() if not isinstance(event, Working)]

    @property
    def away(self) -> list[bool]:
        return [document.away for document in self.store.documents()]


@pytest.fixture
def library(tmp_path: Path):
    made = Library(tmp_path)
    yield made
    made.store.close()


def settle(path: Path) -> None:
    """As if it had been written to a while ago."""
    os.utime(path, ns=(time.time_ns(), time.time_ns() - 10**11))


def test_what_is_unplugged_stays_and_comes_back_unread(library: Library, tmp_path: Path):
    library.write("a.txt")
    library.run()
    library.folder.rename(tmp_path / "unplugged")
    assert (library.run(), library.away) == ([], [True])
    assert library.store.all_away() == {library.folder}
    (tmp_path / "unplugged").rename(library.folder)
    assert (library.run(), library.away) == ([], [False])
    assert len(library.reader.read_paths) == 1


def test_an_empty_mount_point_is_not_an_emptied_folder(library: Library, monkeypatch: pytest.MonkeyPatch):
    path = library.write("a.txt")
    monkeypatch.setattr(listing, "volume_of", lambda folder: "stick")
    library.run()
    text = path.read_text()
    path.unlink()
    monkeypatch.setattr(listing, "volume_of", lambda folder: "system disk")
    assert (library.run(), library.away) == ([], [True])
    monkeypatch.setattr(listing, "volume_of", lambda folder: "stick")
    library.write("a.txt", text)
    library.run()
    assert library.away == [False]
    path.unlink()
    assert library.run() == [Removed(path)]


def test_a_mount_point_within_the_folder_is_remembered(library: Library, monkeypatch: pytest.MonkeyPatch):
    library.write("usb/b.txt")
    library.write("a.txt")
    monkeypatch.setattr(listing, "volume_of", lambda folder: "stick" if folder.endswith("usb") else "disk")
    library.run()
    assert library.store.volumes() == {str(library.folder): "disk"}  # one file system: no mount point
    library.store.remember_volumes({str(library.folder): "disk", str(library.folder / "usb"): "stick"})
    (library.folder / "usb" / "b.txt").unlink()
    assert (library.run(), library.away) == ([], [False, True])
    library.choices = Choices("usb/")
    assert library.run() == [Removed(library.folder / "usb" / "b.txt")]


def test_a_change_within_one_step_of_the_clock_is_found(library: Library):
    path = library.write("a.txt", "Old text.")
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    library.run()
    assert library.store.has_fresh()
    path.write_text("New text.")
    os.utime(path, ns=times)
    later = pytest.MonkeyPatch()
    later.setattr(stepping.time, "time_ns", lambda now=time.time_ns: now() + 10**10)
    try:
        assert library.run() == [Indexed(path, 1)]
        assert library.run() == []
    finally:
        later.undo()
    assert not library.store.has_fresh()
    assert len(library.store.keyword_hits('"new"', 10)) == 1


def test_a_file_that_had_settled_is_not_looked_at_again(library: Library):
    settle(library.write("a.txt"))
    library.run()
    assert not library.store.has_fresh()


def test_another_rule_removes_and_brings_back(library: Library):
    path = library.write("drafts/a.txt")
    kept = library.write("b.txt", "Backups are made.")
    library.run()
    library.choices = Choices("drafts/")
    assert library.run() == [Removed(path)]
    assert [document.path for document in library.store.documents()] == [kept]
    library.choices = Choices()
    assert library.run() == [Indexed(path, 1)]


def test_an_ignore_file_in_a_folder_is_obeyed_with_the_next_pass(library: Library):
    path = library.write("sub/a.txt")
    library.run()
    library.write("sub/.inkstoneignore", "*.txt")
    assert library.run() == [Removed(path)]


def test_a_file_over_the_limit_is_told_once_and_read_when_the_limit_is_raised(library: Library):
    path = library.write("a.txt", "a" * 1_100_000)
    library.choices = Choices(max_file_mb=1)
    assert library.run() == [Failed(path, Reason.OVER_LIMIT)]
    assert library.run() == []
    assert [document.reason for document in library.store.failures()] == [Reason.OVER_LIMIT]
    library.choices = Choices(max_file_mb=2)
    assert [type(event) for event in library.run()] == [Indexed]


def test_a_document_that_went_into_the_cloud_stays_searchable(library: Library, monkeypatch: pytest.MonkeyPatch):
    library.write("a.txt")
    library.run()
    monkeypatch.setattr(listing, "is_placeholder", lambda stat: S_ISREG(stat.st_mode))
    new = library.write("b.txt", "Backups.")
    assert library.run() == [Failed(new, Reason.IN_CLOUD)]
    assert library.run() == []
    assert len(library.store.keyword_hits('"audit"', 10)) == 1
    monkeypatch.undo()
    assert library.run() == [Indexed(new, 1)]


def test_hard_links_are_two_documents_and_links_to_one_are_not(library: Library):
    path = library.write("a.txt")
    (library.folder / "hard.txt").hardlink_to(path)
    (library.folder / "soft.txt").symlink_to(path)
    (library.folder / "loop").symlink_to(library.folder, target_is_directory=True)
    library.run()
    assert [document.path.name for document in library.store.documents()] == ["a.txt", "hard.txt"]
    assert len(library.reader.read_paths) == 1


def test_a_rename_of_case_alone_is_a_move(library: Library):
    path = library.write("report.txt")
    library.run()
    renamed = path.rename(library.folder / "Report.txt")
    assert library.run() == [Removed(path), Indexed(renamed, 1, moved_from=path)]
    assert len(library.reader.read_paths) == 1


def test_a_pass_that_is_stopped_takes_nothing_for_gone(library: Library):
    library.write("a.txt")
    library.run()
    assert [event for event in library.indexer.run(lambda: True) if isinstance(event, Removed)] == []
    assert len(library.store.documents()) == 1


def test_a_disk_that_fails_while_an_edited_file_is_read_keeps_its_old_text(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    path = library.write("a.txt")
    library.run()
    library.write("a.txt", "Backups are made.")

    def failing(path: Path, heard: object) -> str:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("engine.library.looking_ahead.sha256_of", failing)
        assert library.run() == [Failed(path, Reason.NO_ACCESS)]
    assert len(library.store.keyword_hits('"audit"', 10)) == 1
    assert library.run() == [Indexed(path, 1)]
