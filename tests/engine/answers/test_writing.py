import pytest
from fakes import FakeGenerator, shown
from papers import CHINESE, POLICY, Library, finished, passage

from engine.answers.ahead import Ahead
from engine.answers.writing import chosen, kept
from engine.errors import BrokenInstallation, Code
from engine.models.prompts import DECLINED
from engine.types import Answer, Finished, Notice, Piece, Quoted, Sources, Stop, Turn, Wait, Waiting

QUESTION = "How long are audit logs retained?"
SAID = ("Audit logs are kept", " for seven", " years [1].")
LOST = BrokenInstallation(Code.GENERATOR_ENDED, why="killed")


def ask(library: Library, generator: FakeGenerator, question: str = QUESTION, history: tuple[Turn, ...] = ()):
    return list(library.writing(generator).ask(question, history=history))


def answer_of(events: list) -> Answer:
    return finished(iter(events))


def test_the_quotes_come_at_once_and_the_written_answer_streams_in(library: Library):
    events = ask(library, FakeGenerator(Waiting(Wait.LOADING, 3.0), Waiting(Wait.PASSAGES), *SAID))
    assert [type(event) for event in events[:4]] == [Sources, Quoted, Waiting, Waiting]
    assert events[1].citations[0].quote == POLICY[1]
    assert f"> {POLICY[1]} [1]" in events[1].text
    pieces = [event for event in events if isinstance(event, Piece)]
    assert [piece.text for piece in pieces] == ["Audit logs are kept", " for seven", " years", ".", " [1]"]
    answer = answer_of(events)
    assert (answer.mode, answer.stop) == ("generated", Stop.COMPLETE)
    assert answer.text == "Audit logs are kept for seven years. [1]"
    assert [citation.quote for citation in answer.citations] == [POLICY[1]]
    assert answer.timings_ms.retrieve <= answer.timings_ms.first_token <= answer.timings_ms.total


def test_the_model_is_told_the_passages_with_their_places(library: Library):
    generator = FakeGenerator(*SAID)
    ask(library, generator)
    prompt = generator.prompts[0]
    assert f"[1] policy.pdf, page 4, Retention\n{' '.join(POLICY)}\n" in shown(prompt.passages)
    assert QUESTION in shown(prompt.question)
    ask(library, generator, "审计日志的保留期限？")
    assert "规范.pdf, 第 2 页\n" + " ".join(CHINESE) in shown(generator.prompts[1].passages)


def test_a_question_without_sources_never_reaches_the_model(library: Library):
    generator = FakeGenerator(*SAID)
    events = ask(library, generator, "Who was the first emperor of Ethiopia?")
    assert generator.prompts == []
    assert answer_of(events).stop is Stop.NO_SOURCES
    assert answer_of(events).mode == "extractive"


@pytest.mark.parametrize("pieces", [(LOST,), ("Audit logs ", LOST), (Waiting(Wait.LOADING), LOST)])
def test_a_model_that_fails_leaves_the_quotes(library: Library, pieces: tuple):
    events = ask(library, FakeGenerator(*pieces))
    assert events[-2] == Notice("generator_ended", {"why": "killed"})
    assert_quotes(events)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [1, 4, 100])
def test_a_model_that_declines_leaves_the_quotes_and_its_words_are_not_shown(library: Library, language, size: int):
    said = DECLINED[language] + " But let me guess."
    generator = FakeGenerator(*(said[at : at + size] for at in range(0, len(said), size)))
    events = ask(library, generator)
    assert not any(isinstance(event, Piece) for event in events)
    assert events[-2] == Notice("model_declined", {})
    assert_quotes(events)


def test_words_that_only_begin_like_declining_are_shown(library: Library):
    events = ask(library, FakeGenerator("The passages", " say that audit logs are retained for seven years."))
    assert answer_of(events).text == "The passages say that audit logs are retained for seven years. [1]"


@pytest.mark.parametrize(
    "said", ["Bananas are rich in potassium.", "Audit logs are kept for nine years [1].", "Yes.", ""]
)
def test_what_no_passage_supports_is_not_the_answer(library: Library, said: str):
    events = ask(library, FakeGenerator(said))
    assert isinstance(events[-2], Notice)
    assert events[-2].code == ("model_unsupported" if said else "model_declined")
    assert_quotes(events)


def test_a_sentence_without_support_stays_beside_one_that_has_it(library: Library):
    events = ask(library, FakeGenerator("Audit logs are kept for seven years. Bananas are yellow."))
    assert answer_of(events).text == "Audit logs are kept for seven years. [1] Bananas are yellow. [?]"
    assert answer_of(events).mode == "generated"


def assert_quotes(events: list) -> None:
    answer, quoted = answer_of(events), events[1]
    assert (answer.mode, answer.stop) == ("extractive", Stop.COMPLETE)
    assert (answer.text, answer.citations) == (quoted.text, quoted.citations)


def test_stopping_keeps_what_was_written(library: Library):
    generator = FakeGenerator(*SAID)
    asked = iter([False, False, False])  # whether to stop, before the prompt and before each piece
    events = list(library.writing(generator).ask(QUESTION, lambda: next(asked, True)))
    answer = answer_of(events)
    assert (answer.mode, answer.stop) == ("generated", Stop.STOPPED)
    assert answer.text == "Audit logs are kept for seven [1]"


def test_stopping_before_the_first_word_leaves_the_quotes(library: Library):
    *_, quoted, last = library.writing(FakeGenerator(*SAID)).ask(QUESTION, lambda: True)
    assert isinstance(quoted, Quoted)
    assert isinstance(last, Finished)
    assert (last.answer.mode, last.answer.stop, last.answer.text) == ("extractive", Stop.STOPPED, quoted.text)


