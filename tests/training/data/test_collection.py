"""What is kept, what is not, and which documents have to stay together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from question_records import record

from training.data.collection import MOST_DOCUMENTS, Collection
from training.data.records import Record, Tally

MILL = "The mill by the river was built by Anna Lund in 1712."
BRIDGE = "The bridge behind the church was built by Per Holm in 1823."


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    with Collection(tmp_path, 250) as collection:
        yield collection


def test_a_question_with_its_passage(collection: Collection):
    tally = added(collection, record(title="Mill", positives=(MILL,)))
    [row] = collection.rows()
    assert (row.id, row.answers, row.negatives, row.related) == ("q1", ("Anna Lund",), (), ())
    passage = collection.passage(row.positives[0])
    assert (passage.title, passage.text, passage.ordinal) == ("Mill", MILL, 0)
    assert not tally.dropped


def test_the_same_question_about_the_same_passage_is_kept_once(collection: Collection):
    again = record(id="q2", question="who built THE mill", positives=(MILL.upper(),))
    tally = added(collection, record(positives=(MILL,)), again, record(id="q3", positives=(BRIDGE,)))
    assert [row.id for row in collection.rows()] == ["q1", "q3"]
    assert tally.dropped == {"the same question about the same passage": 1}


def test_equal_passages_have_one_number(collection: Collection):
    added(collection, record(positives=(MILL,)), record(question="When?", positives=(f"{MILL[:-1]} !",)))
    assert collection.passage_count == 1
    assert together(collection)


def test_documents_of_one_title_stay_together(collection: Collection):
    added(collection, *two(title="Town buildings"))
    assert together(collection)


@pytest.mark.parametrize("title", ["", "Introduction", "42", "无标题"])
def test_a_title_that_names_nothing_joins_nothing(collection: Collection, title: str):
    added(collection, *two(title=title))
    assert not together(collection)


def test_a_passage_within_another_joins_their_documents(collection: Collection):
    longer = f"Two buildings are known. {MILL} {BRIDGE}"
    added(collection, record(title="A", positives=(MILL,)), record(question="What?", title="B", positives=(longer,)))
    assert together(collection)


def test_a_passage_that_only_overlaps_joins_nothing(collection: Collection):
    one, other = f"{MILL} It is red.", f"Old. {MILL[5:]} It is blue."
    added(collection, record(positives=(one,)), record(question="What?", positives=(other,)))
    assert not together(collection)


def test_passages_of_one_question_stay_together(collection: Collection):
    added(collection, record(positives=(MILL, BRIDGE)))
    assert collection.group_of(0) == collection.group_of(1)


def test_what_stands_in_many_documents_joins_none_and_is_everywhere(collection: Collection):
    common = "This page is part of the handbook of the town."
    texts = [f"{common} Building number {number} is painted in colour {number * 7}." for number in range(9)]
    added(collection, *[record(question=f"{number}?", positives=(text,)) for number, text in enumerate(texts)])
    added(collection, record(question="What is this?", positives=(common,)))
    settled(collection)
    assert len(texts) > MOST_DOCUMENTS
    assert [collection.is_everywhere(number) for number in range(collection.passage_count)] == [False] * 9 + [True]
    assert len({collection.group_of(number) for number in range(9)}) == 9


def test_the_rest_of_a_long_context_is_related(collection: Collection):
    context = f"{MILL} {' '.join(f'Then, in {year}, the roof was mended again.' for year in range(1720, 1760))}"
    added(collection, record(positives=(context,)))
    [row] = collection.rows()
    assert collection.passage(row.positives[0]).text.startswith(MILL)
    assert len(row.related) >= 1
    assert collection.passage(row.related[0]).ordinal == 1


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"positives": ()}, "no passage"),
        ({"positives": ("Yes.",)}, "an answer that is not found in its passage, or a passage of a few characters"),
        ({"positives": (" \n",)}, "an answer that is not found in its passage, or a passage of a few characters"),
    ],
)
def test_what_cannot_be_used_is_counted(collection: Collection, values: dict[str, tuple[str]], why: str):
    assert added(collection, record(**values)).dropped == {why: 1}
    assert list(collection.rows()) == []


def test_an_unanswerable_question_is_at_home_where_it_was_asked(collection: Collection):
    added(collection, record(positives=(), answers=(), negatives=(MILL, BRIDGE), unanswerable=True, title="Mill"))
    [row] = collection.rows()
    assert collection.passage(row.home).text == MILL
    assert collection.group_of(0) != collection.group_of(1)


def test_documents_that_share_a_passage_with_what_is_held_out(collection: Collection):
    added(collection, *two(title="Town buildings"))
    collection.hold_out(f"Well. {MILL}", "")
    settled(collection)
    assert [collection.groups.of(row.document) in collection.held for row in collection.rows()] == [True, True]


def test_a_question_that_is_held_out(collection: Collection):
    collection.hold_out_question("who built the MILL")
    assert added(collection, record()).dropped == {"a question that is held out": 1}


def added(collection: Collection, *records: Record) -> Tally:
    tally = Tally()
    for each in records:
        collection.add(each, tally)
    return tally


def settled(collection: Collection) -> None:
    assert len(list(collection.settle())) == collection.context_count


def two(title: str) -> tuple[Record, Record]:
    return (
        record(title=title, positives=(MILL,)),
        record(id="q2", title=title, question="Who built the bridge?", answers=("Per Holm",), positives=(BRIDGE,)),
    )


def together(collection: Collection) -> bool:
    settled(collection)
    return len({collection.groups.of(row.document) for row in collection.rows()}) == 1
