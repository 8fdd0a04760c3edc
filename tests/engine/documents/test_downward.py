"""What stands below comes after what stands above; the rest stays as it was drawn."""

from __future__ import annotations

from engine.documents.downward import downward
from engine.documents.strokes import Stroke


def block(number: int, x0: float, y0: float, x1: float, y1: float) -> Stroke:
    return Stroke(f"{number}", x0, y0, x1, y1, 10, False, number)


def order(*blocks: Stroke, alone: bool = False) -> str:
    return "".join(stroke.text for stroke in downward(blocks, alone))


def test_foot_that_was_drawn_first_comes_last() -> None:
    assert order(block(1, 250, 780, 350, 790), block(2, 50, 50, 550, 60), block(3, 50, 100, 550, 700)) == "231"


def test_page_number_between_the_columns_comes_last() -> None:
    number, left, right = block(1, 297, 780, 303, 790), block(2, 50, 50, 290, 700), block(3, 310, 50, 550, 700)
    assert order(number, left, right) == "231"


def test_head_that_was_drawn_last_comes_first() -> None:
    assert order(block(1, 50, 100, 290, 700), block(2, 310, 100, 550, 700), block(3, 500, 30, 550, 40)) == "312"


def test_table_that_was_drawn_after_the_text_comes_into_its_place() -> None:
    assert order(block(1, 50, 50, 550, 100), block(2, 50, 300, 550, 400), block(3, 100, 150, 400, 250)) == "132"


def test_columns_stay_as_they_were_drawn() -> None:
    left, right = (block(1, 50, 400, 290, 700), block(2, 310, 50, 550, 390))
    assert order(block(3, 50, 50, 290, 390), left, right, block(4, 310, 400, 550, 700)) == "3124"


def test_column_alone_goes_strictly_down() -> None:
    assert order(block(1, 200, 400, 290, 410), block(2, 50, 50, 150, 60), block(3, 50, 90, 90, 99)) == "231"
    assert (
        order(block(1, 200, 400, 290, 410), block(2, 50, 50, 150, 60), block(3, 50, 420, 90, 430), alone=True) == "213"
    )


def test_blocks_upon_each_other_stay() -> None:
    assert order(block(1, 50, 60, 290, 120), block(2, 60, 50, 280, 110)) == "12"


def test_drawing_of_very_many_labels_stays() -> None:
    labels = [block(number, 50, 1000.0 - number, 60, 1000.5 - number) for number in range(300)]
    assert downward(labels) == labels


def test_nothing_is_lost() -> None:
    blocks = [
        block(number, number * 7 % 90, number * 31 % 700, number * 7 % 90 + 50, number * 31 % 700 + 9)
        for number in range(90)
    ]
    assert sorted(downward(blocks), key=lambda stroke: stroke.block) == blocks
    assert downward([]) == []
