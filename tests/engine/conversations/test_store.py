from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.conversations.keeping import kept
from engine.conversations.rows import to_exchange
from engine.conversations.store import Conversations, glimpse
from engine.errors import Code, UsageError
from engine.types import (
    EVERYTHING,
    Answer,
    Box,
    Citation,
    Finished,
    Noted,
    Quoted,
    Scope,
    Sources,
    Stop,
    Timings,
    Unit,
    Verdict,
)

QUOTE = "审计日志的保留期限为七年。"
CITATION = Citation(1, Path("/文档/rules.pdf"), "Rules", Unit.PAGE, 2, QUOTE, (Box(2, 1.5, 2, 3, 4),), 0.9, sha256="ab")
HOUR_MS = 3_600_000


class Clock:
    now_ms = 1_000_000_000

    def __call__(self) -> int:
        self.now_ms += 1
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def conversations(tmp_path: Path, clock: Clock) -> Iterator[Conversations]:
    opened = Conversations(tmp_path / "conversations.sqlite", clock)
    yield opened
    opened.close()


def answered(question: str, text: str = f"> {QUOTE} [1]") -> Answer:
    return Answer(question, text, "extractive", Stop.COMPLETE, (CITATION,), Timings(1, 2, 3))


def ask(conversations: Conversations, question: str, conversation: int = 0, replaces: int = 0) -> Noted:
    noted = conversations.begin(conversation, question, EVERYTHING, "", replaces)
    conversations.finish(noted.exchange, answered(question), None)
    return noted


def questions(conversations: Conversations, conversation: int) -> list[str]:
    return [exchange.question for exchange in conversations.exchanges(conversation)]


def test_what_was_asked_is_there_after_a_start(tmp_path: Path, conversations: Conversations):
    scope = Scope((Path("/文档"),))
    quoted = Quoted("quotes [1]", (CITATION,))
    noted = conversations.begin(0, "How long?", scope, "chatglm3")
    conversations.finish(noted.exchange, answered("How long?"), quoted)
    again = Conversations(tmp_path / "conversations.sqlite")  # beside the first, as after a kill
    (exchange,) = again.exchanges(noted.conversation)
    again.close()
    assert (exchange.answer, exchange.quoted, exchange.scope) == (answered("How long?"), quoted, scope)
    assert exchange.writer == "chatglm3"


def test_question_is_kept_before_its_answer_comes(conversations: Conversations):
    events = kept(iter([Sources(()), Finished(answered("Why?"))]), conversations, 0, "Why?", EVERYTHING, "")
    noted = next(events)
    assert isinstance(noted, Noted)
    assert conversations.exchanges(noted.conversation)[0].answer is None
    assert [type(event) for event in events] == [Sources, Finished]
    assert conversations.exchanges(noted.conversation)[0].answer == answered("Why?")


def test_list_has_pinned_ones_first_then_the_latest(conversations: Conversations):
    first, second, third = (ask(conversations, name).conversation for name in ("one", "two", "three"))
    conversations.pin(first, True)
    ask(conversations, "more", second)
    assert [each.id for each in conversations.all()] == [first, second, third]
    assert [each.exchanges for each in conversations.all()] == [1, 2, 1]


def test_title_is_the_first_question_until_a_person_names_it(conversations: Conversations):
    id = ask(conversations, "How long\nare logs kept? " + "really " * 30).conversation
    (title,) = [each.title for each in conversations.all()]
    assert title.startswith("How long are logs kept? really")
    assert len(title) <= 80
    conversations.rename(id, "  Logs ")
    ask(conversations, "And backups?", id)
    assert conversations.all()[0].title == "Logs"
    conversations.rename(id, "")
    assert conversations.all()[0].title.startswith("How long")


@pytest.mark.parametrize("words", ["保留", "七年", "logs kep", "seventh"])
def test_search_looks_at_questions_answers_and_titles(conversations: Conversations, words: str):
    found = ask(conversations, "How long are logs kept?").conversation
    other = conversations.begin(0, "Gardens", EVERYTHING, "").conversation
    conversations.rename(other, "the Seventh garden")
    assert [each.id for each in conversations.all(words)] == [other if words == "seventh" else found]


