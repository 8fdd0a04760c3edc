import os
from dataclasses import replace
from pathlib import Path

import pytest
from papers import POLICY, passage

from engine.answers.rechecking import places, recheck
from engine.hashing import sha256_of
from engine.library.store import FoundFile, Root, Store
from engine.types import Box, Citation, Place, Reading, Standing, Unit

QUOTE = POLICY[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "docs" / "policy.pdf"
    made.parent.mkdir()
    made.write_text("first", "utf-8")
    return made


@pytest.fixture
def store(tmp_path: Path, file: Path):
    opened = Store(tmp_path / "library.sqlite")
    opened.add_root(Root(file.parent, is_file=False))
    read(opened, file, page=4)
    yield opened
    opened.close()


def read(store: Store, file: Path, page: int, sentences: tuple[str, ...] = POLICY) -> None:
    status = file.stat()
    found = FoundFile(file, file.parent, status.st_size, status.st_mtime_ns)
    store.see([found])
    chunks = (passage(sentences, page),)
    store.put(found, sha256_of(file), "pdf", 1, Reading("", Unit.PAGE, 9, 0, chunks))


def write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 10**9))


@pytest.fixture
def citation(file: Path, store: Store) -> Citation:
    return Citation(1, file, "", Unit.PAGE, 4, QUOTE, (Box(4, 50, 112, 300, 122),), 0.9, sha256=sha256_of(file))


def standing(store: Store, citation: Citation) -> Standing:
    return recheck(store, [citation])[0].standing


def test_unchanged_document_leaves_its_citation_as_it_is(store: Store, citation: Citation):
    (checked,) = recheck(store, [citation])
    assert (checked.citation, checked.standing) == (citation, Standing.FRESH)


def test_touched_file_is_not_a_changed_one(store: Store, citation: Citation, file: Path):
    write(file, "first")
    assert standing(store, citation) is Standing.FRESH


def test_changed_file_is_told_even_before_it_is_read_again(store: Store, citation: Citation, file: Path):
    write(file, "second")
    assert standing(store, citation) is Standing.CHANGED


def test_words_that_moved_are_followed(store: Store, citation: Citation, file: Path):
    write(file, "second")
    read(store, file, page=7)
    (checked,) = recheck(store, [citation])
    assert checked.standing is Standing.FRESH
    assert (checked.citation.page, checked.citation.boxes[0].page) == (7, 7)


def test_words_that_went_are_missed(store: Store, citation: Citation, file: Path):
    write(file, "second")
    read(store, file, page=4, sentences=("Audit logs are retained for one year.",))
    assert standing(store, citation) is Standing.CHANGED


def test_document_that_went_is_gone(store: Store, citation: Citation, file: Path):
    file.unlink()
    assert standing(store, citation) is Standing.GONE


def test_citation_of_before_this_was_noted_is_believed(store: Store, citation: Citation):
    assert standing(store, replace(citation, sha256="")) is Standing.FRESH


def test_words_are_found_with_their_boxes_whatever_their_case(store: Store, file: Path):
    assert places(store, file, "SEVEN  years")[0].page == 4
    assert places(store, file, QUOTE) == (Place(4, (Box(4, 50, 112, 300, 122),)),)
    assert places(store, file, "sevenyears") == places(store, file, " ") == ()
