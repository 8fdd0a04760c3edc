import threading
from pathlib import Path

import pytest

from engine.library import reaching
from engine.library.reaching import Reaching
from engine.library.store import Root


def test_a_share_that_hangs_counts_as_away_and_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    released = threading.Event()
    asked: list[Path] = []

    def reachable(root: Root) -> bool:
        asked.append(root.path)
        return released.wait(30) if root.path.name == "hung" else True

    monkeypatch.setattr(reaching, "reachable", reachable)
    roots = [Root(Path("/hung"), False), Root(Path("/here"), False)]
    answers = Reaching(patience_s=0.2)
    assert answers.those(roots) == {Path("/here")}
    assert answers.those(roots) == {Path("/here")}
    assert asked.count(Path("/hung")) == 1
    released.set()


def test_what_is_there_is_reachable(tmp_path: Path):
    (tmp_path / "a.txt").write_text("a")
    roots = [Root(tmp_path, False), Root(tmp_path / "a.txt", True), Root(tmp_path / "missing", False)]
    assert Reaching().those(roots) == {tmp_path, tmp_path / "a.txt"}


def test_two_who_ask_at_once_get_the_same_answer(monkeypatch: pytest.MonkeyPatch):
    begun, released = threading.Event(), threading.Event()

    def reachable(root: Root) -> bool:
        begun.set()
        return released.wait(30)

    monkeypatch.setattr(reaching, "reachable", reachable)
    answers, roots = Reaching(patience_s=30), [Root(Path("/slow"), False)]
    found: list[set[Path]] = []
    threads = [threading.Thread(target=lambda: found.append(answers.those(roots))) for _ in range(2)]
    threads[0].start()
    begun.wait(30)
    threads[1].start()
    threads[1].join(0.2)  # it waits for the answer that the first one asked for
    assert threads[1].is_alive()
    released.set()
    for thread in threads:
        thread.join(30)
    assert found == [{Path("/slow")}] * 2