def test_an_answer_that_nobody_waits_for_leaves_the_model(library: Library):
    generator = FakeGenerator(*SAID)
    events = library.writing(generator).ask(QUESTION)
    next(event for event in events if isinstance(event, Piece))
    assert generator.was_left
    events.close()  # type: ignore[attr-defined]


def test_a_longer_answer_than_allowed_says_so(library: Library):
    events = ask(library, FakeGenerator("Audit logs are kept for seven years. And", Stop.LENGTH))
    assert answer_of(events).stop is Stop.LENGTH
    assert answer_of(events).text == "Audit logs are kept for seven years. [1] And"


def test_what_the_generator_says_of_itself_is_passed_on_once(library: Library):
    notice = Notice("gpu_unusable", {"why": "no driver"})
    answerer = library.writing(FakeGenerator(*SAID, notice=notice))
    assert list(answerer.ask(QUESTION)).count(notice) == 1
    assert notice not in list(answerer.ask(QUESTION))


def test_a_model_that_cannot_be_used_is_said_and_quotes_answer(library: Library):
    notice = Notice("no_such_model", {"name": "glm"})
    events = list(library.quoting(lambda: notice).ask(QUESTION))
    assert events[1] == notice
    assert answer_of(events).mode == "extractive"
    assert POLICY[1] in answer_of(events).text


# Conversations


def test_a_follow_up_finds_what_it_is_about(library: Library):
    library.put(
        "budget.pdf", passage(("The archive spent 40 euros in 2018.", "The archive spent 55 euros in 2019."), page=1)
    )
    history = (Turn("How much did the archive spend in 2018?", "40 euros. [1]"),)
    assert library.answer("and in 2019?", history).citations[0].quote == "The archive spent 55 euros in 2019."
    assert library.answer("那2019年呢？", history).citations[0].quote == "The archive spent 55 euros in 2019."


def test_the_conversation_is_told_to_the_model_without_marks(library: Library):
    generator = FakeGenerator(*SAID)
    ask(library, generator, "And backups?", (Turn(QUESTION, "For seven years. [1]"),))
    told = shown(generator.prompts[0].question)
    assert told.index(QUESTION) < told.index("For seven years.") < told.index("And backups?")
    assert "[1]" not in told


def test_a_follow_up_keeps_the_passages_that_the_model_knows(library: Library):
    library.put("law.pdf", passage(("The law says that audit logs are retained for years.",), page=2))
    generator = FakeGenerator(*SAID)
    answerer = library.writing(generator)
    list(answerer.ask(QUESTION))
    list(answerer.ask("Why are they retained by law?", history=[Turn(QUESTION, "For seven years. [1]")]))
    first, second = generator.prompts
    assert first.fixed + first.passages == second.fixed + second.passages
    assert "Why are they" in shown(second.question)


def test_another_topic_brings_its_own_passages(library: Library):
    generator = FakeGenerator(*SAID)
    answerer = library.writing(generator)
    list(answerer.ask(QUESTION))
    list(answerer.ask("What is chapter 3 about, gardens or rain?", history=[Turn(QUESTION, "For seven years. [1]")]))
    first, second = generator.prompts
    assert first.passages != second.passages


def test_weak_passages_are_not_told(library: Library):
    hits = library.retriever.find(QUESTION, 12)
    assert all(hit.score >= 0.45 * hits[0].score for hit in chosen(hits))
    assert len(chosen(hits)) <= 6
    assert chosen([]) == ()


def test_passages_are_kept_only_where_they_are_mostly_the_best_again(library: Library):
    first = library.retriever.find(QUESTION, 2)
    other = library.retriever.find("Chapter 3 gardens rain", 3)
    assert kept(first, tuple(reversed(first))) == first
    assert kept(first, other) == chosen(other)
    assert kept((), first) == chosen(first)


# Ahead of the question


def test_what_is_typed_is_prepared_as_it_will_be_asked(library: Library):
    generator = FakeGenerator(*SAID)
    now = iter(range(100))
    answerer = library.writing(generator, Ahead(lambda: next(now)))
    for typed in (QUESTION[:-1], QUESTION, QUESTION):
        answerer.draft(typed)
    list(answerer.ask(QUESTION))
    assert generator.is_loaded
    assert len(generator.prepared) == 1
    prepared, asked = generator.prepared[0], generator.prompts[0]
    assert prepared.fixed + prepared.passages == asked.fixed + asked.passages


@pytest.mark.parametrize("typed", ["", "   ", "?", "Who was the first emperor of Ethiopia?", "x" * 20_000])
def test_nothing_is_prepared_for_what_has_no_answer(library: Library, typed: str):
    generator = FakeGenerator(*SAID)
    now = iter(range(100))
    answerer = library.writing(generator, Ahead(lambda: next(now)))
    for _ in range(3):
        answerer.draft(typed)
    assert generator.prepared == []


def test_a_draft_without_a_model_does_nothing(library: Library):
    library.answerer.draft(QUESTION)
    library.quoting(lambda: Notice("no_such_model", {"name": "glm"})).draft(QUESTION)


def test_stopping_at_once_gives_the_model_nothing_to_compute(library: Library):
    generator = FakeGenerator(*SAID)
    list(library.writing(generator).ask(QUESTION, lambda: True))
    assert generator.prompts == []


def test_a_long_answer_does_not_cost_the_conversation(library: Library):
    generator = FakeGenerator(*SAID)
    history = (Turn(QUESTION, "They are kept. " * 400), Turn("保存多久？", "保存七年。" * 99))
    ask(library, generator, "And backups?", history)
    told = shown(generator.prompts[0].question)
    assert QUESTION in told
    assert 1 < told.count("They are kept.") < 12
    assert 1 < told.count("保存七年。") < 18  # a Chinese character costs the model about twice a letter's share
