"""The engine's data as JSON lines, and back: what travels between the window and the engine process."""

from __future__ import annotations

import base64
import dataclasses
import json
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from engine import types

_KINDS: dict[str, Any] = {
    name: kind for name, kind in vars(types).items() if isinstance(kind, type) and dataclasses.is_dataclass(kind)
}


def encode(value: object) -> Any:
    """Any of `engine.types` as what JSON can hold; a dataclass carries its name under "is"."""
    if dataclasses.is_dataclass(value):
        pairs = {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"is": type(value).__name__, **pairs}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(value: Any) -> Any:
    """The opposite of `encode`: raises KeyError for a name that is not in `engine.types`."""
    if isinstance(value, dict) and "is" in value:
        kind = _KINDS[value["is"]]
        hints = _hints(kind)
        return kind(**{name: _shaped(hints[name], item) for name, item in value.items() if name != "is"})
    if isinstance(value, list):
        return tuple(decode(item) for item in value)
    return value


def to_line(message: dict[str, object]) -> bytes:
    """One message as one line. JSON escapes lone surrogates, so that any file name survives."""
    return json.dumps(encode(message), separators=(",", ":")).encode("ascii") + b"\n"


def from_line(line: bytes) -> dict[str, Any]:
    return {key: decode(value) for key, value in json.loads(line).items()}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)  # slow: it evaluates the annotations, and the window decodes on its own thread


def _shaped(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        if value is None:
            return None
        hint = next(option for option in get_args(hint) if option is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_shaped(get_args(hint)[0], item) for item in value)
    if get_origin(hint) is Literal:
        return value
    if hint is bytes:
        return base64.b64decode(value)
    if isinstance(hint, type) and issubclass(hint, (Enum, Path)):
        return hint(value)
    return decode(value)
