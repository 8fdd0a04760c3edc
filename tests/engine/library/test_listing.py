import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.library import listing
from engine.library.choices import Choices
from engine.library.clouds import document_of, is_placeholder
from engine.library.listing import Listed, Listing, Walk, Wish
from engine.library.store import Root
from engine.types import Reason


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(os.fsencode(name))


def listed(folder: Path, wish: Wish | None = None, is_file: bool = False) -> tuple[list[Listed], Listing]:
    walk = Walk(Root(folder, is_file), wish or Wish())
    return [file for batch in walk.batches() for file in batch], walk.told


def names(folder: Path, wish: Wish | None = None) -> list[str]:
    return [os.path.relpath(file.name, folder) for file in listed(folder, wish)[0]]


def excluding(*rules: str) -> Wish:
    return Wish(Choices("\n".join(rules)))


def test_readable_files_are_listed_and_hidden_ones_passed_over(tmp_path: Path):
    write(tmp_path, "b.txt", "a.TXT", "sub/张 三/报告（终稿）.txt", ".hidden.txt", ".git/x.txt", "program.exe")
    assert names(tmp_path) == ["a.TXT", "b.txt", "sub/张 三/报告（终稿）.txt"]


@pytest.mark.parametrize("name", ["~$a.txt", ".~lock.a.txt#", "a.txt.part", "node_modules/a.txt", "__pycache__/a.txt"])
def test_what_programs_keep_for_themselves_is_passed_over(tmp_path: Path, name: str):
    write(tmp_path, name, "a.txt")
    assert names(tmp_path) == ["a.txt"]


def test_names_that_are_hard_to_write_are_listed(tmp_path: Path):
    strange = [
        os.fsdecode(b"caf\xe9.txt"),
        "🦊.txt",
        "مرحبا.txt",
        "x" * 246 + ".txt",
        "dots.../a.txt",
        " blank /a.txt",
        "a\nb.txt",
    ]
    write(tmp_path, *strange)
    assert sorted(names(tmp_path)) == sorted(strange)


def test_rules_of_the_person_and_of_folders_are_obeyed(tmp_path: Path):
    write(tmp_path, "a.txt", "drafts/b.txt", "sub/c.txt", "sub/d.md", "sub/deep/c.txt", "notes.md")
    (tmp_path / "sub" / ".inkstoneignore").write_text("/c.txt\n!*.md\n")
    assert names(tmp_path, excluding("drafts/", "*.md")) == ["a.txt", "sub/d.md", "sub/deep/c.txt"]


def test_gitignore_is_obeyed_only_where_wanted(tmp_path: Path):
    write(tmp_path, "a.txt", "b.txt")
    (tmp_path / ".gitignore").write_text("a.txt\n")
    assert names(tmp_path) == ["a.txt", "b.txt"]
    assert names(tmp_path, Wish(Choices(obey_gitignore=True))) == ["b.txt"]


def test_a_watched_folder_is_not_excluded_by_its_own_name(tmp_path: Path):
    write(tmp_path / ".notes", "a.txt")
    assert names(tmp_path / ".notes") == ["a.txt"]


def test_the_librarys_own_folder_is_passed_over(tmp_path: Path):
    write(tmp_path, "home/logs/engine.log", "a.txt")
    assert names(tmp_path, Wish(own_folder=tmp_path / "home")) == ["a.txt"]
    assert names(tmp_path / "home", Wish(own_folder=tmp_path / "home")) == []


def test_links_are_followed_to_files_and_not_into_folders(tmp_path: Path):
    papers, elsewhere = tmp_path / "papers", tmp_path / "elsewhere"
    write(papers, "a.txt")
    write(elsewhere, "b.txt")
    (papers / "within.txt").symlink_to(papers / "a.txt")
    (papers / "outside.txt").symlink_to(elsewhere / "b.txt")
    (papers / "loop").symlink_to(papers, target_is_directory=True)
    (papers / "itself.txt").symlink_to("itself.txt")
    targets = {os.path.relpath(file.name, papers): file.target for file in listed(papers)[0]}
    assert targets == {
        "a.txt": "",
        "within.txt": str(papers / "a.txt"),
        "outside.txt": str((elsewhere / "b.txt").resolve()),
    }


def test_a_root_that_is_a_link_is_listed_by_its_own_name(tmp_path: Path):
    write(tmp_path / "papers", "a.txt", "sub/b.txt")
    (tmp_path / "papers" / "same.txt").symlink_to("a.txt")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "papers", target_is_directory=True)
    files, _ = listed(link)
    assert [(os.path.relpath(file.name, link), file.target) for file in files] == [
        ("a.txt", ""),
        ("sub/b.txt", ""),
        ("same.txt", str(link / "a.txt")),
    ]


