"""Which files and folders are passed over: rules in the manner of .gitignore. Pure; it opens nothing.

The language is git's (https://git-scm.com/docs/gitignore), tested against git itself. Where it differs: names are
compared as characters, not bytes, and in one Unicode form, so that `?` is one Chinese character and a rule typed as
"é" also fits a name that a Mac stored as "e" and an accent.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

IGNORE_FILE = ".inkstoneignore"
GIT_IGNORE_FILE = ".gitignore"

# What nobody means to search: hidden things, what programs keep for themselves, files that are not finished yet.
DEFAULTS: tuple[str, ...] = (
    ".*",
    "node_modules/",
    "bower_components/",
    "__pycache__/",
    "site-packages/",
    "*.egg-info/",
    "__MACOSX/",
    "$RECYCLE.BIN/",
    "System Volume Information/",
    "lost+found/",
    "@eaDir/",
    "#recycle/",
    "~$*",
    "*~",
    "*.part",
    "*.crdownload",
    "*.download",
    "*.partial",
    "*.tmp",
    "*.temp",
    "Thumbs.db",
    "desktop.ini",
)

_IGNORING_CASE = re.IGNORECASE if sys.platform in ("win32", "darwin") else re.NOFLAG
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: what it fits is passed over, or with `!` after all not."""

    expression: str  # regular, for the whole name or the whole path below the rule's folder
    by_name: bool
    folders_only: bool
    taken_back: bool


@dataclass(frozen=True, slots=True)
class _Level:
    """The rules that stand in one folder, the later ones stronger."""

    base: str  # the folder, with the separator at its end
    rules: tuple[tuple[Rule, re.Pattern[str]], ...]
    names: re.Pattern[str]  # any rule by name: most names fit none, and are done with
    paths: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one folder: its own, and weaker, those of the folders above it."""

    levels: tuple[_Level, ...] = field(default=())  # the strongest first

    @classmethod
    def of(cls, folder: str, *texts: Iterable[str]) -> Rules:
        """Those in force at a watched folder; each of `texts` is stronger than the one before."""
        return cls().within(folder, [line for text in texts for line in text])

    def within(self, folder: str, lines: Iterable[str]) -> Rules:
        """With the rules in `lines`, which stand in `folder`."""
        rules = parse(lines)
        if not rules:
            return self
        level = _Level(
            base=folder if folder.endswith(os.sep) else folder + os.sep,
            rules=tuple((rule, re.compile(rule.expression, _FLAGS)) for rule in reversed(rules)),
            names=_any(rule for rule in rules if rule.by_name),
            paths=_any(rule for rule in rules if not rule.by_name) if any(not rule.by_name for rule in rules) else None,
        )
        return Rules((level, *self.levels))

    def excludes(self, path: str, name: str, is_folder: bool) -> bool:
        """Whether `path`, whose last part is `name`, is passed over. What stands above it has been asked before."""
        name = _normal(name)
        for level in self.levels:
            by_name = level.names.fullmatch(name)
            if not by_name and level.paths is None:
                continue
            below = _normal(path[len(level.base) :].replace(os.sep, "/"))
            if not by_name and level.paths and not level.paths.fullmatch(below):
                continue
            for rule, expression in level.rules:
                if (is_folder or not rule.folders_only) and expression.fullmatch(name if rule.by_name else below):
                    return not rule.taken_back
        return False


def rule_for(below: str) -> str:
    """The rule that fits one file alone: `below` is its path below the watched folder, with slashes."""
    escaped = re.sub(r"([\\*?\[])", r"\\\1", below)
    bare = escaped.rstrip(" ")
    return "/" + bare + "\\ " * (len(escaped) - len(bare))


def parse(lines: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that `lines` hold, in order; blank lines and comments are none."""
    return tuple(rule for line in lines if (rule := _rule(line)))


def is_rule(line: str) -> bool:
    """Whether a line says anything at all."""
    return _rule(line) is not None


def lines_of(text: str) -> list[str]:
    """The lines of an ignore file's text."""
    return text.removeprefix("\ufeff").split("\n")


_FLAGS = re.DOTALL | _IGNORING_CASE


def _rule(line: str) -> Rule | None:
    line = _without_blanks(line.removesuffix("\n").removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    taken_back = line.startswith("!")
    pattern = line[1:] if taken_back else line
    folders_only = pattern.endswith("/")
    pattern = pattern[:-1] if folders_only else pattern
    by_name = "/" not in pattern
    pattern = pattern.removeprefix("/")
    if not pattern:
        return None
    return Rule(_expression(_normal(pattern), by_name), by_name, folders_only, taken_back)


def _without_blanks(line: str) -> str:
    """Blanks at the end count only where a backslash stands before them."""
    bare = line.rstrip(" ")
    slashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if slashes % 2 and len(bare) < len(line) else bare


def _expression(pattern: str, by_name: bool) -> str:
    """The pattern as a regular expression; one that is malformed fits nothing, as in git."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            end = at + len(pattern[at:]) - len(pattern[at:].lstrip("*"))
            taken, at = _stars(pattern, at, end, by_name)
            parts.append(taken)
        elif char == "?":
            parts.append("[^/]")
            at += 1
        elif char == "[":
            group = _group(pattern, at)
            if group is None:
                return _NEVER
            parts.append(group[0])
            at = group[1]
        elif char == "\\":
            if at + 1 == len(pattern):
                return _NEVER
            parts.append(re.escape(pattern[at + 1]))
            at += 2
        else:
            parts.append(re.escape(char))
            at += 1
    return "".join(parts)


def _stars(pattern: str, start: int, end: int, by_name: bool) -> tuple[str, int]:
    """What the stars from `start` to `end` stand for, and where it goes on: `**` crosses folders between slashes."""
    begins = start == 0 or pattern[start - 1] == "/"
    if by_name or end - start != 2 or not begins:
        return "[^/]*", end
    if end == len(pattern):
        return ".+" if start else ".*", end
    if pattern[end] == "/":
        return "(?:.*/)?", end + 1
    return "[^/]*", end


_CLASSES = {  # of POSIX, as far as names need them
    "alnum": r"a-zA-Z0-9",
    "alpha": r"a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": r"0-9",
    "graph": r"\x21-\x7e",
    "lower": r"a-z",
    "print": r"\x20-\x7e",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r\f\v",
    "upper": r"A-Z",
    "xdigit": r"0-9a-fA-F",
}


def _group(pattern: str, start: int) -> tuple[str, int] | None:
    """The characters in brackets from `start` as an expression, and where it goes on; None when they never end."""
    at = start + 1
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    inside: list[str] = []
    first = True
    while first or pattern[at : at + 1] != "]":
        first = False
        if pattern.startswith("[:", at) and (end := pattern.find(":]", at)) > 0:
            if pattern[at + 2 : end] not in _CLASSES:
                return None
            inside.append(_CLASSES[pattern[at + 2 : end]])
            at = end + 2
            continue
        low, at = _char(pattern, at)
        high = low
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("", "]"):
            high, at = _char(pattern, at + 1)
        if not low or not high:
            return None
        if low <= high:
            inside.append(f"{re.escape(low)}-{re.escape(high)}")
    if negated:
        return f"[^/{''.join(inside)}]", at + 1
    return (f"(?!/)[{''.join(inside)}]" if inside else _NEVER), at + 1


def _char(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at : at + 1] == "\\":
        at += 1
    return pattern[at : at + 1], at + 1


def _any(rules: Iterable[Rule]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule.expression})" for rule in rules) or _NEVER, _FLAGS)


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
