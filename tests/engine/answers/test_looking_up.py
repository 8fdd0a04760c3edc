from pathlib import Path

import pytest
from papers import FOLDER, Library, passage

from engine.answers.looking_up import look_up
from engine.types import Scope


def names(library: Library, words: str, **limits: object) -> list[str]:
    return [found.path.name for found in look_up(library.store, words, 10, Scope(**limits))]


def marked(library: Library, words: str) -> list[str]:
    found = look_up(library.store, words, 10)[0]
    return [match.citation.quote[start:end] for match in found.matches for start, end in match.marks]


@pytest.mark.parametrize("words", ["audit logs", "aud", "retai", "retaine", "destroyed", "Backups ar"])
def test_document_is_found_while_the_word_is_typed(library: Library, words: str):
    assert names(library, words)[0] == "policy.pdf"


def test_finished_word_is_not_a_beginning(library: Library):
    assert names(library, "gard ") == []
    assert len(names(library, "gard")) == 10


def test_words_are_marked_with_their_endings(library: Library):
    assert marked(library, "retain") == ["retained"]
    assert set(marked(library, "audit log")) == {"Audit", "logs"}


def test_chinese_words_are_marked_whole(library: Library):
    assert names(library, "保留期") == ["规范.pdf"]
    assert marked(library, "保留期") == ["保留期"]


def test_citation_points_to_the_words_on_the_page(library: Library):
    (match,) = look_up(library.store, "seven years", 10)[0].matches
    assert match.citation.page == 4
    assert [box.y0 for box in match.citation.boxes] == [112, 112]
    assert match.citation.path == FOLDER / "policy.pdf"


def test_hits_of_a_document_stand_together(library: Library):
    library.put("long.pdf", *(passage((f"Zebra number {number}.",), page=number) for number in range(1, 7)))
    (found,) = look_up(library.store, "zebra", 10)
    assert (len(found.matches), found.more) == (3, 3)


def test_scope_and_language_limit_what_is_found(library: Library):
    assert names(library, "audit", paths=(FOLDER / "other1.pdf",)) == []
    assert names(library, "审计", language="en") == []
    assert names(library, "审计", language="zh") == ["规范.pdf"]
    assert names(library, " ") == []


def test_window_shows_what_stands_around(library: Library):
    text = "Nothing here. " * 40 + "The needle is here."
    library.put("hay.pdf", passage((text,), page=1))
    (match,) = look_up(library.store, "needle", 10)[0].matches
    assert len(match.citation.quote) < 260
    assert Path(match.citation.path).name == "hay.pdf"


def test_words_that_are_everywhere_are_found_without_weighing(library: Library, monkeypatch):
    weighed = names(library, "gardens")
    monkeypatch.setattr("engine.library.tables.finding._WEIGHED_AT_MOST", 5)
    assert names(library, "gardens") == weighed
    assert names(library, "gardens seven")[0] == "policy.pdf"


def test_first_letters_of_another_word_change_nothing(library: Library):
    assert names(library, "audit l") == names(library, "audit ")
    assert names(library, "au") == []
