"""Takes away what is printed on every page and belongs to none: running heads, running feet, page numbers.

Only at a page's upper and lower edge, only in type no larger than the body's, and only what comes back on other pages
at the same height: the same words, or the same words around a number that counts with the pages.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from math import floor

from engine.types import Line, Page

_EDGE_SHARE = 0.15  # of the page's height, above and below
_EDGE_LINES = 6  # at each edge
_REPEATS = 3  # pages that must show it
_WITHIN_PAGES = 12  # and so close together: a chapter's running head
_HEIGHT_STEP = 4.0  # points within which two lines stand at the same height
_NUMBER = re.compile(r"\d{1,5}")
_PAGE_NUMBER = re.compile(
    r"(?:[-–—·•.|/\s]*\d{1,4}[-–—·•.|/\s]*|page\s+\d+(?:\s*(?:of|/)\s*\d+)?|[ivxlc]{1,7}|"
    r"第?\s*\d+\s*页\s*(?:[,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+)",
    re.IGNORECASE,
)

_Key = tuple[str, int, int]  # the words, the distance to the edge, the number less the page's (0 if it has none)


def clean(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The same pages without their repeated edges. A page keeps its number, also when nothing is left on it.

    Where nothing would be left on any, what is repeated is all that the document says, and only page numbers go.
    """
    largest = body_size(pages) * 1.15
    seen: defaultdict[_Key, list[int]] = defaultdict(list)
    for page in pages:
        for line in _edges(page, largest):
            for key in _keys(page, line):
                seen[key].append(page.number)
    repeated = {key: numbers for key, numbers in seen.items() if len(set(numbers)) >= _REPEATS}
    cleaned = tuple(_without(page, repeated, largest) for page in pages)
    return cleaned if any(page.lines for page in cleaned) else tuple(map(_without_numbers, pages))


def body_size(pages: tuple[Page, ...]) -> float:
    """The font size, in points, that most characters have; 0 where sizes are unknown."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _without(page: Page, repeated: dict[_Key, list[int]], largest: float) -> Page:
    edges = list(_edges(page, largest))
    gone = {id(line) for line in edges if any(_is_near(page.number, repeated.get(key)) for key in _keys(page, line))}
    gone |= {id(line) for line in edges if _is_page_number(page, line)}
    return replace(page, lines=tuple(line for line in page.lines if id(line) not in gone)) if gone else page


def _without_numbers(page: Page) -> Page:
    return replace(page, lines=tuple(line for line in page.lines if not _PAGE_NUMBER.fullmatch(line.text)))


def _edges(page: Page, largest: float) -> Iterator[Line]:
    """The lines within reach of the page's upper and lower edge."""
    placed = sorted(((line.box.y0 + line.box.y1) / 2, index) for index, line in enumerate(page.lines) if line.box)
    upper = [index for middle, index in placed[:_EDGE_LINES] if middle < page.height * _EDGE_SHARE]
    lower = [index for middle, index in placed[-_EDGE_LINES:] if middle > page.height * (1 - _EDGE_SHARE)]
    for index in dict.fromkeys(upper + lower):
        line = page.lines[index]
        if line.size <= largest and len(line.text) <= 200:
            yield line


def _keys(page: Page, line: Line) -> Iterator[_Key]:
    assert line.box
    middle = (line.box.y0 + line.box.y1) / 2
    from_edge = middle if middle * 2 < page.height else middle - page.height  # pages may differ in size
    for height in {floor(from_edge / _HEIGHT_STEP), floor(from_edge / _HEIGHT_STEP + 0.5)}:
        yield line.text, height, 0
        for number in _NUMBER.finditer(line.text):
            words = line.text[: number.start()] + "#" + line.text[number.end() :]
            yield words, height, int(number[0]) - page.number


def _is_near(page: int, numbers: list[int] | None) -> bool:
    """Whether enough of the pages that show it lie around this one."""
    if not numbers:
        return False
    around = bisect_right(numbers, page + _WITHIN_PAGES) - bisect_right(numbers, page - _WITHIN_PAGES - 1)
    return around >= _REPEATS


def _is_page_number(page: Page, line: Line) -> bool:
    """A number that stands alone as the outermost line: the page's own, or one in small roman letters."""
    assert line.box
    if not _PAGE_NUMBER.fullmatch(line.text):
        return False
    middle = (line.box.y0 + line.box.y1) / 2
    others = [(other.box.y0 + other.box.y1) / 2 for other in page.lines if other.box and other is not line]
    if not others or not (middle > max(others) or middle < min(others)):
        return False
    first = _NUMBER.search(line.text)
    return first is None or int(first[0]) == page.number
