from fakes import FakeGenerator

from engine.answers.ahead import Ahead, Latest
from engine.models.prompts import Prompt


def test_only_the_latest_is_done_and_one_at_a_time():
    done: list[str] = []

    def do(what: str) -> None:
        done.append(what)
        if what == "a":
            for more in ("b", "c"):  # come in while "a" is being done
                latest(more)

    latest = Latest(do)
    latest("a")
    assert done == ["a", "c"]
    latest("d")
    assert done == ["a", "c", "d"]


class Now:
    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def prompt(passages: int, question: int = 9) -> Prompt:
    return Prompt((1, 2), (passages,), (question,), (0,))


def setup() -> tuple[Ahead, Now, FakeGenerator]:
    now = Now()
    return Ahead(now), now, FakeGenerator()


def test_passages_that_have_held_for_half_a_second_are_computed():
    ahead, now, model = setup()
    ahead.drafted(prompt(7), model, ahead.questions)
    now.s += 0.4
    ahead.drafted(prompt(7), model, ahead.questions)
    assert model.prepared == []
    now.s += 0.2
    ahead.drafted(prompt(7), model, ahead.questions)
    assert [each.passages for each in model.prepared] == [(7,)]


def test_nothing_is_computed_while_the_question_grows():
    ahead, now, model = setup()
    for question in range(8):
        ahead.drafted(prompt(7, question), model, ahead.questions)
        now.s += 0.3
    assert model.prepared == []
    now.s += 0.3
    assert ahead.look() is None
    assert [each.question for each in model.prepared] == [(7,)]


def test_other_passages_begin_anew():
    ahead, now, model = setup()
    for passages in (7, 8, 7, 8):
        ahead.drafted(prompt(passages), model, ahead.questions)
        now.s += 0.6
    assert model.prepared == []


def test_nothing_is_computed_twice_without_a_question():
    ahead, now, model = setup()
    for passages in (7, 7, 8, 8):
        ahead.drafted(prompt(passages), model, ahead.questions)
        now.s += 1
    assert [each.passages for each in model.prepared] == [(7,)]
    ahead.asked()
    for passages in (8, 8):
        ahead.drafted(prompt(passages), model, ahead.questions)
        now.s += 1
    assert [each.passages for each in model.prepared] == [(7,), (8,)]


def test_a_model_that_is_busy_is_asked_again():
    ahead, now, model = setup()
    model.is_busy = True
    ahead.drafted(prompt(7), model, ahead.questions)
    now.s += 1
    assert ahead.look() is not None
    model.is_busy = False
    assert ahead.look() is None
    assert len(model.prepared) == 1


def test_a_question_that_was_typed_at_once_is_looked_at_again():
    ahead, now, model = setup()
    assert ahead.drafted(prompt(7), model, ahead.questions) == 0.5
    now.s += 0.5
    assert ahead.look() is None
    assert len(model.prepared) == 1


def test_nobody_is_waited_for_forever():
    ahead, now, model = setup()
    model.is_busy = True
    ahead.drafted(prompt(7), model, ahead.questions)
    now.s += 100
    assert ahead.look() is None
    ahead.asked()
    assert ahead.look() is None


def test_an_emptied_box_forgets_what_was_drafted():
    ahead, now, model = setup()
    ahead.drafted(prompt(7), model, ahead.questions)
    ahead.nothing_drafted()
    now.s += 1
    ahead.drafted(prompt(7), model, ahead.questions)
    assert model.prepared == []


def test_a_draft_that_a_question_has_overtaken_is_void():
    ahead, now, model = setup()
    before = ahead.questions
    ahead.asked()
    ahead.drafted(prompt(7), model, before)
    now.s += 1
    assert ahead.look() is None
    assert model.prepared == []
