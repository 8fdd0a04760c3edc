"""Folders and files that the program is started with, as a file manager does it: they are added to the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app import app
from engine import cli


def test_paths_of_the_command_are_added_from_the_root_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[Path]] = []
    monkeypatch.setattr(app, "run", lambda config, paths, hidden: opened.append(paths) or 0)
    monkeypatch.chdir(tmp_path)
    for words in (["open", "我的 文档", "/b.pdf"], ["open"], []):
        with pytest.raises(SystemExit) as ended:
            cli.main(["--home", str(tmp_path / "home"), *words])
        assert ended.value.code == 0
    assert opened == [[tmp_path / "我的 文档", Path("/b.pdf")], [], []]