def test_a_link_to_what_is_away_is_not_gone_and_one_to_what_was_deleted_is(tmp_path: Path):
    papers, elsewhere = tmp_path / "papers", tmp_path / "elsewhere"
    for folder in (papers, elsewhere):
        folder.mkdir()
    (papers / "away.txt").symlink_to(tmp_path / "drive" / "a.txt")
    (papers / "deleted.txt").symlink_to(elsewhere / "a.txt")
    (papers / "moved.txt").symlink_to(papers / "old folder" / "a.txt")
    files, told = listed(papers)
    assert (files, told.unreachable) == ([], {str(papers / "away.txt")})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_passed_over(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / ".inkstoneignore")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(tmp_path / "socket.txt"))  # a socket's name may be 107 bytes long
        assert names(tmp_path) == []


def test_a_single_file_is_listed_alone(tmp_path: Path):
    write(tmp_path, "a.txt", "b.txt")
    files, _ = listed(tmp_path / "a.txt", is_file=True)
    assert [file.name for file in files] == [str(tmp_path / "a.txt")]


def test_a_single_file_that_was_deleted_is_gone_and_one_whose_folder_is_missing_is_away(tmp_path: Path):
    assert listed(tmp_path / "a.txt", is_file=True)[1].unreachable == set()
    missing = tmp_path / "drive" / "a.txt"
    assert listed(missing, is_file=True)[1].unreachable == {str(missing)}


def test_a_missing_root_is_unreachable(tmp_path: Path):
    assert listed(tmp_path / "drive")[1].unreachable == {str(tmp_path / "drive")}


def test_a_folder_that_cannot_be_listed_is_told_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write(tmp_path, "a.txt", "broken/b.txt", "c/d.txt")
    scandir = os.scandir

    class Breaking:
        """The disk fails in the middle."""

        def __init__(self, folder: str) -> None:
            self._entries = scandir(folder)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._entries.close()

        def __iter__(self):
            yield next(self._entries)
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "scandir", lambda path: Breaking(path) if path.endswith("broken") else scandir(path))
    files, told = listed(tmp_path)
    assert [Path(file.name).name for file in files] == ["a.txt", "d.txt"]
    assert told.unreachable == {str(tmp_path / "broken")}


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path):
    with (tmp_path / "sparse.txt").open("wb") as file:
        file.truncate(10**12)
    write(tmp_path, "a.txt")
    reasons = {Path(file.name).name: file.refused for file in listed(tmp_path)[0]}
    assert reasons == {"sparse.txt": Reason.OVER_LIMIT, "a.txt": None}
    with (tmp_path / "sparse.txt").open("wb") as file:
        file.truncate(2_000_000)
    assert [file.refused for file in listed(tmp_path)[0]] == [None, None]
    assert Reason.OVER_LIMIT in [file.refused for file in listed(tmp_path, Wish(Choices(max_file_mb=1)))[0]]


def test_every_folder_is_told_before_it_is_listed(tmp_path: Path):
    write(tmp_path, "a.txt", "sub/deep/b.txt", "node_modules/c/d.txt")
    entered: list[str] = []
    listed(tmp_path, Wish(entering=entered.append))
    assert entered == [str(tmp_path), str(tmp_path / "sub"), str(tmp_path / "sub" / "deep")]


@pytest.mark.parametrize(
    ("facts", "away"),
    [
        ({"st_file_attributes": 0x400000}, True),  # FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS
        ({"st_file_attributes": 0x40000}, True),  # FILE_ATTRIBUTE_RECALL_ON_OPEN
        ({"st_file_attributes": 0x1000}, True),  # FILE_ATTRIBUTE_OFFLINE
        ({"st_file_attributes": 0x80420}, False),  # reparse point, archive, pinned: a OneDrive file that is here
        ({"st_flags": 0x40000000}, True),  # SF_DATALESS
        ({"st_flags": 0x40}, False),  # UF_TRACKED
        ({}, False),
    ],
)
def test_placeholders_are_known_by_what_the_system_says_of_them(facts: dict[str, int], away: bool):
    assert is_placeholder(SimpleNamespace(**facts)) is away  # type: ignore[arg-type]


def test_a_placeholder_is_refused_and_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, "a.txt", "b.txt")
    there = (tmp_path / "a.txt").stat().st_ino
    monkeypatch.setattr(listing, "is_placeholder", lambda stat: stat.st_ino == there)
    assert [file.refused for file in listed(tmp_path)[0]] == [Reason.IN_CLOUD, None]


def test_a_folder_in_the_cloud_is_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, "a.txt", "sub/b.txt")
    there = (tmp_path / "sub").stat().st_ino
    monkeypatch.setattr(listing, "is_placeholder", lambda stat: stat.st_ino == there)
    files, told = listed(tmp_path)
    assert len(files) == 1
    assert told.unreachable == {str(tmp_path / "sub")}


def test_an_icloud_stub_stands_for_its_document(tmp_path: Path):
    write(tmp_path, ".report.pdf.icloud", ".photo.heic.icloud", ".icloud")
    assert [(os.path.relpath(file.name, tmp_path), file.refused) for file in listed(tmp_path)[0]] == [
        ("report.pdf", Reason.IN_CLOUD)
    ]
    assert [document_of(name) for name in (".icloud", "a.icloud", ".a.icloud")] == ["", "", "a"]
