from __future__ import annotations

from engine.documents.cleaning import clean
from engine.types import Box, Line, Page


def line(page: int, text: str, y: float, size: float = 10) -> Line:
    return Line(text, Box(page, 50, y, 300, y + size * 1.2), size)


def page(number: int, *lines: tuple[str, float]) -> Page:
    body = [line(number, f"Body text of page {number}, line {row}.", 200 + row * 14) for row in range(12)]
    edges = [line(number, text, y) for text, y in lines]
    return Page(number, (*edges, *body), 600, 800)


def left(pages: list[Page]) -> list[str]:
    return [line.text for page in clean(tuple(pages)) for line in page.lines if not line.text.startswith("Body")]


def test_running_head_goes_and_the_body_stays() -> None:
    pages = [page(number, ("The Book of Tea", 30)) for number in range(1, 6)]
    assert left(pages) == []
    assert all(len(cleaned.lines) == 12 for cleaned in clean(tuple(pages)))


def test_page_numbers_go_with_their_words() -> None:
    assert left([page(number, (f"V1.8 Page {number + 4} of 90", 770)) for number in range(1, 6)]) == []


def test_pages_keep_their_numbers_when_nothing_is_left() -> None:
    pages = tuple(Page(number, (line(number, "Only this", 30),), 600, 800) for number in range(1, 5))
    assert [(cleaned.number, len(cleaned.lines)) for cleaned in clean((*pages, page(5)))] == [
        *((number, 0) for number in range(1, 5)),
        (5, 12),
    ]


def test_what_is_all_that_a_document_says_stays_but_for_page_numbers() -> None:
    pages = [Page(number, (line(number, f"Potato {number}", 30),), 600, 800) for number in range(1, 5)]
    assert left(pages) == ["Potato 1", "Potato 2", "Potato 3", "Potato 4"]
    assert left([Page(number, (line(number, f"{number}", 30),), 600, 800) for number in range(1, 5)]) == []


def test_foot_is_found_on_pages_of_other_height() -> None:
    tall = [page(number, ("Confidential", 770)) for number in (1, 2)]
    wide = [Page(3, (line(3, "Confidential", 570), line(3, "Body text of page 3.", 300)), 800, 600)]
    assert left([*tall, *wide]) == []


def test_single_number_at_the_bottom_of_two_pages_goes() -> None:
    assert left([page(1, ("- 1 -", 770)), page(2, ("2", 770))]) == []


def test_what_is_not_a_running_head_stays() -> None:
    twice = [page(number, ("Twice only", 30)) for number in (1, 2)]
    apart = [page(number, ("Far apart", 30)) for number in (10, 40, 80)]
    assert left(twice + apart) == ["Twice only"] * 2 + ["Far apart"] * 3
    middle = [page(number, ("In the middle", 400)) for number in range(1, 6)]
    assert left(middle) == ["In the middle"] * 5


def test_title_in_large_type_on_every_slide_stays() -> None:
    slides = [
        Page(number, (line(number, "Results", 40, size=24), *page(number).lines), 600, 800) for number in range(1, 5)
    ]
    assert left(slides) == ["Results"] * 4


def test_numbers_that_do_not_count_the_pages_stay() -> None:
    pages = [page(number, (f"In {year} it rained", 30)) for number, year in enumerate((1990, 1995, 1970, 2001), 1)]
    assert len(left(pages)) == 4
