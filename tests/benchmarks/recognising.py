"""How well scanned pages are recognised: real pages with a good text layer, made into scans, against that layer.

    python -m tests.benchmarks.recognising ../shared/data/pdf_real [--dpi 200] [--side 1280] [--scans FILE...]

Twenty fixed pages, ten Chinese and ten English, become pictures: 150 dpi, grey, turned by 0.7° one way or the other,
each alone in a PDF in a temporary folder. They are recognised by the product's own way (`recognised`, `clean`,
`passages`) in this process, on one thread. With --scans real scans are recognised too, without anything to compare.

**Character recall** of a page: of each line of the text layer the longest common subsequence with what was recognised
where that line stands (every recognised line that overlaps it by 40 % of the lower one's height), over the line's
characters; summed over the page. Both sides lose all blanks and "_" (a blank to fill in) and are compared in NFKC (full
width equals half width, and ligatures their letters). So what counts is the characters and their place; the order of
the lines does not.

**Boxes**: every line of the text layer of 12 characters or more that the recognised passages hold word for word, and
once, is quoted from them. The quote's boxes (`quote_boxes`, as a citation highlights them), turned back onto the
original page, have to lie within the box of the lines of that original passage; told is how many do so within
TOLERANCE points.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from engine.documents import pdf
from engine.documents.characters import tidy
from engine.documents.chunking import passages
from engine.documents.cleaning import clean
from engine.documents.ocr import Recogniser
from engine.documents.ocr_files import installed
from engine.documents.placing import quote_boxes
from engine.documents.recognising import DOTS_PER_INCH, recognised
from engine.types import Box, Chunk, Line, Page

SCAN_DPI = 150
DEGREES = 0.7
TOLERANCE = 4.0  # points: about a third of a line
QUOTED = 12  # characters

PAGES = (
    (
        "Visualize-ML+Book4_Power-of-Matrix/Book4_Ch00_正文前__矩阵力量__从加减乘除到机器学习.pdf",
        6,
    ),
    (
        "Visualize-ML+Book6_First-Course-in-Data-Science/"
        "Book6_Ch06_时间数据__数据有道__鸢尾花书__从加减乘除到机器学习.pdf",
        8,
    ),
    (
        "gammachen+p-llm-rag-bge-chatglm3-model-finetune/"
        "simple-web-service__data__四上语文第三单元练习卷（2024.9）.pdf",
        2,
    ),
    ("huangxg+lnotes/graph__cv-classic.pdf", 1),
    ("mohuangrui+ucasthesis/模板使用说明.pdf", 19),
    ("openwch+ch32v20x/EVT__EXAM__BLE__MESH__沁恒低功耗蓝牙MESH软件开发参考手册.PDF", 10),
    ("openwch+ch32v20x/EVT__EXAM__ETH__WCHNET使用文档.PDF", 20),
    ("openwch+ch583/Application__wristband__Doc__pedometer-design-3-axis-digital-acceler_cn.pdf", 2),
    ("openwch+ch585/Datasheet__CH585DS1_zh.PDF", 79),
    ("rockchip-linux+docs/Kernel__USB__Rockchip_Developer_Guide_USB2_Compliance_Test_CN.pdf", 1),
    ("airockchip+rknn-toolkit2/doc__04_Rockchip_RKNPU_API_Reference_RKNNRT_V2.3.2_EN.pdf", 19),
    ("firelab+windninja/doc__wx_model_desc.pdf", 5),
    ("Byaidu+PDFMathTranslate/test__file__translate.cli.font.unknown.pdf", 1),
    ("kermitt2+grobid/grobid-trainer__doc__affiliation-guidelines.pdf", 1),
    ("kermitt2+grobid/grobid-core__src__test__resources__test__Wang-paperAVE2008.pdf", 1),
    ("nasa+fprime/Autocoders__Python__doc__tlmLayout__TlmLayoutUsersGuide.pdf", 1),
    ("kermitt2+grobid/grobid-core__src__test__resources__footnotes__test.pdf", 1),
    ("mitmath+18330/p4.pdf", 1),
    (
        "papers-we-love+papers-we-love/"
        "distributed_systems__implementing-the-omega-failure-detector-in-crash-recovery-failure-model.pdf",
        4,
    ),
    ("kermitt2+grobid/grobid-core__src__test__resources__test__test_Grobid_1_05452615.pdf", 2),
)


@dataclass(frozen=True)
class Scan:
    """A page made into a picture, and how a point of the page comes to lie in it."""

    path: Path
    matrix: pymupdf.Matrix  # points of the page to points of the scan

    def moved(self, box: Box) -> Box:
        return _boxed(box, self.matrix)

    def moved_back(self, box: Box) -> Box:
        """By the middles of its edges: by its corners it would grow with each turn."""
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        edges = [pymupdf.Point(*at) * ~self.matrix for at in ((box.x0, y), (box.x1, y), (x, box.y0), (x, box.y1))]
        return Box(box.page, edges[0].x, edges[2].y, edges[1].x, edges[3].y)


@dataclass
class Score:
    characters: int = 0
    found: int = 0
    recognised: int = 0  # characters, also such that the text layer does not have
    quotes: int = 0
    within: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0

    @property
    def recall(self) -> float:
        return self.found / self.characters if self.characters else math.nan

    def add(self, other: Score) -> None:
        for name in vars(other):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def make_scan(path: Path, number: int, degrees: float, folder: Path) -> Scan:
    scale = SCAN_DPI / 72
    with pymupdf.open(path) as document:
        turn = pymupdf.Matrix(scale, scale).prerotate(degrees)
        pixmap = document[number - 1].get_pixmap(matrix=turn, colorspace=pymupdf.csGRAY, alpha=False)
        made = pymupdf.open()
        page = made.new_page(width=pixmap.width / scale, height=pixmap.height / scale)
        page.insert_image(page.rect, pixmap=pixmap)
        target = folder / f"{path.stem[:40]}-{number}.pdf"
        made.save(target)
    corner = pymupdf.Matrix(1, 0, 0, 1, -pixmap.x, -pixmap.y)
    return Scan(target, turn * corner * pymupdf.Matrix(1 / scale, 1 / scale))


def text_layer(path: Path, number: int) -> list[Line]:
    """The lines as the PDF has them: not joined to a table's rows, and nothing taken out."""
    with pymupdf.open(path) as document:
        page = document[number - 1]
        blocks = page.get_text("dict", flags=pymupdf.TEXT_MEDIABOX_CLIP)["blocks"]
        lines = [line for block in blocks for line in block.get("lines", ())]
        boxes = [pymupdf.Rect(line["bbox"]) * page.rotation_matrix for line in lines]
    texts = [tidy("".join(span["text"] for span in line["spans"])) for line in lines]
    return [Line(text, Box(number, *box)) for text, box in zip(texts, boxes, strict=True)]


