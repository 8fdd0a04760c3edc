"""Answers with a reader: passages ranked anew, the words that answer, and when nothing does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from papers import POLICY, Library, finished, passage

from engine.answers.answering import Answerer
from engine.answers.extracting import Extractor
from engine.answers.reading import READ, Reading, ReadingFinder, ranked
from engine.models.manifest import Calibration
from engine.models.reader import PassageReading, Source
from engine.types import Answer, Citation, Sources, Stop

SURE, UNSURE = 0.9, 0.1


class FakeReader:
    """Believes in passages that hold one of the given words, and answers with that word."""

    def __init__(self, *words: str, certainty: float = 0.8, weight: float = 0.5, known: float = 1.0) -> None:
        self.id = "fake@1"
        self.calibration = Calibration(bound=0.5, weight=weight)
        self.asked: list[str] = []  # the text of every passage that was read
        self._words = words
        self._certainty = certainty
        self._known = known

    def read(self, question: str, sources: Sequence[Source]) -> tuple[PassageReading, ...]:
        self.asked += [source.text for source in sources]
        return tuple(map(self._read, sources))

    def known_share(self, text: str) -> float:
        return self._known

    def _read(self, source: Source) -> PassageReading:
        for word in self._words:
            if (place := source.text.find(word, source.begins)) >= 0:
                return PassageReading(1.0, SURE, place, place + len(word), self._certainty)
        return PassageReading(-1.0, UNSURE, source.begins, source.begins, 0.0)


def reading_answerer(library: Library, reader: FakeReader | None) -> Answerer:
    reading = Reading(lambda: reader)
    extractor = Extractor(library.store, library.vectors, library.embedder, reading)
    return Answerer(ReadingFinder(library.retriever, reading), extractor, library.support)


def answer(library: Library, reader: FakeReader | None, question: str) -> Answer:
    return finished(reading_answerer(library, reader).ask(question))


def first(answer: Answer) -> Citation:
    assert answer.stop is Stop.COMPLETE
    return answer.citations[0]


def test_the_words_that_answer_are_marked_in_their_sentence(library: Library):
    given = answer(library, FakeReader("ninety days"), "How long are backups kept?")
    assert "> Backups are kept for **ninety days** and then destroyed. [1]" in given.text
    cited = first(given)
    assert (cited.quote, cited.answer, cited.score) == (POLICY[2], "ninety days", SURE)
    assert cited.boxes[0].y0 == 124  # of the sentence, not of the passage


def test_what_the_reader_believes_in_stands_first(library: Library):
    question = "Which backups and audit logs are kept?"
    library.put("attic.pdf", passage(("The attic holds logs of oak.",), page=1))
    assert first(answer(library, None, question)).path.name == "policy.pdf"
    assert first(answer(library, FakeReader("oak", weight=0.9), question)).path.name == "attic.pdf"


def test_the_sources_are_told_in_the_readers_order(library: Library):
    library.put("attic.pdf", passage(("The attic holds logs of oak.",), page=1))
    events = reading_answerer(library, FakeReader("oak", weight=0.9)).ask("Which backups and audit logs are kept?")
    sources = next(events)
    assert isinstance(sources, Sources)
    assert sources.hits[0].document.path.name == "attic.pdf"
    assert [hit.score for hit in sources.hits] == sorted((hit.score for hit in sources.hits), reverse=True)


def test_nothing_answers_where_the_reader_believes_in_nothing(library: Library):
    given = answer(library, FakeReader("zebra"), "How long are audit logs retained?")
    assert given.stop is Stop.NO_SOURCES
    assert given.citations  # the nearest, as what they are


def test_unsure_words_leave_the_sentence_to_the_search(library: Library):
    given = answer(library, FakeReader("who", certainty=0.01), "How long are audit logs retained?")
    assert (first(given).quote, first(given).answer) == (POLICY[1], "")
    assert "**who**" not in given.text


@pytest.mark.parametrize("reader", [None, FakeReader("who", known=0.5)])
def test_without_a_reader_that_knows_the_words_all_is_as_before(library: Library, reader: FakeReader | None):
    question = "How long are audit logs retained?"
    before = library.answer(question)
    after = answer(library, reader, question)
    assert (after.text, after.citations, after.stop) == (before.text, before.citations, before.stop)
    assert reader is None or reader.asked == []


def test_a_heading_is_read_with_its_passage(library: Library):
    reader = FakeReader("Retention", "ninety")
    given = answer(library, reader, "How long are backups kept?")
    assert any(text.startswith("Retention\nAudit logs") for text in reader.asked)
    assert first(given).answer == "ninety"  # a heading is no answer


def test_each_passage_is_read_once_for_a_question(library: Library):
    for number in range(30):
        library.put(f"more{number}.pdf", passage((f"Backups number {number} are kept.",), page=1))
    reader = FakeReader("ninety")
    asking = reading_answerer(library, reader)
    list(asking.ask("How long are backups kept?"))
    assert len(reader.asked) == len(set(reader.asked)) == READ
    list(asking.ask("How long are backups kept?"))
    assert len(reader.asked) == READ


def test_a_passage_that_changed_is_read_again(library: Library):
    reader = FakeReader("ninety")
    asking = reading_answerer(library, reader)
    list(asking.ask("How long are backups kept?"))
    library.put("policy.pdf", passage(("Backups are kept for ten weeks.",), page=1))
    assert finished(asking.ask("How long are backups kept?")).stop is Stop.NO_SOURCES
    assert "Backups are kept for ten weeks." in reader.asked


@pytest.mark.parametrize(
    ("sentence", "words", "written"),
    [
        ("Der Preis: 45 % (brutto).", "45 %", "Der Preis: **45 %** (brutto)."),
        ("书名是《红楼梦》的作者。", "《红楼梦》", "书名是《红楼梦》的作者。"),  # Markdown would show the stars
        ("成立于2019年的公司。", "2019年", "成立于**2019年**的公司。"),
        ("1. Oak *holds* [it].", "*holds*", r"1\. Oak **\*holds\*** \[it\]."),
    ],
)
def test_marked_words_are_sound_markdown(library: Library, sentence: str, words: str, written: str):
    library.put("one.pdf", passage((sentence,), page=1))
    assert f"> {written} [1]" in answer(library, FakeReader(words), sentence).text


def test_ranking_joins_search_and_confidence(library: Library):
    hits = library.retriever.find("How long are audit logs retained?", 5)
    readings = {hits[1].passage.id: PassageReading(1.0, 1.0, 0, 1, 1.0)}
    assert ranked(hits, readings, 0.0) == hits
    assert ranked(hits, readings, 1.0)[0].passage == hits[1].passage
