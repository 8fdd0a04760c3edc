"""File names and places, as a person's folder might have them."""

from __future__ import annotations

from training.data.collection import Passage
from training.data.titles import shown


def test_passages_of_a_document_bear_one_name_and_follow_each_other():
    first, second = (shown(Passage("Mill", "text", ordinal, 5), "en", seed=2) for ordinal in (0, 1))
    name, place, *_ = first.split(", ")
    later_name, later_place, *_ = second.split(", ")
    assert name == later_name
    assert int(place.split()[1]) < int(later_place.split()[1])


def test_chinese_places():
    names = {shown(Passage("磨坊", "文", 0, document), "zh", seed=0) for document in range(50)}
    assert all(" 第 " in name and (" 页" in name or " 行" in name) for name in names)


def test_a_title_never_makes_an_impossible_file_name():
    for document in range(50):
        name = shown(Passage('A/B: "C"?\n' + "x" * 300, "text", 0, document), "en", seed=0).split(", ")[0]
        assert not set(name) & set('/:"?\n')
        assert len(name) < 90
