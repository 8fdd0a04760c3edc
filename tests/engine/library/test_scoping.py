from collections.abc import Iterator
from pathlib import Path

import pytest
from papers import FOLDER, Library, passage

from engine.library.store import FoundFile
from engine.types import Scope

WEEK_NS = 7 * 24 * 3600 * 10**9


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """The same sentence about backups in several places, and the very same content in two of them."""
    made = Library(tmp_path)
    for name in ("a/one.pdf", "a/deep/two.PDF", "ab/three.pdf", "b/four.docx"):
        made.put(name, passage((f"Backups in {Path(name).stem} are kept.",), page=1))
    made.put("b/中文.pdf", passage(("备份 Backups 保存九十天，之后全部销毁。",), page=1))
    copy = FoundFile(FOLDER / "b/copy of one.pdf", FOLDER, 1, WEEK_NS)
    made.store.see([copy])
    made.store.link(copy, made.store.content("a/one.pdf", "pdf", 1))
    yield made
    made.store.close()


def found(library: Library, **limits: object) -> list[str]:
    hits = library.retriever.find("backups", 10, Scope(**limits))
    return sorted(hit.document.path.relative_to(FOLDER).as_posix() for hit in hits)


def test_folder_means_what_is_below_it_and_not_its_namesakes(library: Library):
    assert found(library, paths=(FOLDER / "a",)) == ["a/deep/two.PDF", "a/one.pdf"]
    assert found(library, paths=(FOLDER / "a/deep", FOLDER / "ab/three.pdf")) == ["a/deep/two.PDF", "ab/three.pdf"]
    assert found(library, paths=(FOLDER / "nowhere",)) == []


def test_content_of_two_files_is_told_as_the_one_that_is_meant(library: Library):
    assert found(library, paths=(FOLDER / "b/copy of one.pdf",)) == ["b/copy of one.pdf"]


def test_kind_and_time_limit_too(library: Library):
    assert found(library, endings=(".docx",)) == ["b/four.docx"]
    assert found(library, since_ns=WEEK_NS) == ["b/copy of one.pdf"]
    assert found(library, endings=(".docx",), paths=(FOLDER / "a",)) == []


def test_language_is_that_of_the_passage(library: Library):
    assert found(library, language="zh") == ["b/中文.pdf"]
    assert "b/中文.pdf" not in found(library, language="en")


def test_many_are_proposed_by_the_graphs_and_sifted(library: Library, monkeypatch):
    monkeypatch.setattr("engine.library.vectors._EXACT_AMONG", 1)
    assert found(library, paths=(FOLDER / "a",)) == ["a/deep/two.PDF", "a/one.pdf"]
