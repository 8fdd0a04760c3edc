"""Chat samples: the right passage among others, its mark behind the answer, and declining."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from question_records import record

from engine.answers.marks import Mark, MarkReader
from engine.models.prompts import DECLINED
from training.data.chats import LONGEST_ANSWER, Style, sample
from training.data.collection import Collection
from training.data.records import Record, Tally
from training.data.triplets import Triplet

MILL = "The mill by the river is old. It was built by Anna Lund in 1712 [3]. Nobody lives there."
OTHERS = [f"House {number} in the street was built by owner {number}." for number in range(9)]
ALWAYS, NEVER = 0.999999, 0.0

Make = Callable[..., Any]


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Make]:
    """The sample of a record, the first that is given, with the passages of OTHERS as its negatives."""
    with Collection(tmp_path, 250) as collection:

        def make(asked: Record, declined: float = NEVER, **style: Any) -> dict[str, Any] | str:
            if not collection.context_count:
                collection.add(asked, Tally())
                for number, text in enumerate(OTHERS):
                    collection.add(record(id=f"f{number}", question=f"{number}?", positives=(text,)), Tally())
            row = collection.row(0)
            others = [n for n in range(collection.passage_count) if collection.passage(n).text in OTHERS]
            style = {"declined_share": declined, **style}
            return sample(Triplet(row, row.positives, tuple(others)), collection, Style(**style))

        yield make


def asked(**values: Any) -> Record:
    return record(**({"answers": ("Anna Lund", "Lund"), "positives": (MILL,), "title": "Mill"} | values))


def test_the_short_answer_bears_the_mark_of_its_passage(chat: Make):
    made = chat(asked())
    [number] = made["cited"]
    assert made["passages"][number - 1]["text"] == MILL
    assert made["answer"] == f"Anna Lund [{number}]"
    assert made["answers"] == ["Anna Lund", "Lund"]
    assert (made["lang"], made["document"]) == ("en", "Mill")


def test_right_and_wrong_passages_stand_in_any_order(chat: Make):
    rank, count = set(), set()
    for seed in range(60):
        made = chat(asked(), seed=seed)
        texts = [passage["text"] for passage in made["passages"]]
        assert len(set(texts)) == len(texts) <= 5
        assert MILL in texts
        rank.add(made["cited"][0])
        count.add(len(texts))
    assert rank == count == {1, 2, 3, 4, 5}


def test_the_same_seed_makes_the_same_sample(chat: Make):
    assert chat(asked(), seed=3) == chat(asked(), seed=3) != chat(asked(), seed=4)


def test_without_the_right_passage_the_model_is_to_decline(chat: Make):
    made = chat(asked(), declined=ALWAYS)
    assert made["answer"] == DECLINED["en"]
    assert (made["cited"], made["answers"]) == ([], [])
    assert MILL not in [passage["text"] for passage in made["passages"]]


def test_a_share_is_declined(chat: Make):
    declined = [not chat(asked(), declined=0.15, seed=seed)["cited"] for seed in range(400)]
    assert 0.1 < sum(declined) / len(declined) < 0.2


def test_an_unanswerable_question_shows_the_passage_it_was_asked_about(chat: Make):
    made = chat(asked(answers=(), positives=(), negatives=(MILL,), unanswerable=True))
    assert made["answer"] == DECLINED["en"]
    assert MILL in [passage["text"] for passage in made["passages"]]


def test_whole_sentences_where_they_are_wanted(chat: Make):
    made = chat(asked(), answers="sentence")
    assert made["answer"] == f"It was built by Anna Lund in 1712 (3). [{made['cited'][0]}]"


def test_an_answer_over_two_sentences_has_two_marks(chat: Make):
    made = chat(asked(answers=("is old. It was built",)), answers="sentence")
    number = made["cited"][0]
    assert (
        made["answer"] == f"The mill by the river is old. [{number}] It was built by Anna Lund in 1712 (3). [{number}]"
    )


def test_each_sentence_of_a_long_answer_has_a_mark_and_no_item_of_a_list(chat: Make):
    made = chat(asked(lang="zh", answers=("先开门；再开窗；最后关灯。然后离开。",)))
    number = made["cited"][0]
    assert made["answer"] == f"先开门；再开窗；最后关灯。 [{number}] 然后离开。 [{number}]"


@pytest.mark.parametrize(("lang", "said"), [("en", "Yes"), ("zh", "是")])
def test_yes_is_said_in_the_question_s_language(chat: Make, lang: str, said: str):
    made = chat(asked(lang=lang, answers=("YES",)))
    assert made["answer"] == f"{said} [{made['cited'][0]}]"
    assert made["answers"] == [said]


def test_yes_may_come_with_the_sentence_that_says_so(chat: Make):
    made = chat(asked(question="was the mill built by anna lund", answers=("yes",)), answers="sentence")
    assert made["answer"] == f"Yes. It was built by Anna Lund in 1712 (3). [{made['cited'][0]}]"


def test_the_engine_reads_the_marks(chat: Make):
    made = chat(
        asked(lang="zh", answers=("f(x)",), positives=("河边的磨坊由f(x)在一七一二年修建，如今无人居住在那里。",))
    )
    reader = MarkReader()
    tokens = [*reader.feed(made["answer"]), *reader.rest()]
    assert tokens[-1] == Mark((made["cited"][0],))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"answers": ()}, "no answer is known"),
        ({"weak": True}, "no answer is known"),
        ({"answers": ("x" * (LONGEST_ANSWER + 1),)}, f"an answer of more than {LONGEST_ANSWER} characters"),
        ({"answers": ("YES", "NO")}, "yes and no"),
    ],
)
def test_questions_that_make_no_sample(chat: Make, values: dict[str, Any], why: str):
    assert chat(asked(**values)) == why


def test_titles_are_as_the_product_shows_them(chat: Make):
    titles = [passage["title"] for seed in range(20) for passage in chat(asked(), seed=seed)["passages"]]
    assert all(re.search(r"\.(pdf|docx|pptx|md|txt|html), (page|line) [1-9]\d*(, .+)?$", title) for title in titles)
    assert len({re.sub(r"\d+", "", title) for title in titles}) > 10
