"""Office files from the folder to the citation: found by header and row, and cited by slide, sheet and row."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest

ROOT = Path(__file__).resolve().parents[2]
INKSTONE = "from engine.cli import main; main()"
REVENUE = "Year: 2021 | Revenue of the tea house: 3.4"
WITHERED = "Leaves are withered for twenty hours."
BORROWED = "每位读者最多可以借阅八本图书。"


class Home:
    def __init__(self, path: Path) -> None:
        self._path = path

    def run(self, *words: str | Path, code: int = 0) -> str:
        command = [sys.executable, "-c", INKSTONE, "--home", str(self._path), *map(str, words)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout

    def json(self, *words: str | Path) -> Any:
        return json.loads(self.run(*words, "--json"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which three office files are indexed."""
    folder = tmp_path_factory.mktemp("office") / "年度 文档"
    folder.mkdir()
    document = docx.Document()
    document.add_heading("借阅规则", 1)
    document.add_paragraph(BORROWED)
    document.add_heading("Opening hours", 1)
    document.add_paragraph("The reading room opens at nine and closes at six on weekdays.")
    document.save(str(folder / "规则.docx"))
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet
    sheet.title = "Sales"
    for row in (("Year", "Revenue of the tea house"), (2019, 2.9), (2020, 3.1), (2021, 3.4)):
        sheet.append(row)
    workbook.save(folder / "figures.xlsx")
    slides = pptx.Presentation()
    for title, text in (("Harvest", "Leaves are picked by hand."), ("Drying", WITHERED)):
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text_frame.text = title, text
    slides.save(str(folder / "tea.pptx"))
    home = Home(tmp_path_factory.mktemp("home"))
    home.run("add", folder)
    home.run("index")
    return home


@pytest.mark.parametrize(
    ("query", "name", "place", "text"),
    [
        ("revenue of the tea house in 2021", "figures.xlsx", ("row", "Sales"), REVENUE),
        ("读者最多可以借阅几本图书", "规则.docx", ("paragraph", ""), BORROWED),
    ],
)
def test_search_finds_the_place(home: Home, query: str, name: str, place: tuple[str, str], text: str) -> None:
    hit = home.json("search", query)["hits"][0]
    assert (Path(hit["path"]).name, (hit["unit"], hit["label"])) == (name, place)
    assert text in hit["text"]


@pytest.mark.parametrize(
    ("question", "place", "quote"),
    [
        ("What was the revenue of the tea house in 2021?", ("row", "Sales!4"), REVENUE),
        ("How long are leaves withered?", ("slide", "2"), WITHERED),
    ],
)
def test_answer_is_cited_by_its_place(home: Home, question: str, place: tuple[str, str], quote: str) -> None:
    citation = max(home.json("ask", question)["citations"], key=lambda citation: citation["score"])
    assert (citation["unit"], citation["label"]) == place
    assert quote in citation["quote"]


def test_terminal_names_the_slide(home: Home) -> None:
    assert "slide 2" in home.run("ask", "How long are leaves withered?")
