"""The `tokenizer.json` of a hub-shaped encoder: the one that it brings, or one made of its `vocab.txt`.

Made by the rules of BERT (Devlin et al. 2018, arXiv:1810.04805): text is cleaned and, for an uncased model, lowered and
freed of accents; every Chinese character stands alone; each word becomes the longest pieces that the vocabulary has.
A door of the `tokenizers` library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer  # type: ignore[import-untyped]
from tokenizers.decoders import WordPiece as WordPieceDecoder  # type: ignore[import-untyped]
from tokenizers.models import WordPiece  # type: ignore[import-untyped]
from tokenizers.normalizers import BertNormalizer  # type: ignore[import-untyped]
from tokenizers.pre_tokenizers import BertPreTokenizer  # type: ignore[import-untyped]
from tokenizers.processors import TemplateProcessing  # type: ignore[import-untyped]

from engine.models.flaws import Flaw

_TOKENIZER, _VOCABULARY = "tokenizer.json", "vocab.txt"
_CLASSES = ("BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer")  # those whose vocab.txt this rule reads
_SPECIAL = {"unk_token": "[UNK]", "sep_token": "[SEP]", "cls_token": "[CLS]", "pad_token": "[PAD]"}
_MASK = {"mask_token": "[MASK]"}
_NO_LIMIT = 10**6  # transformers writes 10**30 where a tokenizer has none


def tokenizer_json(folder: Path, settings: Mapping[str, Any], lowers: bool = False) -> str:
    """The text of `tokenizer.json`, which neither cuts nor fills.

    `settings` are those of `tokenizer_config.json` and `special_tokens_map.json`, of which only `vocab.txt` has need;
    `lowers`: sentence-transformers lowers every text first, whatever the tokenizer does.

    Raises Flaw, with the file's name.
    """
    if (folder / _TOKENIZER).is_file():
        values = _brought(folder / _TOKENIZER)
    elif (folder / _VOCABULARY).is_file():
        values = json.loads(_made(folder / _VOCABULARY, settings).to_str())
    else:
        raise Flaw("no_tokenizer")
    values |= {"truncation": None, "padding": None}  # either would act on every text
    if lowers:
        given = [values["normalizer"]] if values.get("normalizer") else []
        values["normalizer"] = {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, *given]}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def chinese_share(text: str) -> float:
    """The share (0..1) of a `tokenizer.json`'s vocabulary that is Chinese characters."""
    vocabulary = json.loads(text)["model"]["vocab"]
    words = [word if isinstance(word, str) else str(word[0]) for word in vocabulary]  # Unigram's are [word, score]
    chinese = sum(any("\u4e00" <= character <= "\u9fff" for character in word) for word in words)
    return chinese / max(1, len(words))


def longest(settings: Mapping[str, Any]) -> int | None:
    """How many tokens the tokenizer's settings allow; None where they set no limit."""
    count = settings.get("model_max_length")
    return count if type(count) is int and 0 < count < _NO_LIMIT else None


def _brought(path: Path) -> dict[str, Any]:
    """What the file says, after a look at what the library would believe.

    It is not written anew by the library, which prints a line for every id that is not there: of two words with the
    ids 0 and 2^31 as many gigabytes.
    """
    try:
        values: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Flaw("unreadable_file", file=path.name, words=error) from error
    model = values.get("model") if isinstance(values, dict) else None
    if not isinstance(model, dict) or not isinstance(model.get("vocab"), dict | list) or not model["vocab"]:
        raise Flaw("missing_key", file=path.name, key="model.vocab")
    try:
        Tokenizer.from_str(json.dumps(values))
    except Exception as error:  # the library raises no narrower one
        raise Flaw("unusable_file", file=path.name, words=error) from error
    return values


# --- of vocab.txt ------------------------------------------------------------------------------------------------


def _made(path: Path, settings: Mapping[str, Any]) -> Tokenizer:
    kind = str(settings.get("tokenizer_class") or _CLASSES[0]).removesuffix("Fast")
    if kind not in _CLASSES:
        raise Flaw("other_tokenizer", file=path.name, kind=kind)
    vocabulary = _vocabulary(path)
    special = {role: _token(settings.get(role), default) for role, default in (_SPECIAL | _MASK).items()}
    for role in _SPECIAL:
        if special[role] not in vocabulary:
            raise Flaw("no_special_token", file=path.name, token=special[role])
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token=special["unk_token"], max_input_chars_per_word=100))
    tokenizer.normalizer = BertNormalizer(
        clean_text=True,
        handle_chinese_chars=settings.get("tokenize_chinese_chars", True) is not False,
        strip_accents=settings.get("strip_accents"),  # None: as it lowers
        lowercase=settings.get("do_lower_case", True) is not False,
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.decoder = WordPieceDecoder()
    start, end = special["cls_token"], special["sep_token"]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{start} $A {end}",
        pair=f"{start} $A {end} $B:1 {end}:1",
        special_tokens=[(token, vocabulary[token]) for token in (start, end)],
    )
    tokenizer.add_special_tokens([token for token in special.values() if token in vocabulary])
    _check_round_trip(path, tokenizer, vocabulary, {*special.values()})
    return tokenizer


def _vocabulary(path: Path) -> dict[str, int]:
    """The entries by their line, counted from 0; of an entry on two lines the last counts, as in transformers.

    A line that is left without an entry gets one that no text contains: the library wants every id to be there.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Flaw("unreadable_file", file=path.name, words=error) from error
    while lines and not lines[-1].strip():
        lines.pop()
    entries = {line.rstrip("\r"): place for place, line in enumerate(lines)}
    entries.pop("", None)
    free = {*range(len(lines))} - {*entries.values()}
    return entries | {f"[line {place}]": place for place in free}


def _token(given: object, default: str) -> str:
    """A special token as the settings give it: a text, an object with its text, or not at all."""
    if isinstance(given, Mapping):
        given = given.get("content")
    return given if isinstance(given, str) and given and " " not in given else default


def _check_round_trip(path: Path, tokenizer: Tokenizer, vocabulary: Mapping[str, int], special: set[str]) -> None:
    """Every entry that stands for a whole word must get its own id: else no text means what it did in training."""
    words = [
        word
        for word in vocabulary
        if word not in special
        and not word.startswith("##")
        and len(word) <= 100
        and tokenizer.normalizer.normalize_str(word).strip() == word
        and len(tokenizer.pre_tokenizer.pre_tokenize_str(word)) == 1
    ]
    if not words:
        raise Flaw("no_words", file=path.name)
    for word, encoding in zip(words, tokenizer.encode_batch(words, add_special_tokens=False), strict=True):
        if encoding.ids != [vocabulary[word]]:
            raise Flaw("strays", file=path.name, word=word)
