"""Every reason for refusing something is there in both languages, and nothing is refused in prose."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.models.flaws import Flaw, refused
from engine.refusals import REASONS
from engine.texts import say_error

ENGINE = Path(__file__).parents[2] / "engine"
KEY_AT = {"Flaw": 0, "refused": 1, "ended": 0, "unusable": 0}  # the function: where its key stands


@dataclass(frozen=True)
class Refusing:
    """A call that refuses something: its key, and the names of its facts."""

    where: str
    function: str
    key: str  # "" where it is not a literal
    facts: frozenset[str]


def refusing(source: str, name: str) -> Iterator[Refusing]:
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        function = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if any(word.arg is None for word in call.keywords):  # **facts: it passes on another's
            continue
        words = {str(word.arg): word.value for word in call.keywords}
        if function in KEY_AT:
            keys = _literals(call.args[KEY_AT[function]])
        elif isinstance(why := words.get("why"), ast.Constant):  # of an error; else it is a library's words
            keys = _literals(why)
        else:
            continue
        for key in keys:
            yield Refusing(f"{name}:{call.lineno}", function, key, frozenset(words) - {"path", "why"})


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else [""]


def problems(calls: Iterator[Refusing]) -> Iterator[str]:
    for call in calls:
        if call.key not in REASONS:
            yield f"{call.where}: {call.key!r} is no key of engine.refusals"
            continue
        wanted = fields(REASONS[call.key][0])
        may_lack = {"file"} if call.function == "Flaw" else set()  # `Flaw.of` adds it
        if not call.facts <= wanted or wanted - call.facts - may_lack:
            yield f"{call.where}: {call.key} wants {sorted(wanted)}, not {sorted(call.facts)}"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def every_call() -> Iterator[Refusing]:
    for path in sorted(ENGINE.rglob("*.py")):
        yield from refusing(path.read_text("utf-8"), path.name)


def test_refusals_are_keys_with_the_facts_of_their_texts():
    assert [*problems(every_call())] == []


@pytest.mark.parametrize(
    "bad",
    [
        'refused(folder, "there is no file in it")',
        'refused(folder, f"{name} is missing")',
        "refused(folder, str(error))",
        'refused(folder, "missing_tensor")',
        'refused(folder, "missing_tensor", name=name, file=file)',
        'flaws.Flaw("missing_key")',
        'Flaw("lone_adapter" if few else "prose")',
        'UsageError(Code.BAD_SET, path=path, why="there is nothing in it")',
    ],
)
def test_prose_and_wrong_facts_are_found(bad: str):
    assert [*problems(refusing(bad, "bad.py"))]


def test_every_reason_is_used():
    used = {call.key for call in every_call()}
    assert sorted(REASONS.keys() - used) == []


@pytest.mark.parametrize("key", sorted(REASONS))
def test_both_languages_say_the_same_facts(key: str):
    english, chinese = REASONS[key]
    assert fields(english) == fields(chinese)
    assert not fields(english) & {"path", "why", "code"}  # the sentence around it has these
    assert english.isascii()
    assert key == "words" or re.search("[\u4e00-\u9fff]", chinese)
    for text in (english, chinese):
        assert not text.endswith((".", "。"))


def test_the_reason_is_said_in_the_language_of_its_sentence():
    error = refused(Path("/glm"), "missing_tensor", name="lm_head.weight")
    assert say_error(error, "en").startswith("The model in /glm is refused: the tensor lm_head.weight is missing.")
    assert say_error(error, "zh").startswith("模型 /glm 被拒绝：缺少张量 lm_head.weight。")


def test_a_librarys_words_are_one_line_of_bounded_length():
    error = Flaw("unreadable_file", words="torn\n\n  here" + "x" * 1000).of(Path("/glm"), file="a.bin")
    assert "：“torn herexxx" in say_error(error, "zh")
    assert len(say_error(error, "zh")) < 400
