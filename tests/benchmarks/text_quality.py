"""How much of a PDF's text is read, and in which order: ours beside `pdftotext` and `pymupdf4llm`.

    python -m tests.benchmarks.text_quality --pymupdf4llm VENV/bin/python [--page N] [--json FILE] [--texts FOLDER]

60 pages of the shared `pdf_real` (see `text_quality_pages`), each read alone. `pdftotext` (poppler-utils) is called as
it comes, without options for layout; `pymupdf4llm` lives in a virtual environment of its own, because it wants another
PyMuPDF than ours. Ours is what becomes passages, but before running heads and feet are taken out.

A *word* is a run of letters and digits, in small letters and composed; every Chinese character is a word of its own.
Hyphens between letters are taken out of every text alike, at a line's end or within.

**word recall** is the share of the reference's words that a tool gives, counted as often as they stand there. The
reference of a page is the majority of the three: a word stands in it as often as at least two of them say.

**reading order**: of all pairs of words that every tool gives exactly once on a page, the share that a tool has in the
order that the majority of the three has (Kendall's tau, from 0 to 1, against a vote). A tool that is alone is counted
as wrong, even if it is right. So the pages where ours was were looked at as pictures: four are circuit diagrams and a
flow chart, which have no order to read in (`DRAWINGS`; the last row is without them); on the others ours was mended, or
is one of several good ones (a side bar after the text, a figure's labels where they stand).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.documents.flowing import flow
from engine.documents.pdf import Pdf
from tests.benchmarks.text_quality_pages import DRAWINGS, PAGES

DATA = Path(__file__).parents[3] / "shared" / "data" / "pdf_real"
OURS, POPPLER, PYMUPDF4LLM = TOOLS = ("ours", "pdftotext", "pymupdf4llm")
MOST_PAIRS = 50_000  # of words on one page

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad](?:\s*\n\s*)?(?=[^\W\d_])")
_MARKUP = re.compile(
    r"<br\s*/?>|</?(?:u|b|i|sup|sub)>|\*\*==>.*?<==\*\*|-{5} (?:Start|End) of picture text -{5}|&[a-z]+;"
)
_OTHER = """
import json, sys, pymupdf4llm
for path, page in json.load(sys.stdin):
    try:
        text = pymupdf4llm.to_markdown(path, pages=[page - 1], show_progress=False)
    except Exception as error:
        print(f"{path} {page}: {error}", file=sys.stderr)
        text = ""
    print("\\x1e" + json.dumps(text), flush=True)
"""


@dataclass(frozen=True)
class Score:
    """What one tool made of one page."""

    recall: float
    order: float | None  # None where fewer than two words can be compared


def words(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", _MARKUP.sub(" ", text))
    return _WORD.findall(_HYPHEN.sub("", text).lower())


def scores(texts: dict[str, str]) -> dict[str, Score]:
    """Each tool's score on one page."""
    read = {tool: words(text) for tool, text in texts.items()}
    counts = {tool: Counter(found) for tool, found in read.items()}
    every = set().union(*counts.values())
    reference = {word: sorted(count[word] for count in counts.values())[len(counts) // 2] for word in every}
    total = sum(reference.values())
    order = _orders(_places(read, counts))
    return {
        tool: Score(
            sum(min(count, counts[tool][word]) for word, count in reference.items()) / total if total else 1.0,
            order.get(tool),
        )
        for tool in texts
    }


def _places(read: dict[str, list[str]], counts: dict[str, Counter[str]]) -> dict[str, list[int]]:
    """For each tool where the words stand that all of them have once, in one order of words for all."""
    once = sorted(set.intersection(*({w for w, n in count.items() if n == 1} for count in counts.values())))
    found = {}
    for tool, text in read.items():
        place = {word: index for index, word in enumerate(text)}
        found[tool] = [place[word] for word in once]
    return found


def _orders(places: dict[str, list[int]]) -> dict[str, float]:
    size = len(next(iter(places.values())))
    pairs = list(itertools.combinations(range(size), 2))
    if not pairs:
        return {}
    if len(pairs) > MOST_PAIRS:
        pairs = random.Random(6).sample(pairs, MOST_PAIRS)
    right = dict.fromkeys(places, 0)
    for a, b in pairs:
        before = sum(place[a] < place[b] for place in places.values()) * 2 > len(places)
        for tool, place in places.items():
            right[tool] += (place[a] < place[b]) == before
    return {tool: count / len(pairs) for tool, count in right.items()}


# What the tools say


def ours(path: Path, number: int) -> str:
    page, _ = next(Pdf(str(path)).pages(number))
    return flow((page,)).text


def pdftotext(path: Path, number: int) -> str:
    command = ["pdftotext", "-enc", "UTF-8", "-f", str(number), "-l", str(number), str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")


def pymupdf4llm(python: Path, pages: Sequence[tuple[Path, int]]) -> list[str]:
    asked = json.dumps([(str(path), number) for path, number in pages])
    done = subprocess.run([python, "-c", _OTHER], input=asked, capture_output=True, text=True, check=True)
    said = [json.loads(line[1:]) for line in done.stdout.split("\n") if line.startswith("\x1e")]
    assert len(said) == len(pages), done.stderr[-2000:]
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pymupdf4llm", type=Path, required=True, metavar="PYTHON")
    parser.add_argument("--page", type=int, help="only this one, from 1 in the list")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--texts", type=Path, help="write what each tool said into this folder")
    options = parser.parse_args()
    chosen = PAGES if options.page is None else PAGES[options.page - 1 : options.page]
    pages = [(DATA / page.document, page.number) for page in chosen]
    load = os.getloadavg()[0]
    other = pymupdf4llm(options.pymupdf4llm, pages)
    rows = []
    for page, place, markdown in zip(chosen, pages, other, strict=True):
        texts = {OURS: ours(*place), POPPLER: pdftotext(*place), PYMUPDF4LLM: markdown}
        found = scores(texts)
        rows.append((page, found))
        index = PAGES.index(page) + 1
        if options.texts:
            options.texts.mkdir(exist_ok=True)
            for tool, text in texts.items():
                (options.texts / f"{index:02}-{tool}.txt").write_text(text, "utf-8")
        shown = "  ".join(f"{found[tool].recall:.3f} {_shown(found[tool].order)}" for tool in TOOLS)
        print(f"{index:2} {page.kind:10} {shown}  {page.document.split('/')[-1][-48:]} p. {page.number}")
    print(f"\nload before: {load:.1f}\nword recall and reading order (mean over the pages)\n")
    groups = {
        kind: [found for page, found in rows if page.kind == kind] for kind in dict.fromkeys(p.kind for p in chosen)
    }
    groups["all"] = [found for _, found in rows]
    groups["no drawing"] = [found for page, found in rows if page not in DRAWINGS]
    result = {name: _means(found) for name, found in groups.items() if found}
    for name, means in result.items():
        shown = "  ".join(f"{tool} {means[tool][0]:.4f} {means[tool][1]:.4f}" for tool in TOOLS)
        print(f"{name:10} {len(groups[name]):3}  {shown}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")


def _means(found: Sequence[dict[str, Score]]) -> dict[str, tuple[float, float]]:
    return {
        tool: (
            statistics.fmean(scores[tool].recall for scores in found),
            statistics.fmean(order for scores in found if (order := scores[tool].order) is not None),
        )
        for tool in TOOLS
    }


def _shown(order: float | None) -> str:
    return "  –  " if order is None else f"{order:.3f}"


if __name__ == "__main__":
    main()