def test_search_shows_where_the_words_stand(conversations: Conversations):
    ask(conversations, "How long are logs kept?")
    assert "保留期限" in conversations.all("保留")[0].glimpse
    assert glimpse("x " * 50 + "needle", "needle").startswith("…")


def test_deleted_conversation_is_restored_within_the_hour_only(conversations: Conversations, clock: Clock):
    id = ask(conversations, "one").conversation
    conversations.delete(id)
    assert conversations.all() == ()
    conversations.restore(id)
    assert questions(conversations, id) == ["one"]
    conversations.delete(id)
    clock.now_ms += HOUR_MS
    conversations.delete(0)  # any deletion clears away what is old
    conversations.restore(id)
    assert conversations.all() == ()
    assert conversations.all("seven") == ()


def test_edited_question_replaces_what_followed_and_can_be_taken_back(conversations: Conversations):
    first = ask(conversations, "one")
    for question in ("two", "three"):
        ask(conversations, question, first.conversation)
    second = conversations.exchanges(first.conversation)[1].id
    edited = ask(conversations, "two, but better", first.conversation, replaces=second)
    ask(conversations, "four", first.conversation)
    assert questions(conversations, first.conversation) == ["one", "two, but better", "four"]
    assert conversations.all("three") == ()
    conversations.take_back(edited.exchange)
    assert questions(conversations, first.conversation) == ["one", "two", "three"]


def test_answer_that_was_taken_back_meanwhile_is_dropped(conversations: Conversations):
    noted = conversations.begin(0, "one", EVERYTHING, "")
    conversations.take_back(noted.exchange)
    conversations.finish(noted.exchange, answered("one"), None)
    assert conversations.exchanges(noted.conversation) == ()
    assert conversations.all("保留") == ()


def test_verdict_is_kept_and_taken_back(conversations: Conversations):
    noted = ask(conversations, "one")
    conversations.judge(noted.exchange, Verdict.BAD, " too short ", "the passage")
    ((exchange, context),) = conversations.judged()
    assert (exchange.verdict, exchange.why, context) == (Verdict.BAD, "too short", "the passage")
    conversations.judge(noted.exchange, Verdict.NONE, "", "")
    assert conversations.judged() == ()


def test_conversation_that_is_gone_is_told(conversations: Conversations):
    with pytest.raises(UsageError) as raised:
        conversations.begin(99, "one", EVERYTHING, "")
    assert raised.value.code is Code.NO_SUCH_CONVERSATION


def test_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path):
    (tmp_path / "conversations.sqlite").write_bytes(b"no database " * 100)
    opened = Conversations(tmp_path / "conversations.sqlite")
    assert opened.all() == ()
    opened.close()
    (aside,) = tmp_path.glob("conversations-damaged-*.sqlite")
    assert aside.read_bytes().startswith(b"no database")


def test_what_the_first_program_wrote_is_read_for_ever():
    citation = (
        '{"is":"Citation","number":1,"path":"/a.pdf","title":"A","unit":"page","page":2,"quote":"q",'
        '"boxes":[{"is":"Box","page":2,"x0":1.0,"y0":2.0,"x1":3.0,"y1":4.0}],"score":0.5,"label":"","since":"then"}'
    )
    answer = (
        '{"is":"Answer","question":"Q","text":"T [1]","mode":"extractive","stop":"complete",'
        f'"citations":[{citation}],"timings_ms":{{"is":"Timings","retrieve":1.0,"first_token":2.0,"total":3.0}}}}'
    )
    exchange = to_exchange((1, "Q", '{"is":"Scope","paths":["/b"]}', 5, answer, None, "", "good", ""))
    assert exchange.answer is not None
    assert exchange.answer.citations[0].boxes == (Box(2, 1, 2, 3, 4),)
    assert exchange.scope == Scope((Path("/b"),))
