import errno
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.library import watching
from engine.library.store import Root, Store
from engine.library.watching import FolderWatcher, TreeWatcher, Watcher, is_news, watching_notices
from engine.texts import say

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


@pytest.fixture
def told() -> threading.Event:
    return threading.Event()


@pytest.fixture(params=["folders", "trees"])
def watcher(request: pytest.FixtureRequest, told: threading.Event, tmp_path: Path) -> Iterator[Watcher]:
    if request.param == "folders":
        if sys.platform != "linux":
            pytest.skip("inotify is Linux's")
        made: Watcher = FolderWatcher(told.set)
    else:
        made = TreeWatcher(told.set, tmp_path / "home")
    yield made
    made.close()


def begin(watcher: Watcher, told: threading.Event, root: Path) -> None:
    """As the indexing does: watch, list, and be quiet."""
    watcher.watch([Root(root, is_file=False)])
    for folder, _, _ in os.walk(root):
        watcher.entering(folder)
    if isinstance(watcher, TreeWatcher):
        assert told.wait(30), "it tells once when it has begun"
    told.clear()


CHANGES: dict[str, Callable[[Path], object]] = {
    "created": lambda root: (root / "new.txt").write_text("new"),
    "edited": lambda root: (root / "sub" / "a.txt").write_text("more"),
    "deleted": lambda root: (root / "sub" / "a.txt").unlink(),
    "moved": lambda root: (root / "sub" / "a.txt").rename(root / "b.txt"),
    "replaced": lambda root: (root / "~a.tmp").rename(root / "sub" / "a.txt"),
    "folder made": lambda root: (root / "deep").mkdir(),
    "folder renamed": lambda root: (root / "sub").rename(root / "other"),
    "rules": lambda root: (root / ".inkstoneignore").write_text("*.txt"),
    "moved out": lambda root: (root / "sub" / "a.txt").rename(root.parent / "a.txt"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_told(watcher: Watcher, told: threading.Event, tmp_path: Path, change: Callable[[Path], object]):
    root = tmp_path / "papers"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "a.txt").write_text("a")
    (root / "~a.tmp").write_text("b")
    begin(watcher, told, root)
    change(root)
    assert told.wait(30)


def test_what_is_of_no_interest_is_not_told(watcher: Watcher, told: threading.Event, tmp_path: Path):
    root = tmp_path / "papers"
    root.mkdir()
    begin(watcher, told, root)
    for name in ("program.exe", "~$a.docx", ".swap.txt", "a.tmp"):
        (root / name).write_text("x")
    (root / "node_modules").mkdir()
    assert not told.wait(0.5)
    (root / "a.txt").write_text("a")
    assert told.wait(30)


def test_a_root_that_is_a_link_is_watched(watcher: Watcher, told: threading.Event, tmp_path: Path):
    (tmp_path / "papers").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "papers", target_is_directory=True)
    begin(watcher, told, link)
    (tmp_path / "papers" / "a.txt").write_text("a")
    assert told.wait(30)


@LINUX
def test_reading_is_no_change(told: threading.Event, tmp_path: Path):
    watcher = FolderWatcher(told.set)
    (tmp_path / "a.txt").write_text("a")
    begin(watcher, told, tmp_path)
    (tmp_path / "a.txt").read_text()
    assert not told.wait(0.3)
    watcher.close()


@LINUX
def test_the_limit_of_watches_is_said_once_and_tried_again(
    told: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    tried: list[str] = []

    def full(self: object, folder: str) -> None:
        tried.append(folder)
        raise OSError(errno.ENOSPC, "inotify watches")

    monkeypatch.setattr(watching.Inotify, "add", full)
    watcher = FolderWatcher(told.set)
    for _ in range(2):
        watcher.watch([Root(tmp_path, is_file=False)])
        watcher.entering("/papers")
        watcher.entering("/papers/sub")
        assert not watcher.is_whole
    watcher.close()
    assert tried == ["/papers"] * 2
    assert "max_user_watches" in caplog.text


@LINUX
def test_without_inotify_nothing_is_watched_and_nothing_breaks(
    told: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refused(*_: object) -> None:
        raise OSError(errno.EMFILE, "inotify instances")

    monkeypatch.setattr(watching, "Inotify", refused)
    watcher = FolderWatcher(told.set)
    watcher.watch([Root(tmp_path, is_file=False)])
    watcher.entering(str(tmp_path))
    assert not watcher.is_whole
    watcher.close()


@LINUX
def test_nothing_stays_open(told: threading.Event, tmp_path: Path):
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for number in range(5):
        watcher = FolderWatcher(told.set)
        (tmp_path / str(number)).mkdir()
        watcher.watch([Root(tmp_path / str(number), is_file=False)])
        watcher.watch([Root(tmp_path, is_file=False)])
        watcher.close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize(
    ("name", "is_folder", "news"),
    [
        ("a.txt", False, True),
        ("a.exe", False, False),
        ("papers", True, True),
        (".git", True, False),
        (".a.pdf.icloud", False, True),
        (".inkstoneignore", False, True),
    ],
)
def test_news_is_told_by_the_name(name: str, is_folder: bool, news: bool):
    assert is_news(name, is_folder) is news


def test_where_not_all_is_watched_the_person_is_told_what_helps(tmp_path: Path):
    store = Store(tmp_path / "library.sqlite")
    store.set_meta("folders", "300000")
    store.note_watching(whole=True)
    assert watching_notices(store) == ()
    store.note_watching(whole=False)
    (notice,) = watching_notices(store)
    assert (notice.code, notice.facts["folders"], notice.facts["wanted"]) == ("folders_unwatched", "300000", "1048576")
    assert "fs.inotify.max_user_watches=1048576" in say(notice.code, "en", **notice.facts)
    store.note_watching(whole=True)
    assert watching_notices(store) == ()
    store.close()
