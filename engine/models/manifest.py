"""What a model folder says about itself, and whether it is true: `model.json` <-> Manifest.

A folder is believed only when every file that its `model.json` names is inside it and has the sha256 written there.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from types import NoneType
from typing import Any, Literal

from engine.hashing import sha256_of
from engine.models.closeness import CosineScale
from engine.models.flaws import Flaw, refused

FILE_NAME = "model.json"
SCHEMA = 1

Kind = Literal["embedder", "reader", "generator"]
Pooling = Literal["mean", "cls"]

CHAT_TOKENS = ("[gMASK]", "sop", "<|system|>", "<|user|>", "<|assistant|>", "<|observation|>")

# Lower case, so that two models never meet in one folder on a file system that ignores case.
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,78}[a-z0-9])?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: `name` is relative to the folder, with forward slashes."""

    name: str
    sha256: str  # 64 hex digits


@dataclass(frozen=True, slots=True)
class Chat:
    """What a generator's prompts and memory go by."""

    special_ids: dict[str, int]  # each of CHAT_TOKENS at least
    end_ids: tuple[int, ...]  # any of them ends an answer
    cache_values: int  # numbers that the key/value cache holds for each token
    weight_bytes: int  # of the weights in memory, as converted


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a reader's numbers mean, as measured on questions that it was not trained on."""

    scale: float = 1.0  # of its relevance, and
    shift: float = 0.0  # what is added: a logistic regression (Platt 1999)
    bound: float = 0.5  # of confidence: below it nothing answers
    weight: float = 0.5  # what it counts in the ranking, beside the search

    def confidence(self, relevance: float) -> float:
        """0 to 1."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.scale * relevance + self.shift))))


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model folder's `model.json`. The first of `files` holds the weights: its hash names the vectors they make."""

    name: str
    kind: Kind
    files: tuple[ModelFile, ...]
    max_tokens: int  # special tokens counted
    dimension: int | None = None  # of a vector; embedders only
    pooling: Pooling | None = None  # embedders only
    normalise: bool = False
    scale: CosineScale | None = None  # of its cosines; embedders that were measured
    query_prefix: str = ""
    passage_prefix: str = ""
    prompt_version: str | None = None
    languages: tuple[str, ...] = ()
    base_model: str = ""
    licence: str = ""  # SPDX
    training_data: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    precision: str = ""
    chat: Chat | None = None  # generators only
    reading: Calibration | None = None  # readers only

    @property
    def id(self) -> str:
        """Names what the weights compute, in 12 hex digits after the name: the index records it beside its vectors."""
        return f"{self.name}@{self.files[0].sha256[:12]}"

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Reads `model.json`; the files beside it are not looked at.

        Raises BrokenInstallation(BAD_MODEL) with the reason.
        """
        try:
            return _parse((folder / FILE_NAME).read_text("utf-8"))
        except FileNotFoundError:
            raise refused(folder, "no_file", file=FILE_NAME) from None
        except Flaw as flaw:
            raise flaw.of(folder, file=FILE_NAME) from flaw
        except RecursionError as error:
            raise refused(folder, "too_deep", file=FILE_NAME) from error
        except (OSError, ValueError) as error:  # JSON's and UTF-8's errors are ValueErrors
            raise refused(folder, "unreadable_file", file=FILE_NAME, words=error) from error

    def save(self, folder: Path) -> None:
        values = {"schema": SCHEMA} | asdict(self)
        for name in ("chat", "reading", "scale"):
            if values[name] is None:
                del values[name]
        text = json.dumps(values, indent=2, ensure_ascii=False)
        (folder / FILE_NAME).write_text(text + "\n", "utf-8", newline="\n")

    @classmethod
    def verified(cls, folder: Path, kind: Kind, names: Sequence[str]) -> Manifest:
        """That of a sound folder of this kind, which lists the files called `names`.

        Raises BrokenInstallation(BAD_MODEL) with the reason.
        """
        manifest = cls.load(folder)
        manifest.verify(folder)
        if manifest.kind != kind:
            raise refused(folder, "another_kind", kind=manifest.kind, wanted=kind)
        for name in names:
            if all(file.name != name for file in manifest.files):
                raise refused(folder, "unlisted_file", file=name)
        return manifest

    def verify(self, folder: Path) -> None:
        """Raises BrokenInstallation(BAD_MODEL) unless every file is inside `folder` and has its sha256."""
        for file in self.files:
            _verify_file(folder, file)


def is_model_name(name: str) -> bool:
    """Whether `name` may name a model and its folder: lower case letters, digits, ". _ -", at most 80."""
    return _NAME.fullmatch(name) is not None


def _verify_file(folder: Path, file: ModelFile) -> None:
    path = folder / file.name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise refused(folder, "outside_file", file=file.name)
        if not path.is_file():
            raise refused(folder, "missing_file", file=file.name)
        found = sha256_of(path)
    except OSError as error:
        raise refused(folder, "unreadable_file", file=file.name, words=error.strerror or error) from error
    if found != file.sha256:
        raise refused(folder, "wrong_sha256", file=file.name, found=found, wanted=file.sha256)


_REQUIRED: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "kind": (str,),
    "files": (list,),
    "dimension": (int, NoneType),
    "pooling": (str, NoneType),
    "normalise": (bool,),
    "query_prefix": (str,),
    "passage_prefix": (str,),
    "max_tokens": (int,),
    "prompt_version": (str, NoneType),
    "languages": (list,),
    "base_model": (str,),
    "licence": (str,),
    "training_data": (str,),
    "scores": (dict,),
    "precision": (str,),
}


def _parse(text: str) -> Manifest:
    values = json.loads(text)
    if not isinstance(values, dict):
        raise Flaw("no_object")
    _check_schema(values)
    for key, kinds in _REQUIRED.items():
        _check_type(values, key, kinds)
    # model.json had none of these before there were such models
    chat, reading, scale = values.get("chat"), values.get("reading"), values.get("scale")
    values = {key: values[key] for key in _REQUIRED}
    values["files"] = tuple(_parse_file(item) for item in values["files"])
    values["languages"] = tuple(_parse_language(item) for item in values["languages"])
    values["scores"] = {key: _parse_score(key, value) for key, value in values["scores"].items()}
    manifest = Manifest(
        **values,
        chat=None if chat is None else _parse_chat(chat),
        reading=None if reading is None else _parse_reading(reading),
        scale=None if scale is None else _parse_scale(scale),
    )
    _check_values(manifest)
    return manifest


def _check_schema(values: dict[str, Any]) -> None:
    schema = values.get("schema")
    if type(schema) is not int or schema < 1:
        raise Flaw("no_schema")
    if schema > SCHEMA:
        raise Flaw("newer_schema", schema=schema, known=SCHEMA)


def _check_type(values: dict[str, Any], key: str, kinds: tuple[type, ...]) -> None:
    if key not in values:
        raise Flaw("missing_key", key=key)
    if type(values[key]) not in kinds:  # not isinstance: True is an int
        wanted = " / ".join("null" if kind is NoneType else kind.__name__ for kind in kinds)
        raise Flaw("not_as_wanted", key=key, value=repr(values[key]), wanted=wanted)


def _parse_file(item: object) -> ModelFile:
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in ("name", "sha256")):
        raise Flaw("nameless_file")
    name, sha256 = item["name"], item["sha256"]
    parts = PurePosixPath(name).parts
    # a backslash or a colon is a separator or a drive on Windows
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name or "\0" in name:
        raise Flaw("names_outside", name=repr(name))
    if _SHA256.fullmatch(sha256) is None:
        raise Flaw("no_sha256", value=repr(sha256), name=name)
    return ModelFile(name, sha256)


def _parse_language(item: object) -> str:
    if not isinstance(item, str):
        raise Flaw("wrong_value", key="languages", value=repr(item))
    return item


def _parse_score(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Flaw("wrong_value", key=f"scores.{key}", value=repr(value))
    return float(value)


def _parse_chat(chat: object) -> Chat:
    if not isinstance(chat, dict):
        raise Flaw("wrong_value", key="chat", value=repr(chat))
    ids, ends = chat.get("special_ids"), chat.get("end_ids")
    if not isinstance(ids, dict) or not all(type(id) is int and id >= 0 for id in ids.values()):
        raise Flaw("wrong_value", key="chat.special_ids", value=repr(ids))
    if missing := [name for name in CHAT_TOKENS if name not in ids]:
        raise Flaw("missing_key", key=f"chat.special_ids.{missing[0]}")
    if len({*ids.values()}) < len(ids):
        raise Flaw("same_ids")
    if not isinstance(ends, list) or not ends or not all(type(id) is int and id >= 0 for id in ends):
        raise Flaw("wrong_value", key="chat.end_ids", value=repr(ends))
    return Chat(ids, tuple(ends), _parse_count(chat, "cache_values"), _parse_count(chat, "weight_bytes"))


def _parse_count(chat: dict[str, Any], key: str) -> int:
    value = chat.get(key)
    if type(value) is not int or value < 1:
        raise Flaw("wrong_value", key=f"chat.{key}", value=repr(value))
    return value


def _parse_reading(reading: object) -> Calibration:
    if not isinstance(reading, dict):
        raise Flaw("wrong_value", key="reading", value=repr(reading))
    found = {key: _parse_number(reading, "reading", key) for key in ("scale", "shift", "bound", "weight")}
    for key, least in (("bound", 0.0), ("weight", 0.0)):
        if not least <= found[key] <= 1:
            raise Flaw("not_as_wanted", key=f"reading.{key}", value=found[key], wanted="0 ... 1")
    if found["scale"] <= 0:
        raise Flaw("not_as_wanted", key="reading.scale", value=found["scale"], wanted="> 0")
    return Calibration(**found)


def _parse_scale(scale: object) -> CosineScale:
    if not isinstance(scale, dict):
        raise Flaw("wrong_value", key="scale", value=repr(scale))
    found = CosineScale(_parse_number(scale, "scale", "strange"), _parse_number(scale, "scale", "right"))
    if found.right <= found.strange:
        raise Flaw("not_as_wanted", key="scale.right", value=found.right, wanted=f"> {found.strange}")
    return found


def _parse_number(values: dict[str, Any], of: str, key: str) -> float:
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Flaw("wrong_value", key=f"{of}.{key}", value=repr(value))
    return float(value)


def _check_values(manifest: Manifest) -> None:
    if not is_model_name(manifest.name):
        raise Flaw("bad_name", value=repr(manifest.name))
    if manifest.kind not in ("embedder", "reader", "generator"):
        raise Flaw("not_as_wanted", key="kind", value=repr(manifest.kind), wanted="embedder / reader / generator")
    if not manifest.files:
        raise Flaw("names_no_files")
    if manifest.max_tokens < 3:  # a start, a token, an end
        raise Flaw("wrong_value", key="max_tokens", value=manifest.max_tokens)
    if manifest.kind == "embedder":
        _check_embedder(manifest)
    if manifest.kind == "generator" and manifest.chat is None:
        raise Flaw("missing_key", key="chat")
    if manifest.kind == "reader" and manifest.reading is None:
        raise Flaw("missing_key", key="reading")


def _check_embedder(manifest: Manifest) -> None:
    if manifest.dimension is None or manifest.dimension < 1:
        raise Flaw("wrong_value", key="dimension", value=manifest.dimension)
    if manifest.pooling not in ("mean", "cls"):
        raise Flaw("not_as_wanted", key="pooling", value=repr(manifest.pooling), wanted="mean / cls")
