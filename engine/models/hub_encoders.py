"""A folder that holds a BGE, or another encoder of sentences, in the shape in which the hub keeps them: what it says.

model.onnx or onnx/model.onnx      the network, alone or with files of weights beside it
tokenizer.json or vocab.txt        with tokenizer_config.json and special_tokens_map.json
config.json                        how many positions there are
modules.json, 1_Pooling/config.json, sentence_bert_config.json, config_sentence_transformers.json
                                   pooling, normalisation, maximum length, what goes before a text
                                   (https://sbert.net/docs, as versions 2 to 5 write them)
README.md                          a card with licence and languages
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from engine.errors import BrokenInstallation, Code
from engine.models import bert_tokenizers, instructions, model_cards
from engine.models.flaws import Flaw, refused
from engine.models.manifest import Pooling

_ONNX = ("model.onnx", "onnx/model.onnx")
_TORCH = ("*.safetensors", "pytorch_model*.bin")
_KINDS = ("bert", "roberta", "xlm-roberta", "distilbert", "electra", "mpnet", "camembert", "nomic_bert", "modernbert")
_SIGNS = (*_ONNX, "modules.json", "1_Pooling", "sentence_bert_config.json", "config_sentence_transformers.json")
_SERVED = ("Transformer", "Pooling", "Normalize")
_MODES = {  # as versions before 5 wrote them
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_USUAL_TOKENS = 512

Settings = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Encoder:
    """What is served of it must be what it was trained as."""

    tokenizer: str  # the text of tokenizer.json
    pooling: Pooling
    normalise: bool
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    languages: tuple[str, ...]
    base_model: str
    licence: str


def looks_like_one(folder: Path) -> bool:
    """Whether the folder means to be an encoder of sentences, sound or not."""
    if any((folder / sign).exists() for sign in _SIGNS):
        return True
    try:
        return _settings(folder, "config.json").get("model_type") in _KINDS
    except Exception:  # whoever reads it as something else says what is wrong
        return False


def weights(folder: Path) -> Path:
    """The ONNX file.

    Raises BrokenInstallation: NOT_EXPORTED where there are only weights for PyTorch, BAD_MODEL where there are none.
    """
    for name in _ONNX:
        if (folder / name).is_file():
            return folder / name
    if any(next(folder.glob(pattern), None) for pattern in _TORCH):
        raise BrokenInstallation(Code.NOT_EXPORTED, path=str(folder))
    raise refused(folder, "no_file", file=_ONNX[0])


def read(folder: Path) -> Encoder:
    """Everything but the network.

    Raises BrokenInstallation: BAD_MODEL for what is damaged, NOT_AN_EMBEDDER for what works in another way.
    """
    config = _settings(folder, "config.json")
    transformer = _settings(folder, "sentence_bert_config.json")
    prompts = _mapping(_settings(folder, "config_sentence_transformers.json").get("prompts"))
    words = _settings(folder, "special_tokens_map.json") | _settings(folder, "tokenizer_config.json")
    card = model_cards.read(folder)
    base = next(iter(card.get("base_model", ())), "") or Path(str(config.get("_name_or_path") or "")).name
    names = [called(folder), base]
    try:
        tokenizer = bert_tokenizers.tokenizer_json(folder, words, bool(transformer.get("do_lower_case")))
    except Flaw as flaw:
        raise flaw.of(folder) from flaw
    chinese = bert_tokenizers.chinese_share(tokenizer)
    languages = card.get("language", ())
    if instructions.is_bge(names) and not languages:
        languages = (instructions.language(names, (), chinese),)
    modules = _modules(folder)
    return Encoder(
        tokenizer=tokenizer,
        pooling=_pooling(folder, modules, instructions.is_bge(names)),
        normalise=modules is None or "Normalize" in modules,
        max_tokens=_max_tokens(folder, config, transformer, words),
        query_prefix=_query_prefix(prompts, names, languages, chinese),
        passage_prefix=_text(prompts.get("document")) or _text(prompts.get("passage")),
        languages=languages,
        base_model=base or called(folder),
        licence=model_cards.licence(card),
    )


def first_position(model_type: str) -> int:
    """How many positions of a network no token takes."""
    return 2 if model_type in ("roberta", "xlm-roberta", "camembert", "mpnet") else 0


def called(folder: Path) -> str:
    """A folder's name; a snapshot in the hub's cache is called by its repository, not by its commit."""
    folder = folder.resolve()
    return folder.parent.parent.name.rpartition("--")[2] if folder.parent.name == "snapshots" else folder.name


def _query_prefix(prompts: Mapping[str, object], names: list[str], languages: tuple[str, ...], chinese: float) -> str:
    """Version 5 writes an empty "query" by itself; our training writes one for each language, and means it."""
    spoken = f"query_{instructions.language(names, languages, chinese)}"
    if query := _text(prompts.get("query")):
        return query
    if spoken in prompts:
        return _text(prompts[spoken])
    return instructions.query_prefix(names, languages, chinese)


# --- how states become one vector --------------------------------------------------------------------------------


def _modules(folder: Path) -> dict[str, str] | None:
    """The modules that a text goes through, each with its folder; None where the model does not say."""
    found = _json(folder, "modules.json")
    if found is None:
        return None
    try:
        modules = {str(module["type"]).rpartition(".")[2]: str(module["path"]) for module in found}
    except (LookupError, TypeError) as error:
        raise refused(folder, "no_modules", file="modules.json") from error
    for kind, path in modules.items():
        if kind not in _SERVED:
            raise Flaw("other_module", kind=kind).of(folder, Code.NOT_AN_EMBEDDER)
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or set(path) & set("\\:\0"):
            raise refused(folder, "names_outside", file="modules.json", name=path)
    return modules


def _pooling(folder: Path, modules: dict[str, str] | None, is_bge: bool) -> Pooling:
    place = (modules or {}).get("Pooling", "1_Pooling")
    name = f"{place}/config.json"
    settings = _settings(folder, name)
    if not settings:
        if is_bge:
            return "cls"
        raise Flaw("no_pooling", file=name).of(folder, Code.NOT_AN_EMBEDDER)
    modes = _modes(settings)
    if modes == ["cls"]:
        return "cls"
    if modes == ["mean"] and settings.get("include_prompt") is not False:
        return "mean"
    mode = " + ".join(modes) if modes != ["mean"] else "mean, include_prompt: false"
    raise Flaw("other_pooling", file=name, mode=mode).of(folder, Code.NOT_AN_EMBEDDER)


def _modes(settings: Settings) -> list[str]:
    if given := settings.get("pooling_mode"):
        return [str(mode) for mode in given] if isinstance(given, list) else [str(given)]
    return [mode for key, mode in _MODES.items() if settings.get(key) is True] or ["none"]


def _max_tokens(folder: Path, config: Settings, transformer: Settings, words: Settings) -> int:
    """What was trained, and never more than there are positions."""
    positions = _count(folder, config, "config.json", "max_position_embeddings")
    if positions is not None:
        positions -= first_position(str(config.get("model_type")))
    trained = _count(folder, transformer, "sentence_bert_config.json", "max_seq_length")
    wanted = trained or bert_tokenizers.longest(words) or _USUAL_TOKENS
    return wanted if positions is None else min(wanted, positions)


def _count(folder: Path, settings: Settings, file: str, key: str) -> int | None:
    count = settings.get(key)
    if count is not None and (type(count) is not int or count < 3):  # a start, a token, an end
        raise refused(folder, "wrong_value", file=file, key=key, value=repr(count))
    return count


# --- files -------------------------------------------------------------------------------------------------------


def _settings(folder: Path, name: str) -> Settings:
    """One JSON object; an empty one where there is no such file."""
    found = _json(folder, name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise refused(folder, "no_object", file=name)
    return found


def _json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise refused(folder, "unreadable_file", file=name, words=error) from error


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
