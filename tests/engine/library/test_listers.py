import threading
import time
from pathlib import Path

import pytest

from engine.library.listers import Lister, Stopped
from engine.library.listing import Wish
from engine.library.store import Root


@pytest.fixture
def roots(tmp_path: Path) -> list[Root]:
    for name in ("first", "hung", "last"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(name)
    return [Root(tmp_path / name, is_file=False) for name in ("first", "hung", "last")]


def never(*_: object) -> bool:
    return False


def test_a_root_that_hangs_holds_up_only_itself(roots: list[Root]):
    released = threading.Event()
    hung = str(roots[1].path)
    wish = Wish(entering=lambda folder: (released.wait() if folder == hung else None, None)[1])
    lister = Lister(silent_s=0.3)
    try:
        listing = lister.list(roots, wish, never)
        assert [root.path.name for root, _ in listing.files] == ["first", "last"]
        assert listing.unreachable == {hung}
        started = time.monotonic()
        again = lister.list(roots, wish, never)
        assert [root.path.name for root, _ in again.files] == ["first", "last"]
        assert again.unreachable == {hung}
        assert threading.active_count() < 10
        assert time.monotonic() - started < 30  # it is not waited for again; 30: a machine may be slow
    finally:
        released.set()
    deadline = time.monotonic() + 10
    while any(thread.name == "listing" for thread in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [root.path.name for root, _ in lister.list(roots, Wish(), never).files] == ["first", "hung", "last"]


def test_stopping_is_told_so_that_nothing_is_taken_for_gone(roots: list[Root]):
    asked = iter([False, False, True, True, True, True])
    with pytest.raises(Stopped):
        list(Lister().list(roots, Wish(), lambda: next(asked, True)).files)


def test_what_goes_wrong_in_the_thread_is_raised(roots: list[Root]):
    def broken(folder: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(Lister().list(roots, Wish(entering=broken), never).files)
