"""From the strokes of text that a PDF holds to lines as a reader sees them. Pure functions on one page.

A PDF knows no paragraphs and no table rows. What stands side by side in one block becomes one line; a line gets
`gap` where a reader sees something new begin: a vertical distance, an indent after a full stop, a bullet, a row.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.documents.columns import regions
from engine.documents.scripts import ends_sentence, is_cjk
from engine.documents.strokes import Piece, Rule, Stroke
from engine.documents.tables import with_aligned_rows, with_ruled_rows
from engine.types import Box, Line

__all__ = ["BULLETS", "Stroke", "goes_on", "lines_of", "starts_item"]

BULLETS = "•‣◦⁃∙●○■□▪▫◆◇★►▶➢✓✔※◄◀"
_ITEM = re.compile(
    rf"(?:[{BULLETS}]|[-–*]\s|[(（]?(?:\d{{1,2}}|[a-zA-Z]|[一二三四五六七八九十]{{1,3}})[)）.、]\s?(?!\d)|"
    r"\[\d{1,3}\]\s|第[一二三四五六七八九十百零〇\d]+[章节条款篇]|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class _Row:
    stroke: Stroke
    cells: int = 1  # parts with a wide distance between them: a table's row, a number and its heading


def lines_of(number: int, strokes: Sequence[Stroke], rules: Sequence[Rule] = ()) -> tuple[Line, ...]:
    """The lines of page `number` in reading order; `rules` are what is drawn on it."""
    columns = regions(with_ruled_rows(strokes, rules))
    rows = _rows([stroke for column in columns for stroke in with_aligned_rows(column)])
    usual = _usual_distance(rows)
    lines = []
    for index, row in enumerate(rows):
        gap = index == 0 or _begins_new(rows[index - 1], row, usual)
        stroke = row.stroke
        box = _box(number, (stroke.x0, stroke.y0, stroke.x1, stroke.y1))
        pieces = tuple((start, end, _box(number, sides)) for start, end, sides in stroke.pieces)
        bold = stroke.bold and row.cells < 3  # a table's bold head is no heading
        lines.append(Line(stroke.text, box, round(stroke.size, 1), bold, gap=gap, pieces=pieces))
    return tuple(lines)


def _box(number: int, sides: tuple[float, float, float, float]) -> Box:
    return Box(number, *(round(edge, 2) for edge in sides))


def starts_item(text: str) -> bool:
    """Whether a list's item begins here: a bullet, "a)", "3.", "第二条"."""
    return _ITEM.match(text.lstrip()) is not None


def _rows(strokes: list[Stroke]) -> list[_Row]:
    rows: list[_Row] = []
    for stroke in strokes:
        if rows and _beside(rows[-1].stroke, stroke):
            rows[-1] = _joined(rows[-1], stroke)
        else:
            rows.append(_Row(stroke, stroke.cells or 1))
    return rows


def _beside(left: Stroke, right: Stroke) -> bool:
    if not (left.upright and right.upright) or left.cells or right.cells:
        return False
    shared = min(left.y1, right.y1) - max(left.y0, right.y0)
    lower = min(left.y1 - left.y0, right.y1 - right.y0)
    if shared <= 0.4 * lower or right.x0 <= left.x0 or right.x0 < left.x1 - 0.5 * right.size:
        return False
    # Blocks stand farther apart than this, columns too; an index or a formula's parts do not.
    return left.block == right.block or right.x0 - left.x1 < 0.8 * max(left.size, right.size)


def _joined(row: _Row, right: Stroke) -> _Row:
    left = row.stroke
    distance = right.x0 - left.x1
    near = distance < 0.15 * right.size and not (left.blank_after or right.blank_before)
    blank = "" if near or _touch(left.text, right.text, distance, right.size) else " "
    longer = left if len(left.text) >= len(right.text) else right
    apart = distance > 1.5 * right.size
    stroke = Stroke(
        text=left.text + blank + right.text,
        x0=min(left.x0, right.x0),
        y0=min(left.y0, right.y0),
        x1=max(left.x1, right.x1),
        y1=max(left.y1, right.y1),
        size=longer.size,
        bold=longer.bold,
        block=right.block,
        upright=longer.upright,
        mono=longer.mono,
        blank_before=left.blank_before,
        blank_after=right.blank_after,
        cells=longer.cells,
        pieces=_pieces(left, right, len(left.text + blank), apart=apart),
    )
    return _Row(stroke, row.cells + apart)


def _pieces(left: Stroke, right: Stroke, begins: int, *, apart: bool) -> tuple[Piece, ...]:
    """Those of a line that `right` ends, from its character `begins` on: one more where it stands apart."""
    if not apart and not left.pieces:
        return ()
    *before, last = left.parts
    start, end, sides = begins, begins + len(right.text), (right.x0, right.y0, right.x1, right.y1)
    if apart:
        return (*before, last, (start, end, sides))
    (start, _, (x0, y0, _, y1)) = last
    return (*before, (start, end, (x0, min(y0, right.y0), right.x1, max(y1, right.y1))))


def _touch(left: str, right: str, distance: float, size: float) -> bool:
    return is_cjk(left[-1]) and is_cjk(right[0]) and distance < 0.6 * size


def _usual_distance(rows: list[_Row]) -> float:
    """The vertical distance between lines inside a paragraph, in points: the median of the small ones."""
    distances = [
        below.stroke.y0 - above.stroke.y1
        for above, below in pairwise(rows)
        if abs(below.stroke.y0 - above.stroke.y1) < 1.5 * below.stroke.size and below.stroke.y0 > above.stroke.y0
    ]
    return statistics.median_low(distances) if distances else 0.0


def _begins_new(above: _Row, row: _Row, usual: float) -> bool:
    before, here = above.stroke, row.stroke
    if above.cells > 1 or row.cells > 1 or starts_item(here.text):
        return True
    if _is_scrap(before.text) and _is_scrap(here.text):
        return False  # a formula's or a drawing's letters: one line of them is enough
    if (before.mono and here.mono) or abs(before.size - here.size) > 0.08 * max(before.size, here.size):
        return True  # code; a footnote below the text, a caption
    if not (before.upright and here.upright):
        return before.block != here.block
    if here.y0 < before.y0 or here.y0 - before.y1 > 4 * here.size:  # another column, or past a picture
        return not goes_on(before.text, here.text)
    distance = here.y0 - before.y1
    if distance > max(usual, 0.0) + 0.35 * here.size:
        return not (before.block != here.block and here.text[0].islower() and distance < 1.5 * here.size)
    if ends_sentence(before.text):
        return here.x0 - before.x0 > 0.9 * here.size or before.x1 < here.x1 - 6 * here.size
    # far apart sideways without a shared column: cells and labels, not a paragraph
    return here.x0 > before.x1 or here.x1 < before.x0


def _is_scrap(text: str) -> bool:
    return len(text) <= 6 and not any(is_cjk(character) for character in text)


def goes_on(before: str, here: str) -> bool:
    """Whether a sentence goes on over a column's or a page's end."""
    if ends_sentence(before) or starts_item(here):
        return False
    if is_cjk(before[-1]) and is_cjk(here[0]):
        return len(before) >= 15
    return here[0].islower() and len(before) >= 15
