from pathlib import Path

import pytest
from papers import CHINESE, FOLDER, POLICY, Library, passage

from engine.types import Box, Finished, Piece, Sources, Stop


def test_the_sentence_that_answers_is_quoted_word_for_word(library: Library):
    answer = library.answer("How long are audit logs retained?")
    assert answer.stop is Stop.COMPLETE
    first = answer.citations[0]
    assert first.quote == POLICY[1]
    assert (first.path, first.page, first.number) == (FOLDER / "policy.pdf", 4, 1)
    assert "> Audit logs are retained for seven years. [1]" in answer.text


def test_a_citation_marks_only_the_lines_of_its_words(library: Library):
    first = library.answer("How long are audit logs retained?").citations[0]
    assert first.boxes == (Box(4, 50, 112, 300, 122),)


def test_chinese_is_answered_in_chinese_words(library: Library):
    answer = library.answer("审计日志要保留多久？")
    assert answer.citations[0].quote == CHINESE[1]
    assert answer.citations[0].path.name == "规范.pdf"


def test_what_is_asked_for_is_preferred(library: Library):
    assert library.answer("How many days are backups kept?").citations[0].quote == POLICY[2]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who was the first emperor of Ethiopia?", "Your documents don't seem to say anything about this."),
        ("红烧肉要炖几个小时？", "您的文档中似乎没有与此相关的内容。"),
    ],
)
def test_a_question_about_nothing_in_the_library_is_declined(library: Library, question: str, sentence: str):
    answer = library.answer(question)
    assert answer.stop is Stop.NO_SOURCES
    assert answer.text.startswith(sentence)


def test_declining_shows_the_nearest_passages_as_such(library: Library):
    answer = library.answer("Does rain pass through the tunnel under the mountain at Gotthard?")
    assert answer.stop is Stop.NO_SOURCES
    assert "The nearest passages are:" in answer.text
    assert answer.citations


def test_an_empty_library_says_so(tmp_path: Path):
    empty = Library(tmp_path)
    answer = empty.answer("How long are audit logs retained?")
    empty.store.close()
    assert (answer.stop, answer.citations) == (Stop.NO_SOURCES, ())


def test_the_pieces_are_the_answer(library: Library):
    events = list(library.answerer.ask("How long are audit logs retained?"))
    assert isinstance(events[0], Sources)
    assert isinstance(events[-1], Finished)
    pieces = [event for event in events if isinstance(event, Piece)]
    assert "".join(piece.text for piece in pieces) == events[-1].answer.text
    assert tuple(piece.citation for piece in pieces if piece.citation) == events[-1].answer.citations


def test_stopping_ends_after_the_piece_at_hand(library: Library):
    asked = iter([False, True])
    *_, last = library.answerer.ask("How long are audit logs retained?", lambda: next(asked, True))
    assert isinstance(last, Finished)
    assert last.answer.stop is Stop.STOPPED
    assert last.answer.text == "**policy.pdf**"


def test_a_document_cannot_write_marks_or_markdown(library: Library):
    library.put("hostile.pdf", passage(("Zebra [9] **stripes** <b>x</b> ![i](file:///etc/passwd) are black.",), page=1))
    answer = library.answer("What are zebra stripes?")
    assert r"\[9\] \*\*stripes\*\* \<b\>x\</b\> !\[i\](file:///etc/passwd)" in answer.text
    assert answer.citations[0].quote.startswith("Zebra [9] **stripes**")


def test_quotes_are_grouped_by_document(library: Library):
    library.put("second.pdf", passage(("Audit logs are retained for seven years by law.",), page=1))
    answer = library.answer("How long are audit logs retained?")
    names = [citation.path.name for citation in answer.citations]
    assert set(names) == {"policy.pdf", "second.pdf"}
    assert names == sorted(names, key=names.index)
    assert [citation.number for citation in answer.citations] == list(range(1, len(names) + 1))


def test_a_passage_of_one_short_word_answers_under_its_heading(library: Library):
    library.put("fruit.pdf", passage(("yes",), page=1, heading="Is the mango ripe"))
    answer = library.answer("Is the mango ripe?")
    assert (answer.stop, [citation.quote for citation in answer.citations]) == (Stop.COMPLETE, ["yes"])


@pytest.mark.parametrize("question", ["", "   ", "???", "\x00", "\ud800 what"])
def test_no_question_is_no_failure(library: Library, question: str):
    assert library.answer(question.encode("utf-8", "replace").decode()).stop is Stop.NO_SOURCES
