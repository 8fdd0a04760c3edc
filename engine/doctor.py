"""What is installed, what is missing, and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from engine.assistant import Assistant
from engine.config import Config, system_language
from engine.documents import ocr_files
from engine.errors import EngineError
from engine.mending import flaws
from engine.models import cuda
from engine.models.devices import missing
from engine.texts import say, say_error
from engine.types import Notice

_PACKAGES = ("PySide6-Essentials", "ctranslate2", "hnswlib", "onnx", "onnxruntime", "pymupdf", "tokenizers", "watchdog")
_LEAST_FREE_BYTES = 500 * 10**6


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `text` says what was found and, where it is not sound, what to do."""

    name: str
    sound: bool
    text: str


def examine(config: Config, assistant: Assistant) -> list[Finding]:
    """Everything, in the order in which one would mend it."""
    return [
        Finding("python", True, f"{platform.python_version()} · {platform.platform()} · {os.cpu_count()} CPU"),
        *_packages(),
        _ocr(config, assistant),
        _disk(config),
        _library(assistant),
        *(Finding("watching", False, say(each.code, system_language(), **each.facts)) for each in _notices(assistant)),
        _examined("embedder", lambda: _embedder(assistant)),
        *([_examined("reader", lambda: _reader(assistant))] if assistant.config.settings.reader else []),
        _examined("search", lambda: _search(assistant)),
        gpu(config),
        _generator(assistant),
    ]


def _packages() -> Iterator[Finding]:
    for name in _PACKAGES:
        try:
            yield Finding(name, True, version(name))
        except PackageNotFoundError:
            yield Finding(name, False, say("doctor_missing", system_language()))


def _ocr(config: Config, assistant: Assistant) -> Finding:
    """Without it everything else works, so nothing is wrong; scans stay without text."""
    language = system_language()
    if ocr_files.installed() is None:
        is_packaged = getattr(sys, "frozen", False)
        return Finding("ocr", True, say("doctor_no_ocr_package" if is_packaged else "doctor_no_ocr", language))
    if not config.settings.ocr:
        return Finding("ocr", True, say("doctor_ocr_off", language, path=config.home / "settings.toml"))
    count = assistant.status().scans_left
    return Finding("ocr", True, say("doctor_ocr", language, version=version("rapidocr"), count=count))


def _disk(config: Config) -> Finding:
    free = shutil.disk_usage(config.home).free
    sound = free >= _LEAST_FREE_BYTES
    key = "doctor_disk" if sound else "doctor_disk_full"
    return Finding("disk", sound, say(key, system_language(), path=config.home, free=f"{free / 1e9:.1f}"))


def _library(assistant: Assistant) -> Finding:
    language = system_language()
    damage = assistant.store.database.problems()
    if damage:
        text = say("damaged_library", language, path=assistant.config.library, why="; ".join(damage))
        return Finding("library", False, text)
    found = flaws(assistant.config, assistant.store)
    if found:
        told = [say(flaw.code, language, count=flaw.count) for flaw in found]
        return Finding("library", False, " ".join([*told, say("doctor_mend", language)]))
    status = assistant.status()
    text = say(
        "status_counts",
        system_language(),
        indexed=status.indexed,
        waiting=status.waiting,
        failed=status.failed,
        passages=status.passages,
        embedder=status.embedder,
    )
    if status.anew:
        anew = status.anew
        text += " " + say(
            "status_anew", language, name=anew.embedder, done=anew.done, total=anew.total, before=anew.before
        )
    return Finding("library", True, text)


def _notices(assistant: Assistant) -> tuple[Notice, ...]:
    with suppress(EngineError):  # a damaged library was told of before
        return assistant.status().notices
    return ()


def gpu(config: Config) -> Finding:
    """Without a card everything works, only slower: what is missing is wrong for whoever chose the card."""
    language = system_language()
    if not cuda.has_driver():
        return Finding("gpu", config.settings.device != "cuda", say("doctor_no_gpu", language))
    folder = config.home / cuda.FOLDER
    if names := cuda.missing(folder):
        notice = missing(names, folder)
        return Finding("gpu", config.settings.device != "cuda", say(notice.code, language, **notice.facts))
    return Finding("gpu", True, say("doctor_gpu", language))


def _examined(name: str, examine_it: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, examine_it())
    except EngineError as error:
        return Finding(name, False, say_error(error, system_language()))


def _embedder(assistant: Assistant) -> str:
    manifest = assistant.models.check(assistant.config.settings.embedder)
    return f"{manifest.name} · {manifest.dimension} · CPU × {assistant.config.threads}"


def _reader(assistant: Assistant) -> str:
    manifest = assistant.models.check(assistant.config.settings.reader)
    return f"{manifest.name} · {', '.join(manifest.languages)} · CPU × {assistant.config.threads}"


def _generator(assistant: Assistant) -> Finding:
    try:
        model = assistant.generator()
    except EngineError as error:
        return Finding("generator", False, say_error(error, system_language()))
    if model is None:
        return Finding("generator", True, say("doctor_no_generator", system_language()))
    needed, free = f"{model.needed_bytes / 1e9:.1f}", f"{model.free_bytes / 1e9:.1f}"
    if model.needed_bytes > model.free_bytes and model.device != "cuda":
        return Finding("generator", False, say("no_memory_for_model", system_language(), needed=needed, free=free))
    facts = {"name": model.name, "device": model.device or "cuda / cpu", "compute_type": model.compute_type}
    return Finding("generator", True, say("doctor_generator", system_language(), needed=needed, free=free, **facts))


def _search(assistant: Assistant) -> str:
    assistant.search("inkstone", 1)
    return say("doctor_ok", system_language())
