"""Set the demo's PDF documents from the texts in `sources/`: the same bytes each time, small, with embedded fonts.

Run it with the project's environment after a change of a text:

    .venv/bin/python packaging/demo/make_documents.py [FOLDER]

The Latin letters are Nimbus Sans, the Chinese ones Droid Sans Fallback (Apache-2.0); both come with PyMuPDF, and only
the letters that occur are embedded. The other documents of the demo are plain text and lie in `documents/` as they are.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pymupdf

HERE = Path(__file__).parent
PAGE = pymupdf.paper_rect("a4")
BODY = pymupdf.Rect(66, 84, PAGE.width - 66, PAGE.height - 80)  # room for the running head and foot
GREY = (0.42, 0.42, 0.45)
STYLE = """
body { margin: 0; font-family: sans-serif; line-height: 1.55; color: #1d1d20; }
h1 { font-size: 24pt; margin: 0 0 8pt 0; color: #123a5a; }
h2 { font-size: 15pt; margin: 18pt 0 6pt 0; color: #123a5a; }
h2.page { page-break-before: always; margin-top: 0; }
h3 { font-size: 12pt; margin: 12pt 0 3pt 0; color: #123a5a; }
p { margin: 0 0 8pt 0; }
p.lead { color: #55555c; margin-bottom: 12pt; }
ul { margin: 0 0 7pt 0; }
li { margin: 0 0 3pt 0; }
table { width: 100%; border-collapse: collapse; margin: 8pt 0 12pt 0; font-size: 10pt; }
th { color: #123a5a; text-align: left; border: 0.6pt solid #9fb0bf; padding: 4pt 5pt; }
td { text-align: left; border: 0.6pt solid #9fb0bf; padding: 4pt 5pt; }
"""


@dataclass(frozen=True)
class Print:
    """One document: its title stands at the head of every page, and its foot has two blanks for page and pages."""

    title: str
    head: str
    foot: str
    size: float = 11.4  # of the text, in points
    cut_at: float = 1.0  # the part of the file that is kept: below 1 it is damaged on purpose


PRINTS = (
    Print("Information Handbook", "Version 4.1 · Internal", "Page {} of {}"),
    Print("数据管理规范", "版本 2.3 · 内部资料", "第 {} 页，共 {} 页", size=13),
    Print("Quarterly Report", "Field Services · Internal", "Page {} of {}", cut_at=0.4),
)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "documents"
    for print_ in PRINTS:
        data = set_document(print_, (HERE / "sources" / f"{print_.title}.html").read_text("utf-8"))
        (folder / f"{print_.title}.pdf").write_bytes(data[: int(len(data) * print_.cut_at)])


def set_document(print_: Print, html: str) -> bytes:
    """The bytes of a PDF without dates or random numbers."""
    document = pymupdf.open("pdf", flow(html, f"{STYLE} body {{ font-size: {print_.size}pt; }}"))
    font = pymupdf.Font("china-s" if not print_.title.isascii() else "helv")
    for page in document:
        page.wrap_contents()  # the flowed text leaves the page upside down
        add_running_lines(page, print_, font, document.page_count)
    document.set_metadata({"title": print_.title})
    document.subset_fonts(fallback=False)
    return document.tobytes(garbage=4, deflate=True, use_objstms=1, no_new_id=True)


def flow(html: str, style: str) -> bytes:
    """The text on as many pages as it takes."""
    story = pymupdf.Story(html, user_css=style)
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    more = True
    while more:
        device = writer.begin_page(PAGE)
        more, _ = story.place(BODY)
        story.draw(device)
        writer.end_page()
    writer.close()
    return buffer.getvalue()


def add_running_lines(page: pymupdf.Page, print_: Print, font: pymupdf.Font, page_count: int) -> None:
    words = pymupdf.TextWriter(PAGE, color=GREY)
    foot = print_.foot.format(page.number + 1, page_count)
    for y, left, right in ((52, print_.title, print_.head), (PAGE.height - 44, "", foot)):
        words.append((BODY.x0, y), left, font, 8.5)
        words.append((BODY.x1 - font.text_length(right, 8.5), y), right, font, 8.5)
    words.write_text(page)
    page.draw_line((BODY.x0, 60), (BODY.x1, 60), color=(0.8, 0.82, 0.85), width=0.6)


if __name__ == "__main__":
    main()
