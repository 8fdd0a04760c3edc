"""Whether a generator fits into memory, and what it may keep there."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from engine.errors import BrokenInstallation, Code
from engine.models.manifest import Chat

_WEIGHT_BYTES = {"int8": 1, "float16": 2, "bfloat16": 2, "int16": 2, "float32": 4}
_PROMPT_TOKENS = 700  # of the shortest prompt worth having and its answer; 0.9 MB each for ChatGLM3 6B
_LOADING = 2.0  # times the weights: what Intel's MKL needs while a model loads (seen: 12.0 GB for 6.2)
_WORK_BYTES = 300 * 1024**2  # the interpreter, the library, and what computing a prompt needs for the moment


def free_bytes() -> int:
    return int(psutil.virtual_memory().available)


def needed_bytes(chat: Chat, precision: str, compute_type: str) -> int:
    """What a model needs on a CPU: its weights with a little to spare, and the key/value cache of a short prompt.

    Weights are first read as they were converted (`precision`), then turned into `compute_type`.
    """
    growth = _bytes_of(compute_type) / _bytes_of(precision)
    weights = int(chat.weight_bytes * max(1.0, growth) * 1.03)
    return weights + _PROMPT_TOKENS * token_bytes(chat) + _WORK_BYTES


def loads_with_mkl(chat: Chat, free: Callable[[], int] = free_bytes) -> bool:
    """Whether there is room to load with MKL, CTranslate2's choice on Intel's processors; oneDNN needs no more than
    the weights, and writes half as fast where the processor has no VNNI."""
    return free() > _LOADING * chat.weight_bytes + _WORK_BYTES


def prompt_tokens(chat: Chat, spare: int) -> int:
    """The longest prompt for which there is room on a CPU, with `spare` bytes beside the model.

    A cold one is held twice: kept for the next question, and in use.
    """
    return _PROMPT_TOKENS + spare // (2 * token_bytes(chat))


def too_little(chat: Chat, precision: str) -> BrokenInstallation:
    """What to raise when the memory ran out all the same."""
    needed = needed_bytes(chat, precision, precision)
    return BrokenInstallation(Code.NO_MEMORY_FOR_MODEL, needed=_gigabytes(needed), free=_gigabytes(free_bytes()))


def token_bytes(chat: Chat, compute_type: str = "float32") -> int:
    """What the key/value cache takes for one token. It has the type of what is computed: of int8 alone that is
    float32, and so it always is on a CPU."""
    return chat.cache_values * (2 if compute_type.endswith("float16") else 4)


def spare_bytes(needed: int, free: Callable[[], int] = free_bytes) -> int:
    """What is left beside the model. Raises BrokenInstallation(NO_MEMORY_FOR_MODEL) when it does not fit."""
    available = free()
    if needed > available:
        raise BrokenInstallation(Code.NO_MEMORY_FOR_MODEL, needed=_gigabytes(needed), free=_gigabytes(available))
    return available - needed


def _bytes_of(compute_type: str) -> int:
    return _WEIGHT_BYTES.get(compute_type.partition("_")[0], 1)


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f}"
