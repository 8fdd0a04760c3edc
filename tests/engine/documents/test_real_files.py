"""Real and hostile PDFs, where the shared data lie beside the repository: each is read or refused for a true reason."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from engine.documents.budget import BUDGET, token_count
from engine.documents.kinds import Kind, kind_of
from engine.documents.reading import DocumentReader
from engine.errors import UnreadableDocument
from engine.types import Reading, Reason

DATA = Path(__file__).parents[3].parent / "shared" / "data"
needs_data = pytest.mark.skipif(not (DATA / "pdf_real").is_dir(), reason="no shared data beside the repository")


def outcome(reader: DocumentReader, path: Path) -> Reading | Reason:
    try:
        return reader.read(path)
    except UnreadableDocument as error:
        return error.reason


@needs_data
def test_real_pdfs_give_passages(reader: DocumentReader) -> None:
    known = json.loads((DATA / "pdf_real" / "manifest.json").read_text("utf-8"))
    for entry in [entry for entry in known if entry["pages"] <= 40][::6]:
        result = outcome(reader, DATA / "pdf_real" / entry["file"])
        if not isinstance(result, Reading):
            assert result is Reason.NO_TEXT, entry["file"]
            assert entry["chars_per_page"] < 5, entry["file"]
            continue
        assert len(result.scans) <= result.page_count
        assert result.page_count == entry["pages"]
        for chunk in result.chunks:
            assert 0 < token_count(chunk.text) <= BUDGET
            assert all(before.end <= after.start for before, after in pairwise(chunk.spans))
            assert 1 <= chunk.page_first <= chunk.page_last <= result.page_count


@needs_data
def test_hostile_pdfs_are_read_or_refused(reader: DocumentReader) -> None:
    known = json.loads((DATA / "pdf_robust" / "manifest.json").read_text("utf-8"))
    for entry in [entry for entry in known if entry.get("error") != "timeout"][::8]:
        result = outcome(reader, DATA / "pdf_robust" / entry["file"])
        if entry.get("needs_password"):
            assert result is Reason.ENCRYPTED, entry["file"]
        else:
            assert result not in (Reason.CRASHED, Reason.TOO_SLOW, Reason.NOT_TEXT), entry["file"]


@needs_data
def test_office_text_files_are_read(reader: DocumentReader) -> None:
    files = sorted(path for path in (DATA / "office").rglob("*") if path.is_file())
    paths = [path for path in files if kind_of(path) in (Kind.TEXT, Kind.MARKDOWN)]
    assert paths
    for path in paths[:40]:
        result = outcome(reader, path)
        assert isinstance(result, Reading) or result in (Reason.EMPTY, Reason.NO_TEXT, Reason.NOT_TEXT), path


@needs_data
def test_web_pages_books_mails_and_notebooks_are_read(reader: DocumentReader) -> None:
    kinds = (Kind.WEB_PAGE, Kind.EPUB, Kind.RTF, Kind.MAIL, Kind.OUTLOOK, Kind.NOTEBOOK)
    paths = sorted(path for path in (DATA / "office").rglob("*") if kind_of(path) in kinds)
    assert {kind_of(path) for path in paths} == {*kinds}
    for path in paths[::3]:
        result = outcome(reader, path)
        assert isinstance(result, Reading) or ("encrypted" in path.name and result is Reason.ENCRYPTED), path


@needs_data
def test_office_files_are_read_or_refused(reader: DocumentReader) -> None:
    files = sorted(path for path in (DATA / "office").rglob("*") if path.is_file())
    paths = [path for path in files if kind_of(path) in (Kind.OFFICE, Kind.SHEET, Kind.TABLE)]
    assert paths
    refused = (Reason.NO_TEXT, Reason.OLD_FORMAT, Reason.DAMAGED, Reason.ENCRYPTED)
    for path in paths[::4]:
        result = outcome(reader, path)
        assert isinstance(result, Reading) or result in refused, path
