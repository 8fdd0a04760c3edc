from __future__ import annotations

from engine.documents.blocks import Block, Blocks
from engine.documents.chunking import split
from engine.types import Unit

SHEET = Blocks(
    "Sales",
    Unit.ROW,
    2,
    (Block("Year: 2020 | Revenue: 3", label="Sales!2"), Block(""), Block("Year: 2021 | Revenue: 4", label="Sales!3")),
)


def test_every_block_is_a_line_that_is_shown() -> None:
    assert SHEET.lines == ("Year: 2020 | Revenue: 3", "", "Year: 2021 | Revenue: 4")
    assert SHEET.labels == ("Sales!2", "", "Sales!3")


def test_blank_blocks_are_no_place_to_find_and_numbers_stay() -> None:
    assert [(page.number, page.label) for page in SHEET.pages()] == [(1, "Sales!2"), (3, "Sales!3")]
    assert [page.number for page in SHEET.pages(2)] == [3]


def test_passage_knows_the_labels_of_its_places() -> None:
    (chunk,) = split(tuple(SHEET.pages()))
    assert [(span.page, span.label) for span in chunk.spans] == [(1, "Sales!2"), (3, "Sales!3")]


def test_document_that_people_count_by_number_has_no_labels() -> None:
    assert Blocks("", Unit.PARAGRAPH, 1, (Block("Tea"),)).labels == ()