def score(text_layer: Sequence[Line], original: Page, scan: Scan, page: Page) -> Score:
    found = Score(recognised=len(_letters("".join(line.text for line in page.lines))))
    for line in text_layer:
        wanted = _letters(line.text)
        there = _letters("".join(each.text for each in _at(page.lines, scan.moved(_box(line)))))
        found.characters += len(wanted)
        found.found += _common(wanted, there)
    chunks = tuple(passages(clean((page,))))
    for line, boxes in _quotes(original.lines, chunks):
        whole = [_box(each) for each in _passage_of(line, original)]
        found.quotes += 1
        found.within += all(_is_within(scan.moved_back(box), whole) for box in boxes)
    return found


def _quotes(lines: Sequence[Line], chunks: Sequence[Chunk]) -> Iterator[tuple[Line, tuple[Box, ...]]]:
    for line in lines:
        holding = [chunk for chunk in chunks if line.text in chunk.text]
        if len(line.text) >= QUOTED and sum(chunk.text.count(line.text) for chunk in holding) == 1:
            start = holding[0].text.index(line.text)
            yield line, quote_boxes(holding[0].spans, holding[0].text, start, start + len(line.text))


def _passage_of(line: Line, original: Page) -> list[Line]:
    """The lines of the original passage that holds this line."""
    for chunk in passages((original,)):
        if any(span.box == line.box for span in chunk.spans):
            boxes = {span.box for span in chunk.spans}
            return [each for each in original.lines if each.box in boxes]
    return [line]


def _is_within(box: Box, whole: Sequence[Box]) -> bool:
    return (
        box.x0 >= min(each.x0 for each in whole) - TOLERANCE
        and box.y0 >= min(each.y0 for each in whole) - TOLERANCE
        and box.x1 <= max(each.x1 for each in whole) + TOLERANCE
        and box.y1 <= max(each.y1 for each in whole) + TOLERANCE
    )


