from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from desktop_app.exporting.conversation import Kept, as_html, as_markdown, write
from engine.errors import BrokenInstallation
from engine.types import EVERYTHING, Answer, Citation, Exchange, Scope, Stop, Timings, Unit

TEXT = (
    "Logs <b>stay</b> for **seven years** [1], see [9].\n\n1. one\n2. two\n   - deeper\n\n"
    "| Kind | Kept |\n|---|---|\n| Logs | 7 [1] |\n\n> 审计日志 [1]\n\n```python\nx[1] = 2 < 3\n```\n"
)
CITATION = Citation(1, Path("/docs/rules & more.pdf"), "Rules", Unit.PAGE, 2, "kept for\nseven years", (), 0.9)


@pytest.fixture
def kept(qapp) -> Kept:
    answer = Answer("How long?", TEXT, "generated", Stop.COMPLETE, (CITATION,), Timings(1, 2, 3))
    unanswered = Exchange(2, "And <then>?", Scope((Path("/docs"),)), 1000)
    return Kept("Logs & more", (Exchange(1, "How long?", EVERYTHING, 1000, answer), unanswered))


def test_markdown_has_the_answer_as_it_is_and_its_sources(kept: Kept):
    text = as_markdown(kept)
    assert text.startswith("# Logs & more\n")
    assert TEXT.strip() in text
    assert "- [1] rules & more.pdf · p. 2: “kept for seven years”" in text
    assert "*Asked of docs*" in text
    assert text.rstrip().endswith("This question was not answered.")


def test_web_page_says_what_things_are_and_runs_nothing(kept: Kept):
    text = as_html(kept)
    assert "<title>Logs &amp; more</title>" in text
    assert '<strong>seven years</strong><sup><a href="#s1-1">[1]</a></sup>' in text
    assert "<b>stay</b>" not in text
    assert "<ol>\n<li>one</li>\n<li>two</li>\n<ul>\n<li>deeper</li>\n</ul>\n</ol>" in text
    assert "<th>Kind</th><th>Kept</th>" in text
    assert "<blockquote>" in text
    assert "<pre>\nx[1] = 2 &lt; 3\n</pre>" in text
    assert "And &lt;then&gt;?" in text
    assert 'id="s1-1"' in text


def test_pdf_has_the_words_on_its_pages(kept: Kept, tmp_path: Path):
    write(tmp_path / "out.pdf", kept)
    with pymupdf.open(tmp_path / "out.pdf") as document:
        text = " ".join("".join(page.get_text() for page in document).split())
    assert "seven years" in text
    assert "rules & more.pdf" in text


@pytest.mark.parametrize("ending", ["md", "pdf"])
def test_place_that_cannot_be_written_is_told(kept: Kept, tmp_path: Path, ending: str):
    with pytest.raises(BrokenInstallation):
        write(tmp_path / "nowhere" / f"out.{ending}", kept)
