"""Columns are read one after the other; what MuPDF has right, and what is a table, stays as it was drawn."""

from __future__ import annotations

from itertools import chain

from engine.documents.columns import regions
from engine.documents.strokes import Stroke

LEFT, RIGHT, WIDTH = 50.0, 320.0, 230.0


def line(text: str, row: int, x: float = LEFT, width: float = WIDTH, block: int = 0, **more: int) -> Stroke:
    return Stroke(text, x, 100.0 + row * 12, x + width, 111.0 + row * 12, 10, False, block, **more)


def prose(name: str, rows: int, x: float, first: int = 0, width: float = WIDTH) -> list[Stroke]:
    return [line(f"{name}{row} and goes on about the kettle here", first + row, x, width) for row in range(rows)]


def ordered(strokes: list[Stroke]) -> list[str]:
    return [stroke.text.split()[0] for region in regions(strokes) for stroke in region]


def names(column: str, rows: int) -> list[str]:
    return [f"{column}{row}" for row in range(rows)]


def test_columns_drawn_line_by_line_are_read_column_by_column() -> None:
    left, right = prose("a", 8, LEFT), prose("b", 8, RIGHT)
    left[1:] = [line(f"a{row} goes on about it", row) for row in range(1, 8)]
    strokes = [*chain.from_iterable(zip(left, right, strict=True))]
    strokes = [line(stroke.text.lower(), round((stroke.y0 - 100) / 12), stroke.x0) for stroke in strokes]
    assert ordered(strokes) == names("a", 8) + names("b", 8)


def test_right_order_stays_right() -> None:
    strokes = [*prose("a", 8, LEFT), *prose("b", 8, RIGHT)]
    assert ordered(strokes) == names("a", 8) + names("b", 8)


def test_heading_across_both_columns_stands_between() -> None:
    upper = [*prose("a", 6, LEFT), *prose("b", 6, RIGHT)]
    heading = [line("Heading over both of the columns of this page", 7, LEFT, 500)]
    lower = [*prose("c", 6, LEFT, 9), *prose("d", 6, RIGHT, 9)]
    wanted = names("a", 6) + names("b", 6) + ["Heading"] + names("c", 6) + names("d", 6)
    assert ordered([*upper, *heading, *lower]) == wanted
    assert ordered([*heading, *upper, *lower]) == wanted
    assert ordered([*prose("a", 6, LEFT), *lower[:6], *prose("b", 6, RIGHT), *lower[6:], *heading]) == wanted


def test_column_whose_end_was_drawn_first_goes_down() -> None:
    left = prose("a", 8, LEFT)
    late = [line(stroke.text, 4 + row, block=1) for row, stroke in enumerate(left[4:])]
    assert ordered([*late, *left[:4], *prose("b", 8, RIGHT)]) == names("a", 8) + names("b", 8)


def test_three_columns() -> None:
    columns = [prose(name, 8, x, width=150) for name, x in (("a", 40.0), ("b", 210.0), ("c", 380.0))]
    strokes = [stroke for column in (columns[2], columns[0], columns[1]) for stroke in column]
    assert ordered(strokes) == names("a", 8) + names("b", 8) + names("c", 8)


def test_blocks_do_not_reach_over_columns() -> None:
    found = regions([*prose("a", 8, LEFT), *prose("b", 8, RIGHT)])
    assert [len(region) for region in found] == [8, 8]
    assert not {stroke.block for stroke in found[0]} & {stroke.block for stroke in found[1]}


def test_line_that_stands_out_of_its_column_does_not_cut_it() -> None:
    left = prose("a", 8, LEFT)
    left[3] = line("a3 is a little too long for where it stands", 3, LEFT, 290)
    assert ordered([*left, *prose("b", 8, RIGHT)]) == names("a", 8) + names("b", 8)


def test_page_of_one_column_stays_as_it_was_drawn() -> None:
    strokes = [*prose("z", 3, LEFT, 20, width=500), *prose("a", 12, LEFT, width=500)]
    strokes += [line("short last line", 14, LEFT, 80), line("17", 60, 300, 10)]
    assert [stroke.text for region in regions(strokes) for stroke in region] == [stroke.text for stroke in strokes]


def test_terms_beside_their_meanings_stay_together() -> None:
    strokes = []
    for row in range(0, 18, 3):
        strokes.append(line(f"Term{row} with a long name of its own", row))
        strokes += [line(f"Meaning{row}.{part} explained in several lines", row + part, RIGHT) for part in range(3)]
    assert ordered(strokes)[:5] == ["Term0", "Meaning0.0", "Meaning0.1", "Meaning0.2", "Term3"]


def test_translations_side_by_side_stay_together() -> None:
    pairs = [
        (line(f"English{row} sentence of this row.", row), line(f"Deutsch{row} Satz dieser Zeile hier.", row, RIGHT))
        for row in range(10)
    ]
    assert ordered([*chain.from_iterable(pairs)])[:4] == ["English0", "Deutsch0", "English1", "Deutsch1"]


def test_foot_below_the_columns_comes_after_both() -> None:
    foot = [line("4", 70, LEFT, 6), line("DS123", 70, RIGHT, 60)]
    strokes = [*prose("a", 40, LEFT), foot[0], *prose("b", 40, RIGHT), foot[1]]
    assert ordered(strokes) == [*names("a", 40), *names("b", 40), "4", "DS123"]


def test_short_labels_are_no_columns() -> None:
    strokes = [line(f"x{row}", row, x, 30) for row in range(12) for x in (LEFT, RIGHT)]
    assert len(regions(strokes)) == 1


def test_nothing_is_lost() -> None:
    strokes = [*prose("a", 9, LEFT), *prose("b", 7, RIGHT), line("up", 3, 600, 10, upright=False)]
    assert sorted(ordered(strokes)) == sorted([*names("a", 9), *names("b", 7), "up"])
    assert regions([]) == []