def _at(lines: Sequence[Line], box: Box) -> list[Line]:
    """The lines that overlap `box`, from left to right."""
    there = []
    for line in lines:
        other = _box(line)
        shared = min(box.y1, other.y1) - max(box.y0, other.y0)
        lower = min(box.y1 - box.y0, other.y1 - other.y0)
        if shared > 0.4 * lower and min(box.x1, other.x1) > max(box.x0, other.x0):
            there.append(line)
    return sorted(there, key=lambda line: _box(line).x0)


def _common(wanted: str, there: str) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(there) + 1)
    for character in wanted:
        before = 0
        for index, other in enumerate(there, 1):
            here = row[index]
            row[index] = before + 1 if character == other else max(here, row[index - 1])
            before = here
    return row[-1]


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).replace("_", "").split())


def _box(line: Line) -> Box:
    assert line.box
    return line.box


def _boxed(box: Box, matrix: pymupdf.Matrix) -> Box:
    moved = pymupdf.Rect(box.x0, box.y0, box.x1, box.y1) * matrix
    return Box(box.page, moved.x0, moved.y0, moved.x1, moved.y1)


def recognise(path: Path, number: int, recogniser: Recogniser, dpi: float) -> tuple[Page, Score]:
    started, cpu = time.perf_counter(), time.process_time()
    page = recognised(pdf.Pdf(str(path)), number, recogniser, dpi)
    return page, Score(cpu_s=time.process_time() - cpu, wall_s=time.perf_counter() - started)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--dpi", type=float, default=DOTS_PER_INCH)
    arguments.add_argument("--side", type=int, default=0, help="pixels of the picture on which lines are found")
    arguments.add_argument("--pages", type=int, default=len(PAGES))
    arguments.add_argument("--scans", nargs="*", default=(), metavar="FILE", help="real scans, relative to the folder")
    chosen = arguments.parse_args()
    files = installed()
    assert files, "rapidocr is not installed"
    recogniser = Recogniser(files, threads=1, **({"finding_side": chosen.side} if chosen.side else {}))
    every = PAGES[:: len(PAGES) // chosen.pages] if chosen.pages else ()
    by_language: dict[str, Score] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for index, (name, number) in enumerate(every):
            degrees = DEGREES if index % 2 else -DEGREES
            scan = make_scan(chosen.folder / name, number, degrees, Path(scratch))
            original, _ = next(pdf.Pdf(str(chosen.folder / name)).pages(number))
            page, found = recognise(scan.path, 1, recogniser, chosen.dpi)
            found.add(score(text_layer(chosen.folder / name, number), original, scan, page))
            language = "zh" if PAGES.index((name, number)) < len(PAGES) // 2 else "en"
            by_language.setdefault(language, Score()).add(found)
            print(_row(found, f"{Path(name).name} {number}"), flush=True)
    both = Score()
    for language, found in by_language.items():
        both.add(found)
        print(_row(found, language))
    if by_language:
        print(_row(both, "all"))
        print(f"seconds a page: {both.cpu_s / len(every):.2f} of one core, {both.wall_s / len(every):.2f} waited")
    for name in chosen.scans:
        scanned(chosen.folder / name, recogniser, chosen.dpi)


def scanned(path: Path, recogniser: Recogniser, dpi: float, most: int = 3) -> None:
    for number in range(1, min(pdf.Pdf(str(path)).page_count, most) + 1):
        page, found = recognise(path, number, recogniser, dpi)
        letters = sum(len(line.text) for line in page.lines)
        heights = [_box(line).y1 - _box(line).y0 for line in page.lines] or [0.0]
        print(f"{path.name} {number}: {len(page.lines)} lines of {statistics.median(heights):.0f} points, "
              f"{letters} characters, {found.cpu_s:.1f} s")  # fmt: skip
        for line in page.lines[:6]:
            print("   ", line.text[:110])


def _row(found: Score, name: str) -> str:
    return (
        f"recall {found.recall:.4f} of {found.characters:5}, recognised {found.recognised:5}, quotes within "
        f"{found.within:3}/{found.quotes:3}, {found.cpu_s:6.1f} s  {name}"
    )


if __name__ == "__main__":
    main()
