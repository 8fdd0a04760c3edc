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
