import re
import string

import pytest

from engine.errors import Code
from engine.texts import _TEXTS, say, say_reason
from engine.types import Reason


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", list(Code))
def test_every_error_has_its_sentence(code: Code):
    assert code.value in _TEXTS


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reason_has_its_sentence(reason: Reason, language):
    assert say_reason(reason, language)


@pytest.mark.parametrize("key", sorted(_TEXTS))
def test_both_languages_say_the_same_facts(key: str):
    english, chinese = _TEXTS[key]
    assert fields(english) == fields(chinese)
    assert english.isascii() or key == "models_row" or not re.search("[\u4e00-\u9fff]", english)


def test_a_sentence_is_filled():
    assert say("page", "zh", number=3) == "第 3 页"
