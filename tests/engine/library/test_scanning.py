import os
from pathlib import Path

import pytest

from engine.library.scanning import compare, list_roots
from engine.library.store import FoundFile, KnownFile, Root


def is_text(path: Path) -> bool:
    return path.suffix == ".txt"


def known(file: FoundFile, read: bool = True) -> KnownFile:
    return KnownFile(1, file.path, file.root, file.size_bytes, file.mtime_ns, read, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "sub/张 三/报告（终稿）.txt", ".hidden.txt", ".git/x.txt", "program.exe"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_readable_files_are_listed_and_hidden_ones_passed_over(folder: Path):
    listing = list_roots([Root(folder, False)], is_text)
    names = [file.path.relative_to(folder).as_posix() for file in listing.files]
    assert sorted(names) == ["a.txt", "b.txt", "sub/张 三/报告（终稿）.txt"]


def test_a_linked_folder_is_not_entered(folder: Path):
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    assert len(list_roots([Root(folder, False)], is_text).files) == 3


def test_unchanged_files_are_not_read_again(folder: Path):
    roots = [Root(folder, False)]
    listing = list_roots(roots, is_text)
    changes = compare(listing, {file.path: known(file) for file in listing.files}, roots)
    assert (changes.to_read, changes.gone) == ((), ())


def test_changed_new_and_unread_files_are_to_read(folder: Path):
    roots = [Root(folder, False)]
    before = {file.path: known(file) for file in list_roots(roots, is_text).files}
    (folder / "a.txt").write_text("longer than before")
    (folder / "new.txt").write_text("new")
    unread = folder / "b.txt"
    before[unread] = known(FoundFile(unread, folder, *stat_of(unread)), read=False)
    changes = compare(list_roots(roots, is_text), before, roots)
    assert {file.path.name for file in changes.to_read} == {"a.txt", "new.txt", "b.txt"}


def test_a_deleted_file_is_gone(folder: Path):
    roots = [Root(folder, False)]
    before = {file.path: known(file) for file in list_roots(roots, is_text).files}
    (folder / "a.txt").unlink()
    assert [file.path.name for file in compare(list_roots(roots, is_text), before, roots).gone] == ["a.txt"]


def test_a_folder_that_is_away_keeps_its_documents(folder: Path):
    roots = [Root(folder, False)]
    before = {file.path: known(file) for file in list_roots(roots, is_text).files}
    folder.rename(folder.with_name(f"{folder.name} unplugged"))
    listing = list_roots(roots, is_text)
    assert listing.unreachable == (folder,)
    assert compare(listing, before, roots).gone == ()


def test_documents_of_a_removed_folder_are_gone_even_when_it_is_away(folder: Path):
    before = {file.path: known(file) for file in list_roots([Root(folder, False)], is_text).files}
    folder.rename(folder.with_name(f"{folder.name} unplugged"))
    assert len(compare(list_roots([], is_text), before, []).gone) == 3


def test_a_single_file_is_watched_alone(folder: Path):
    roots = [Root(folder / "a.txt", True)]
    listing = list_roots(roots, is_text)
    assert [file.path.name for file in listing.files] == ["a.txt"]
    before = {file.path: known(file) for file in listing.files}
    (folder / "a.txt").unlink()
    assert len(compare(list_roots(roots, is_text), before, roots).gone) == 1


def test_a_folder_without_permission_keeps_what_was_known_of_it(folder: Path, monkeypatch: pytest.MonkeyPatch):
    roots = [Root(folder, False)]
    before = {file.path: known(file) for file in list_roots(roots, is_text).files}
    scandir = os.scandir

    def refusing(path: Path):  # not by chmod: tests may run as root, whom nothing is refused
        if path == folder / "sub":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    listing = list_roots(roots, is_text)
    assert len(listing.files) == 2
    assert listing.unreachable == (folder / "sub",)
    assert compare(listing, before, roots).gone == ()


def stat_of(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns
