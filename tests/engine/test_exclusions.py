import pytest

from engine.errors import Code, UsageError
from engine.exclusions import rules_in, with_rules, without_rules


def test_rules_come_and_go():
    setting = with_rules("", ["*.log", "old/"])
    assert rules_in(setting) == ["*.log", "old/"]
    assert rules_in(without_rules(setting, ["*.log"])) == ["old/"]


def test_a_rule_given_again_is_the_strongest():
    assert with_rules("*.txt\n!a.txt", ["*.txt"]) == "!a.txt\n*.txt"


@pytest.mark.parametrize("rule", ["", "# all", "a\nb", "/"])
def test_what_is_no_rule_is_refused(rule: str):
    with pytest.raises(UsageError) as caught:
        with_rules("*.log", [rule])
    assert caught.value.code is Code.BAD_RULE


def test_a_rule_that_is_not_there_cannot_go():
    with pytest.raises(UsageError) as caught:
        without_rules("*.log", ["*.txt"])
    assert caught.value.code is Code.NO_SUCH_RULE
