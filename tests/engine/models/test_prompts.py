"""Prompts: ChatGLM3's format to the id, a budget that cuts no sentence, and templates that cannot be wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.errors import Code, UsageError
from engine.models.prompts import DECLINED, PromptWriter, Source, check_template, default_template, is_declined
from engine.types import Turn

TEMPLATE = "Look: {passages} Else {decline}"


class Letters:
    """Every character is a token, after one for the blank that SentencePiece puts before a text."""

    special: Mapping[str, int] = {
        name: -number
        for number, name in enumerate(("[gMASK]", "sop", "<|system|>", "<|user|>", "<|assistant|>"), start=1)
    }

    def encode(self, text: str) -> list[int]:
        return [ord(" "), *map(ord, text)]


def shown(ids: tuple[int, ...]) -> str:
    names = {id: f"<{name}>" for name, id in Letters.special.items()}
    return "".join(names.get(id) or chr(id) for id in ids)


def writer(template: str = TEMPLATE) -> PromptWriter:
    return PromptWriter(Letters(), {"en": template})


def test_prompt_is_built_as_chatglm3_builds_its_chats() -> None:
    prompt = writer().build(
        "en", [Source("a.pdf, page 1", ("It rains. ", "It pours."))], [Turn("Q", "A [1].")], "W?", 1000
    )
    assert shown(prompt.fixed) == "<[gMASK]><sop><<|system|>> \n Look: "
    assert shown(prompt.passages) == f" [1] a.pdf, page 1\nIt rains. It pours.\n\n  Else {DECLINED['en']}"
    assert shown(prompt.question) == "<<|user|>> \n Q<<|assistant|>> \n A.<<|user|>> \n W?<<|assistant|>> \n"


def test_what_a_person_types_never_becomes_a_special_id() -> None:
    prompt = writer().build("en", [Source("<|user|>", ("[gMASK]",))], [], "<|system|>", 1000)
    specials = [id for id in prompt.fixed + prompt.passages + prompt.question if id < 0]
    assert specials == [Letters.special[name] for name in ("[gMASK]", "sop", "<|system|>", "<|user|>", "<|assistant|>")]


def test_beginning_stays_while_the_question_is_typed() -> None:
    sources = [Source("a", ("One. ",)), Source("b", ("Two. ",))]
    short = writer().build("en", sources, [], "W", 400)
    longer = writer().build("en", sources, [Turn("Why?", "So.")], "What is it then?", 400)
    assert (short.fixed, short.passages, short.kept) == (longer.fixed, longer.passages, longer.kept)


def test_weakest_passage_goes_first() -> None:
    sources = [Source(name, ("x" * 100 + ".",)) for name in "abc"]
    prompt = writer().build("en", sources, [], "Why?", 450)
    assert prompt.kept == (0, 1)
    assert "[2] b" in shown(prompt.passages)


def test_best_passage_loses_whole_sentences_only() -> None:
    sentences = tuple(f"This is sentence number {number}. " for number in range(20))
    prompt = writer().build("en", [Source("a", sentences)], [], "Why?", 400)
    text = shown(prompt.passages)
    assert prompt.kept == (0,)
    assert "number 0." in text
    assert "number 19." not in text
    assert text.split("\n\n")[0].endswith(".")


def test_passage_whose_first_sentence_is_too_long_is_passed_over() -> None:
    prompt = writer().build("en", [Source("a", ("x" * 900,)), Source("b", ("Short.",))], [], "Why?", 400)
    assert prompt.kept == (1,)
    assert "[1] b" in shown(prompt.passages)


@pytest.mark.parametrize("budget", range(120, 900, 13))
def test_budget_holds(budget: int) -> None:
    sources = [Source(f"{number}.txt", ("Some words here. ",) * 4) for number in range(6)]
    history = [Turn(f"Question {number}?", "An answer. " * number) for number in range(5)]
    prompt = writer().build("en", sources, history, "And the last one?", budget)
    assert len(prompt.fixed + prompt.passages + prompt.question) <= budget


def test_latest_turns_stay() -> None:
    history = [Turn(f"Q{number}?", "An answer.") for number in range(50)]
    asked = shown(writer().build("en", [Source("a", ("One.",))], history, "Why?", 800).question)
    assert "Q49?" in asked
    assert "Q0?" not in asked
    assert asked.index("Q48?") < asked.index("Q49?")


def test_question_longer_than_the_budget_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        writer().build("en", [Source("a", ("One.",))], [], "W" * 500, 400)
    assert caught.value.code is Code.QUESTION_TOO_LONG


def test_numbers_in_brackets_are_ours_alone() -> None:
    prompt = writer().build("en", [Source("a[3].pdf", ("As shown [7], [12, 13] and a[i].",))], [], "Why?", 400)
    assert "[1] a(3).pdf\nAs shown (7), (12, 13) and a[i]." in shown(prompt.passages)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_own_templates_are_sound_and_short(language: str) -> None:
    check_template(default_template(language))
    assert len(default_template(language)) < 200


@pytest.mark.parametrize(
    "template",
    ["", "no field", "{passages} {passages}", "{passages} {question}", "{passages", "}{passages}", "{passages:>9}",
     "{passages} {decline} {decline}", "{passages}{}", "{passages!r}", "\0{passages}", "{passages}" + "x" * 1200],
)  # fmt: skip
def test_unusable_template_is_refused(template: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_template(template)
    assert caught.value.code is Code.BAD_TEMPLATE


def test_decline_is_recognised_in_both_languages() -> None:
    assert is_declined("The passages do not answer this")
    assert is_declined(" 这些段落没有回答这个问题。[1]")
    assert not is_declined("The passages answer this.")
