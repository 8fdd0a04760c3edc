"""The demo documents are what the README shows: readable in both languages, small, and one damaged on purpose."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pymupdf
import pytest

DEMO = Path(__file__).resolve().parents[2] / "packaging" / "demo"
DOCUMENTS = DEMO / "documents"


@pytest.mark.parametrize(
    ("name", "page", "words"),
    [
        ("Information Handbook", 3, ["4. How long records are kept", "Door and badge records", "120 days"]),
        ("数据管理规范", 3, ["第四章", "视频监控录像", "九十日", "审计日志应当保留七年"]),
    ],
)
def test_document_has_four_pages_in_reading_order(name: str, page: int, words: list[str]) -> None:
    with pymupdf.open(DOCUMENTS / f"{name}.pdf") as document:
        text = document[page - 1].get_text()
        assert document.page_count == 4
        assert not document.is_repaired
        assert document.metadata["title"] == name
    places = [text.find(word) for word in words]
    assert -1 not in places
    assert places == sorted(places)
    assert name in text  # the running head


def test_every_font_is_embedded() -> None:
    for path in (DOCUMENTS / "Information Handbook.pdf", DOCUMENTS / "数据管理规范.pdf"):
        with pymupdf.open(path) as document:
            fonts = {font[0] for page in document for font in page.get_fonts()}
            assert all(document.extract_font(font)[3] for font in fonts)


def test_damaged_document_has_no_pages() -> None:
    pymupdf.TOOLS.mupdf_display_errors(False)
    with pymupdf.open(DOCUMENTS / "Quarterly Report.pdf") as document:
        assert document.page_count == 0


def test_documents_are_small() -> None:
    sizes = [path.stat().st_size for path in DOCUMENTS.iterdir()]
    assert len(sizes) == 5
    assert max(sizes) < 300_000
    assert sum(sizes) < 1_500_000


def test_making_them_again_changes_no_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(DEMO / "make_documents.py"), str(tmp_path)], check=True)
    made = sorted(tmp_path.iterdir())
    assert len(made) == 3
    for path in made:
        assert path.read_bytes() == (DOCUMENTS / path.name).read_bytes(), path.name


def test_three_questions_in_both_languages() -> None:
    questions = (DEMO / "questions.txt").read_text("utf-8").splitlines()
    assert len(questions) == 3
    assert sum(question.isascii() for question in questions) == 2
