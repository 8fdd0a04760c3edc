"""Prompts: ChatGLM3's format to the id, a budget that cuts no sentence, and templates that cannot be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import sentencepiece

from engine.errors import Code, UsageError
from engine.models import chatglm, converting
from engine.models.manifest import Chat
from engine.models.prompts import (
    DECLINED,
    STYLES,
    Language,
    PromptWriter,
    Source,
    check_template,
    default_template,
    is_declined,
    preview,
)
from engine.models.tokens import FILE_NAME, Tokens
from engine.types import Turn

CHATGLM3 = Path(__file__).parents[3].parent / "shared" / "data" / "vocab" / "chatglm3-6b"
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


# --- the real vocabulary


class ChatGLM3Tokenizer:
    """What ChatGLM3's own tokenization_chatglm.py does with SentencePiece, read off it, not run."""

    def __init__(self, model: Path) -> None:
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
        count = self._pieces.vocab_size()
        names = ("[MASK]", "[gMASK]", "[sMASK]", "sop", "eop", "<|system|>", "<|user|>", "<|assistant|>")
        self._special = {name: count + place for place, name in enumerate((*names, "<|observation|>"))}

    def encode(self, text: str) -> list[int]:
        return self._pieces.encode(text)

    def get_prefix_tokens(self) -> list[int]:
        return [self._special["[gMASK]"], self._special["sop"]]

    def build_single_message(self, role: str, metadata: str, message: str) -> list[int]:
        return [self._special[f"<|{role}|>"], *self.encode(f"{metadata}\n"), *self.encode(message)]

    def build_chat_input(self, query: str, history: list[dict[str, str]]) -> list[int]:
        ids = [id for item in history for id in self.build_single_message(item["role"], "", item["content"])]
        ids += self.build_single_message("user", "", query)
        return [*self.get_prefix_tokens(), *ids, self._special["<|assistant|>"]]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tokens, ChatGLM3Tokenizer]:
    """Our tokens of the real vocabulary, made as an import makes them, and ChatGLM3's own."""
    if not CHATGLM3.is_dir():
        pytest.skip("no shared data beside the repository")
    text, specials = converting.read_tokenizer(CHATGLM3, chatglm.read(CHATGLM3))
    folder = tmp_path_factory.mktemp("chatglm3")
    (folder / FILE_NAME).write_text(text, "utf-8")
    chat = Chat(specials, (2,), cache_values=1, weight_bytes=1)
    return Tokens.open(folder, chat), ChatGLM3Tokenizer(CHATGLM3 / "tokenizer.model")


def test_ids_are_those_of_the_published_model(real: tuple[Tokens, ChatGLM3Tokenizer]) -> None:
    ours, theirs = real
    assert theirs.build_chat_input("你好", []) == [64790, 64792, 64795, 30910, 13, 36474, 54591, 64796]
    assert ours.special["<|system|>"] == 64794
    assert ours.special["<|observation|>"] == 64797


@pytest.mark.parametrize(
    ("language", "history", "question"),
    [
        ("zh", [], "审计日志要保留多久？"),
        ("en", [], "  How long are\taudit logs kept?\n"),
        ("en", [Turn("How long?", "Seven years. [1]"), Turn("And then? <|user|>", "They go [2].")], "Why 😀 [gMASK]?"),
        ("zh", [Turn("多久？", "七年。[1]")], "为什么？"),
    ],
)
def test_prompt_is_to_the_id_what_chatglm3s_tokenizer_builds(
    real: tuple[Tokens, ChatGLM3Tokenizer], language: str, history: list[Turn], question: str
) -> None:
    ours, theirs = real
    sources = [
        Source("policy.pdf, page 3", ("Audit logs are retained for seven years. ", "See [7].")),
        Source("规范.md，第 2 行", ("审计日志应当保留七年。", "<|assistant|> 😀")),
    ]
    templates = {"en": "Look: {passages} Else: {decline}", "zh": "请看：{passages}没有就说：{decline}"}
    prompt = PromptWriter(ours, templates).build(language, sources, history, question, 2000)
    # The instruction is one message whose text is joined from parts, so that each part's ids never change.
    before, after = ("Look: ", " Else: ") if language == "en" else ("请看：", "没有就说：")
    told = theirs.build_single_message("system", "", before)
    told += theirs.encode("[1] policy.pdf, page 3\nAudit logs are retained for seven years. See (7).\n\n")
    told += theirs.encode("[2] 规范.md，第 2 行\n审计日志应当保留七年。<|assistant|> 😀\n\n")
    told += theirs.encode(after + DECLINED[language])
    earlier = [
        {"role": role, "content": content}
        for turn, answer in zip(history, ANSWERS[len(history)][language], strict=True)
        for role, content in (("user", turn.question), ("assistant", answer))
    ]
    prefix, chat = theirs.get_prefix_tokens(), theirs.build_chat_input(question, earlier)
    # What follows <|assistant|> is the line for metadata: the model would write it, empty, before each of its answers.
    expected = [*prefix, *told, *chat[len(prefix) :], *theirs.encode("\n")]
    assert [*prompt.fixed, *prompt.passages, *prompt.question] == expected


ANSWERS = {0: {"en": [], "zh": []}, 1: {"zh": ["七年。"]}, 2: {"en": ["Seven years.", "They go."]}}  # without marks


def test_style_stands_last_before_the_passages() -> None:
    prompt = PromptWriter(Letters(), {"en": TEMPLATE}, "brief").build("en", [], [], "W?", 1000)
    assert shown(prompt.fixed).endswith("Look: Answer in one or two sentences.\n\n")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("style", ["", *STYLES])
def test_preview_shows_what_the_model_is_told(language: Language, style: str) -> None:
    text = preview("{{passages}} are [n].\n{passages}Else {decline}", style, language)
    assert text.startswith("{passages} are [n].")
    assert "[1] " in text
    assert "[2] " in text
    assert text.endswith(f"Else {DECLINED[language]}")
    assert not style or f"{STYLES[style][language]}\n\n[1] " in text


def test_preview_of_a_bad_instruction_is_refused() -> None:
    with pytest.raises(UsageError):
        preview("No passages", "", "en")
