from pathlib import Path

from tests.end_to_end.enduring import different, endure
from tests.end_to_end.killing import add, contents, index
from tests.end_to_end.restless import Restless


def test_a_restless_tree_is_followed_through_kills(tmp_path: Path):
    """The short form of `enduring`: six seconds of changes, a kill or two, then the same library as a fresh one."""
    tree = Restless(tmp_path / "papers", count=40, seed=3)
    home, fresh = tmp_path / "家 home", tmp_path / "fresh"
    add(home, tree.folder)
    told = list(endure(tree, home, minutes=0.1, kill_minutes=0.1, seed=3))
    assert "the engine ended by itself" not in told
    assert [each for each in told if each.startswith("in step")], told[-2:]
    index(fresh, tree.folder)
    assert different(contents(home), contents(fresh)) == []
