"""Which part of a prompt is static."""

from __future__ import annotations

from engine.models.prefixes import Prefixes, Split
from engine.models.prompts import Prompt

PROMPT = Prompt((1, 2), (3, 4, 5), (6,), ())


def test_a_cold_question_computes_all_and_leaves_its_passages() -> None:
    kept = Prefixes(100)
    assert kept.split(PROMPT) == Split((1, 2, 3, 4, 5), (6,), 6)
    kept.add((1, 2, 3, 4, 5))
    assert kept.split(PROMPT) == Split((1, 2, 3, 4, 5), (6,), 1)
    assert kept.split(Prompt((1, 2), (3, 4, 5), (7, 8), ())) == Split((1, 2, 3, 4, 5), (7, 8), 2)


def test_only_the_fixed_part_stays_where_passages_do_not_fit() -> None:
    kept = Prefixes(4)
    assert kept.split(PROMPT) == Split((1, 2), (3, 4, 5, 6), 6)
    kept.add((1, 2))
    assert kept.split(PROMPT) == Split((1, 2), (3, 4, 5, 6), 4)
    assert not kept.would_fit_anew((1, 2, 3, 4, 5))


def test_without_room_nothing_is_static() -> None:
    assert Prefixes(0).split(PROMPT) == Split((), (1, 2, 3, 4, 5, 6), 6)


def test_the_library_wants_something_after_a_static_part() -> None:
    assert Prefixes(9).split(Prompt((1,), (2,), (), ())) == Split((1,), (2,), 2)
    assert Prefixes(9).split(Prompt((), (), (1, 2), ())) == Split((), (1, 2), 2)


def test_what_is_kept_counts_until_all_is_forgotten() -> None:
    kept = Prefixes(8)
    kept.add((1, 2, 3, 4, 5))
    kept.add((1, 2, 3, 4, 5))
    assert kept.fits((1, 2, 6))
    assert not kept.fits((1, 2, 6, 7))
    assert kept.would_fit_anew((1, 2, 6, 7))
    assert not kept.would_fit_anew((1, 2, 3, 4, 5))
