"""The rules that the person gave, as the settings keep them: a line each."""

from __future__ import annotations

from collections.abc import Iterable

from engine.errors import Code, UsageError
from engine.library.excluding import is_rule


def rules_in(setting: str) -> list[str]:
    return [line for line in setting.split("\n") if is_rule(line)]


def with_rules(setting: str, rules: Iterable[str]) -> str:
    """The setting with `rules` after what it has. Raises UsageError for one that says nothing."""
    kept = rules_in(setting)
    for rule in rules:
        if "\n" in rule or not is_rule(rule):
            raise UsageError(Code.BAD_RULE, rule=rule)
        if rule in kept:
            kept.remove(rule)  # a later rule is the stronger
        kept.append(rule)
    return "\n".join(kept)


def without_rules(setting: str, rules: Iterable[str]) -> str:
    """The setting without `rules`. Raises UsageError for one that it does not have."""
    kept = rules_in(setting)
    for rule in rules:
        if rule not in kept:
            raise UsageError(Code.NO_SUCH_RULE, rule=rule)
        kept.remove(rule)
    return "\n".join(kept)
