"""A screen with a window manager, a person at it, and documents of their own. Skips where the programs are missing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from journeys.person import Person
from screen import shown

PROGRAMS = ("Xvfb", "openbox", "xdotool")
QUESTION = "How long are audit logs retained?"
WORDS = "Audit logs are retained for seven years."


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing or not sys.platform.startswith("linux"):
        pytest.skip(f"a journey needs an X server and a hand on it: {', '.join(missing) or 'Linux'}")
    with shown() as screen:
        made = Person(screen, tmp_path)
        yield made
        made.leave()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with a PDF that answers, and a note."""
    folder = tmp_path / "Rules"
    folder.mkdir()
    with pymupdf.open() as document:
        for number in range(1, 4):
            page = document.new_page(width=595, height=842)
            page.insert_text((72, 100), f"Chapter {number}", fontsize=20)
            if number == 2:
                page.insert_text((72, 300), WORDS, fontsize=11)
        document.save(folder / "rules.pdf")
    (folder / "note.md").write_text(
        "# Backups\n\nEvery department reviews its backup policy once a quarter.\n", "utf-8"
    )
    return folder
