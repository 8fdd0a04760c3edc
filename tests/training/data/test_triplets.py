"""Negatives: without repeats, of the pool only, and never what may answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from question_records import record

from training.data.collection import Collection
from training.data.mining import Miner, Mining
from training.data.records import Record, Tally
from training.data.triplets import Answered, Block, Triplet, line

MILL = "The mill by the river was built by Anna Lund in 1712."
OTHERS = [
    f"House {number} in the street by the river was built by owner {number} in {1800 + number}." for number in range(30)
]

Make = Callable[..., tuple[Triplet, Block]]


@pytest.fixture
def triplet(tmp_path: Path) -> Iterator[Make]:
    """Gives the triplet of the first record; the passages of all of them are the pool."""
    with Collection(tmp_path, 250) as collection:

        def make(*records: Record, count: int = 7, hard: bool = True, seed: int = 0) -> tuple[Triplet, Block]:
            for number, each in enumerate(records):
                collection.add(each, Tally())
                assert len(list(collection.rows())) == number + 1
            list(collection.settle())
            block = Block(
                range(collection.passage_count),
                collection,
                Answered(collection.rows()),
                lambda texts: Miner(texts, Mining(bm25=hard, margin=0.05), None),
            )
            row = collection.row(0)
            return block.triplet(row, count, row.negatives, seed), block

        yield make


def test_line_of_a_file(triplet: Make):
    made, block = triplet(record(title="Mill", positives=(MILL,)), *fillers(20))
    written = line(made, block, "Mill")
    assert written["query"] == "Who built the mill?"
    assert written["pos"] == [MILL]
    assert len(set(written["neg"])) == 7
    assert set(written["neg"]) <= set(OTHERS)
    assert {key: written[key] for key in ("lang", "source", "license", "id", "document")} == {
        "lang": "en",
        "source": "mills",
        "license": "CC0",
        "id": "q1",
        "document": "Mill",
    }


def test_fewer_where_the_pool_has_no_more(triplet: Make):
    made, _ = triplet(record(positives=(MILL,)), *fillers(3))
    assert sorted(made.negatives) == [1, 2, 3]


def test_the_same_seed_draws_the_same(triplet: Make):
    made, block = triplet(record(positives=(MILL,)), *fillers(30), hard=False)
    again = block.triplet(made.row, 7, (), seed=0)
    other = block.triplet(made.row, 7, (), seed=1)
    assert made.negatives == again.negatives != other.negatives


def test_what_answers_the_same_question_elsewhere_is_no_negative(triplet: Make):
    elsewhere = "Of the mill it is known that a woman named Lund, Anna by first name, built it."
    same = record(id="q2", question="who built the mill", answers=("Lund",), positives=(elsewhere,))
    made, block = triplet(record(positives=(MILL,)), same, *fillers(3))
    assert elsewhere not in texts(made, block)


def test_what_holds_the_answer_is_no_negative(triplet: Make):
    near = record(id="q2", question="Who else?", answers=("x",), positives=("Anna Lund built the house and the mill.",))
    far = record(id="q3", question="Who else?", answers=("x",), positives=("Joanna Lundgren built the mill as well.",))
    made, block = triplet(record(positives=(MILL,)), near, far)
    assert texts(made, block) == ["Joanna Lundgren built the mill as well."]


def test_what_holds_or_is_held_by_the_right_passage_is_no_negative(triplet: Make):
    part = "The mill by the river was built"
    longer = record(id="q2", question="What?", answers=(), positives=(f"Look: {MILL} Indeed.",))
    shorter = record(id="q3", question="Where?", answers=(), positives=(part,))
    made, block = triplet(record(answers=("1712 or so",), positives=(MILL,)), longer, shorter, *fillers(2))
    assert sorted(texts(made, block)) == OTHERS[:2]


def test_a_weak_pair_takes_nothing_from_its_own_document(triplet: Make):
    asked = record(question="The mill by the river", answers=(), positives=(MILL,), weak=True, document="d")
    rest = record(id="q2", question="River", answers=(), positives=("By the river stands the mill.",), document="d")
    made, block = triplet(asked, rest, *fillers(3))
    assert sorted(texts(made, block)) == OTHERS[:3]


def test_hard_ones_come_first_then_the_data_s_own(triplet: Make):
    hard = "The old mill is red, and nobody has lived there for as long as people can tell."
    made, block = triplet(
        record(
            positives=(f"{MILL} Who built the mill? Anna Lund built the mill!",),
            negatives=("The weather in spring is mild.",),
        ),
        record(id="q2", question="Other?", answers=(), positives=(hard,)),
        *fillers(30),
        count=40,
    )
    found = texts(made, block)
    assert found[0] == hard
    assert "The weather in spring is mild." in found
    assert len(found) == len(set(found))


def test_random_ones_are_in_the_question_s_language(triplet: Make):
    chinese = record(
        id="q2",
        lang="zh",
        question="谁？",
        answers=("某人",),
        positives=("河边的磨坊是某人在很久以前修建的，至今仍在使用。",),
    )
    made, block = triplet(record(positives=(MILL,)), chinese, *fillers(4), hard=False)
    assert set(texts(made, block)) == set(OTHERS[:4])


def fillers(count: int) -> list[Record]:
    return [
        record(id=f"f{number}", question=f"What of house {number}?", answers=(), positives=(text,))
        for number, text in enumerate(OTHERS[:count])
    ]


def texts(made: Triplet, block: Block) -> list[str]:
    return [block.text(number) for number in made.negatives]
