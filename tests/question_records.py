"""Question records for the tests: small documents about mills, bridges and other things, one fact each."""

from __future__ import annotations

from typing import Any

from training.data.records import Record

THINGS = "mill bridge tower harbour school market castle library station garden theatre museum".split()
PLACES = "north south east west".split()


def record(**values: Any) -> Record:
    given = {
        "id": "q1",
        "lang": "en",
        "question": "Who built the mill?",
        "answers": ("Anna Lund",),
        "positives": ("The mill by the river was built by Anna Lund.",),
        "negatives": (),
        "title": "",
        "source": "mills",
        "license": "CC0",
    }
    return Record(**(given | values))


def rows(count: int = 48) -> list[dict[str, Any]]:
    """Our own records: each about another building, so that words are shared and answers are not."""
    return [_row(number) for number in range(count)]


def _row(number: int) -> dict[str, Any]:
    thing, place = THINGS[number % len(THINGS)], PLACES[number // len(THINGS) % len(PLACES)]
    year = 1500 + 7 * number
    return {
        "id": f"q{number}",
        "lang": "en",
        "question": f"When was the {thing} in the {place} built?",
        "answers": [str(year)],
        "context": f"The {thing} in the {place} of the town was built in {year}. It has {number + 3} rooms and a roof.",
        "title": f"The {place} {thing}",
        "source": "town",
        "split": "train",
        "license": "CC0",
    }
