"""Lines as they were found in a picture, put in order and back onto the page. Made by hand: no model is needed."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from engine.documents.ocr_found import FoundLine, FoundText
from engine.documents.scanned import page_of
from engine.types import Box, Page

WIDTH, HEIGHT, SCALE = 1000, 1400, 2.0  # pixels of a page of 500 × 700 points

Place = Callable[[float, float], tuple[float, float]]


def found(*lines: tuple[str, float, float, float, float], place: Place = lambda x, y: (x, y)) -> tuple[FoundLine, ...]:
    """Lines of (text, x0, y0, x1, y1) on the upright page, in pixels, put where `place` says."""
    made = []
    for text, x0, y0, x1, y1 in lines:
        corners = [place(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
        first = min(range(4), key=lambda index: sum(corners[index]))  # the upper left in the picture
        made.append(FoundLine(text, 0.9, tuple(corners[first:] + corners[:first])))
    return tuple(made)


def texts(page: Page) -> list[str]:
    return [line.text for line in page.lines]


LINES = (
    ("The first line of the page goes on", 100, 100, 900, 130),
    ("and the second one ends here.", 100, 150, 700, 180),
    ("A last line stands by itself below.", 100, 400, 800, 430),
)


def test_lines_come_downward_whatever_order_they_were_found_in() -> None:
    page = page_of(3, FoundText(found(*reversed(LINES)), 0), WIDTH, HEIGHT, SCALE)
    assert texts(page) == [text for text, *_ in LINES]
    assert (page.number, page.width, page.height) == (3, 500, 700)
    assert page.lines[0].box == Box(3, 50, 50, 450, 65)
    assert [line.gap for line in page.lines] == [True, False, True]


def test_a_page_without_text_has_no_lines() -> None:
    assert page_of(1, FoundText((), 0), WIDTH, HEIGHT, SCALE).lines == ()


def test_what_stands_in_one_row_goes_from_left_to_right() -> None:
    cells = found(("Ninety days", 500, 102, 700, 132), ("Retention of backups", 100, 100, 400, 130))
    page = page_of(1, FoundText(cells, 0), WIDTH, HEIGHT, SCALE)
    assert "".join(texts(page)).index("Retention") < "".join(texts(page)).index("Ninety")


def test_columns_are_read_one_after_the_other() -> None:
    left = [(f"the left column goes on with line {n}", 60, 100 + 40 * n, 470, 130 + 40 * n) for n in range(8)]
    right = [(f"the right column goes on with line {n}", 530, 100 + 40 * n, 940, 130 + 40 * n) for n in range(8)]
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    page = page_of(1, FoundText(found(*mixed), 0), WIDTH, HEIGHT, SCALE)
    assert texts(page) == [text for text, *_ in left + right]


def test_columns_beside_a_figures_labels_are_not_joined_by_rows() -> None:
    """The left column is half a figure: its labels stand level with the right column's lines."""
    left = [(f"the left column says something {n}", 60, 100 + 40 * n, 470, 130 + 40 * n) for n in (0, 1, 2, 6, 7)]
    labels = [(f"{n}.5", 200, 100 + 40 * n, 240, 130 + 40 * n) for n in (3, 4, 5)]
    right = [(f"the right column goes on, line {n}", 530, 102 + 40 * n, 940, 132 + 40 * n) for n in range(8)]
    title = [("A title that stands across both of the columns", 200, 20, 800, 60)]
    lines = found(*sorted(left + labels + right + title, key=lambda line: line[2]))
    read = texts(page_of(1, FoundText(lines, 0), WIDTH, HEIGHT, SCALE))
    assert read[0] == title[0][0]
    assert read[-8:] == [text for text, *_ in right]


def test_table_is_read_by_rows() -> None:
    rows = [(f"Article {n}", 100, 100 + 40 * n, 260, 130 + 40 * n) for n in range(6)]
    rows += [(f"{n}00 pieces", 600, 102 + 40 * n, 760, 132 + 40 * n) for n in range(6)]
    read = " ".join(texts(page_of(1, FoundText(found(*rows), 0), WIDTH, HEIGHT, SCALE)))
    places = [read.index(words) for n in range(6) for words in (f"Article {n}", f"{n}00 pieces")]
    assert places == sorted(places)


@pytest.mark.parametrize("degrees", [-2.0, 0.7, 2.0])
def test_a_page_that_lies_askew_keeps_its_order_and_its_boxes(degrees: float) -> None:
    angle = math.radians(degrees)

    def place(x: float, y: float) -> tuple[float, float]:
        x, y = x - WIDTH / 2, y - HEIGHT / 2
        return (
            x * math.cos(angle) - y * math.sin(angle) + WIDTH / 2,
            x * math.sin(angle) + y * math.cos(angle) + HEIGHT / 2,
        )

    rows = [(f"row {n} has a name", 100, 100 + 34 * n, 450, 130 + 34 * n) for n in range(6)]
    rows += [(f"and a value {n}", 600, 100 + 34 * n, 900, 130 + 34 * n) for n in range(6)]
    page = page_of(1, FoundText(found(*rows, place=place), 0), WIDTH, HEIGHT, SCALE)
    together = " ".join(texts(page))
    places = [together.index(f"row {n} has") for n in range(6)]
    assert places == sorted(places)
    for line in page.lines:
        assert line.box
        _, x0, y0, x1, y1 = next(row for row in rows if line.text.startswith(row[0]) or row[0] in line.text)
        middle = place((x0 + x1) / 2, (y0 + y1) / 2)
        assert line.box.x0 - 1 <= middle[0] / SCALE <= line.box.x1 + 1
        assert line.box.y0 - 1 <= middle[1] / SCALE <= line.box.y1 + 1


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_page_is_read_as_if_upright_and_its_boxes_are_as_displayed(turns: int) -> None:
    # the upright page is 1000 × 1400; turned by a quarter its picture is 1400 × 1000
    places: dict[int, Place] = {
        1: lambda x, y: (HEIGHT - y, x),
        2: lambda x, y: (WIDTH - x, HEIGHT - y),
        3: lambda x, y: (y, WIDTH - x),
    }
    size = (WIDTH, HEIGHT) if turns == 2 else (HEIGHT, WIDTH)
    page = page_of(1, FoundText(found(*LINES, place=places[turns]), turns), *size, SCALE)
    assert texts(page) == [text for text, *_ in LINES]
    _, x0, y0, x1, y1 = LINES[0]
    (ax, ay), (bx, by) = places[turns](x0, y0), places[turns](x1, y1)
    expected = Box(1, min(ax, bx) / SCALE, min(ay, by) / SCALE, max(ax, bx) / SCALE, max(ay, by) / SCALE)
    assert page.lines[0].box == expected


def test_lines_of_one_type_have_one_size_and_a_title_another() -> None:
    lines = found(
        ("Data Retention", 100, 60, 700, 120),
        ("no tall letters are in us", 100, 200, 600, 224),
        ("many (tall) letters [go] below", 100, 240, 650, 272),
        ("and so on as ever", 100, 290, 600, 318),
    )
    sizes = [line.size for line in page_of(1, FoundText(lines, 0), WIDTH, HEIGHT, SCALE).lines]
    assert sizes[1] == sizes[2] == sizes[3] < sizes[0]
