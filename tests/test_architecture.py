"""The house's walls: who may import whom, one door per library, and no traces of a machine.

Every rule is a function from a tree to the problems in it. Each is run on our tree, where it finds none, and on a
tiny bad tree, where it has to find something.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from source_tree import Module, all_texts, modules, tracked_texts, uses

ROOT = Path(__file__).resolve().parent.parent

# --- what holds -------------------------------------------------------------------------------------------------

WORDS = ("engine.types", "engine.errors")
ENGINE_ROOMS: dict[str, tuple[str, ...]] = {  # room → what of ours it may import; the longest name that fits counts
    "engine.types": (),
    "engine.errors": ("engine.types",),
    "engine.hashing": (),
    "engine.config": WORDS,
    "engine.refusals": (),
    "engine.command_texts": (),
    "engine.texts": (*WORDS, "engine.refusals", "engine.command_texts"),
    "engine.wire": WORDS,
    "engine.machine": ("engine.library.pacing",),
    "engine.children": (),
    "engine.documents": (*WORDS, "engine.children"),
    "engine.models": (*WORDS, "engine.hashing", "engine.children"),
    "engine.library": (*WORDS, "engine.hashing", "engine.documents", "engine.models"),
    "engine.answers": (
        *WORDS,
        "engine.texts",
        "engine.library",
        "engine.models",
        "engine.hashing",
        "engine.documents.sentences",
        "engine.documents.placing",
    ),
    "engine.conversations": (*WORDS, "engine.wire", "engine.library.database", "engine.library.keywords"),
    "engine.generation": (*WORDS, "engine.config", "engine.models", "engine.answers"),
    "engine.managing": (*WORDS, "engine.config", "engine.models", "engine.generation"),
    "engine.reading": (*WORDS, "engine.config", "engine.models"),
    "engine.samples": (*WORDS, "engine.config"),
    "engine.upkeep": (*WORDS, "engine.config", "engine.documents", "engine.library"),
    "engine.searching": (
        *WORDS,
        "engine.config",
        "engine.documents",
        "engine.models",
        "engine.library",
        "engine.answers",
    ),
    "engine.assistant": (
        *WORDS,
        "engine.config",
        "engine.exclusions",
        "engine.generation",
        "engine.managing",
        "engine.reading",
        "engine.samples",
        "engine.searching",
        "engine.machine",
        "engine.upkeep",
        "engine.texts",
        "engine.documents",
        "engine.models",
        "engine.library",
        "engine.answers",
        "engine.conversations",
    ),
    "engine.serving": (
        *WORDS,
        "engine.config",
        "engine.machine",
        "engine.wire",
        "engine.assistant",
        "engine.models.errands",
        "engine.conversations.keeping",
    ),
    "engine.erasing": (*WORDS, "engine.config"),
    "engine.question_sets": WORDS,
    "engine.scores": ("engine.library.keywords",),
    "engine.evaluation": (*WORDS, "engine.assistant", "engine.question_sets", "engine.scores"),
    "engine.mending": (*WORDS, "engine.config", "engine.library"),
    "engine.doctor": (
        *WORDS,
        "engine.config",
        "engine.texts",
        "engine.documents.ocr_files",
        "engine.models.cuda",
        "engine.models.devices",
        "engine.assistant",
        "engine.mending",
    ),
    "engine.exclusions": ("engine.errors", "engine.library.excluding"),
    "engine.printing": (*WORDS, "engine.texts"),
    "engine.progress": (*WORDS, "engine.texts"),
    "engine.commands": (
        *WORDS,
        "engine.config",
        "engine.texts",
        "engine.assistant",
        "engine.doctor",
        "engine.evaluation",
        "engine.exclusions",
        "engine.library.excluding",
        "engine.mending",
        "engine.models.manifest",
        "engine.printing",
        "engine.progress",
        "engine.question_sets",
    ),
    "engine.frozen": ("engine.children", "engine.cli"),
    "engine.cli": (
        *WORDS,
        "engine.config",
        "engine.machine",
        "engine.texts",
        "engine.assistant",
        "engine.commands",
        "engine.mending",
    ),
}
NOT_IN_ENGINE = {
    "PySide6",
    "bitsandbytes",
    "datasets",
    "desktop_app",
    "optimum",
    "peft",
    "sentence_transformers",
    "shiboken6",
    "torch",
    "training",
    "transformers",
}
PUBLIC_TO_WINDOW = (*WORDS, "engine.children", "engine.texts", "engine.wire", "engine.config", "engine.erasing")
ONE_DOOR = {
    *("pymupdf", "fitz", "rapidocr", "lxml", "olefile", "oxmsg", "xlrd"),
    *("onnx", "onnxruntime", "hnswlib", "ctranslate2", "watchdog", "sqlite3"),
}
SECOND_DOOR = {
    "ctranslate2": "engine.models.converting",
    "lxml": "engine.documents.hypertext",  # XML has rules and bounds of its own, in packages
    "onnxruntime": "engine.models.onnx_files",
}  # beside the one of the runtime
HEAVY = {*ONE_DOOR, "numpy", "tokenizers"} - {"sqlite3"}

# (module, what it imports inside a function): why
INSIDE_FUNCTIONS = {
    ("engine.models.catalog", "engine.models.converting"): "CTranslate2's specs take a second, and torch along",
    ("engine.models.catalog", "engine.models.encoder_importing"): "onnx and its quantiser serve nothing else",
    ("engine.documents.child", "engine.documents.recognising"): "300 MB of models and libraries, for scans alone",
    ("engine.documents.child", "resource"): "the module exists on POSIX only",
    ("engine.frozen", "engine.cli"): "the children that it becomes don't need the whole engine",
    ("desktop_app.crashes", "importlib.metadata"): "a twentieth of a start, for a report that seldom comes",
    ("engine.cli", "desktop_app.app"): "Qt is loaded only where a window is wanted; every other command works without",
}
UPWARD = {("engine.cli", "desktop_app.app")}  # `inkstone` without a command opens the window

MACHINE_PATH = re.compile(r"(^|[^A-Za-z0-9_.])/(work|root|farm)/", re.MULTILINE)
DOWNLOAD_HOST = re.compile(r"(index-url|registry|resolved|--extra-index)[^ \n]* *[=:\"]+ *https?://")


def test_engine_knows_no_window_and_no_training() -> None:
    assert [*foreign_to_engine(modules(ROOT))] == []


def test_rooms_of_the_engine_import_downwards_only() -> None:
    assert [*out_of_room(modules(ROOT))] == []


def test_window_imports_only_public_names_and_qt() -> None:
    assert [*foreign_to_window(modules(ROOT))] == []


def test_training_knows_no_window() -> None:
    assert [*foreign_to_training(modules(ROOT))] == []


def test_no_import_cycles() -> None:
    assert [*cycles(modules(ROOT))] == []


def test_one_door_per_library() -> None:
    assert [*second_doors(modules(ROOT))] == []


def test_imports_inside_functions_have_a_reason() -> None:
    assert [*hidden_imports(modules(ROOT))] == []


def test_every_listed_exception_is_still_needed() -> None:
    found = {(module.name, use.target) for module in modules(ROOT) for use in module.uses}
    assert {*INSIDE_FUNCTIONS, *UPWARD} <= found


def test_bootstrap_needs_only_the_standard_library() -> None:
    assert [*foreign_to_bootstrap(ROOT)] == []


def test_packaging_is_no_package() -> None:
    assert [*hiding_packages(ROOT)] == []


def test_no_machine_is_named_in_tracked_files() -> None:
    assert [*machine_traces(tracked_texts(ROOT))] == []


@pytest.mark.parametrize("name", ["types", "errors", "texts", "wire", "config", "children", "erasing"])
def test_what_the_window_imports_is_light(name: str) -> None:
    code = f"import sys, engine.{name}; print(*sorted({{*sys.modules}} & set({sorted(HEAVY)})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


# --- each rule finds what it is for -----------------------------------------------------------------------------

BAD_TREES: dict[str, tuple[Callable[[Path], Iterable[str]], dict[str, str]]] = {
    "engine imports Qt": (
        lambda root: foreign_to_engine(modules(root)),
        {"engine/library/store.py": "from PySide6.QtCore import QObject"},
    ),
    "engine imports torch where only a type checker looks": (
        lambda root: foreign_to_engine(modules(root)),
        {"engine/models/embedder.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch.nn"},
    ),
    "engine loads transformers by name": (
        lambda root: foreign_to_engine(modules(root)),
        {"engine/models/embedder.py": "import importlib\nlib = importlib.import_module('transformers')"},
    ),
    "another engine module opens the window": (
        lambda root: foreign_to_engine(modules(root)),
        {"engine/serving.py": "def run():\n    from desktop_app.app import run", "desktop_app/app.py": ""},
    ),
    "library imports answers": (
        lambda root: out_of_room(modules(root)),
        {"engine/library/store.py": "from engine.answers import citing", "engine/answers/citing.py": ""},
    ),
    "documents imports library by a relative name": (
        lambda root: out_of_room(modules(root)),
        {"engine/documents/reading.py": "from ..library import store", "engine/library/store.py": ""},
    ),
    "answers reads documents": (
        lambda root: out_of_room(modules(root)),
        {"engine/answers/citing.py": "import engine.documents.reading", "engine/documents/reading.py": ""},
    ),
    "a room that nobody decided on": (
        lambda root: out_of_room(modules(root)),
        {"engine/helpers.py": "", "engine/types.py": ""},
    ),
    "window imports the assistant": (
        lambda root: foreign_to_window(modules(root)),
        {"desktop_app/bridge.py": "from engine import assistant", "engine/assistant.py": ""},
    ),
    "window imports training": (
        lambda root: foreign_to_window(modules(root)),
        {"desktop_app/bridge.py": "import training.data", "training/data.py": ""},
    ),
    "window imports another library": (
        lambda root: foreign_to_window(modules(root)),
        {"desktop_app/bridge.py": "import numpy as np"},
    ),
    "training imports the window": (
        lambda root: foreign_to_training(modules(root)),
        {"training/evaluate.py": "from desktop_app.app import run", "desktop_app/app.py": ""},
    ),
    "two modules want each other": (
        lambda root: cycles(modules(root)),
        {"engine/models/a.py": "from engine.models import b", "engine/models/b.py": "import engine.models.a"},
    ),
    "a cycle of three through a function": (
        lambda root: cycles(modules(root)),
        {
            "training/a.py": "from training.b import x",
            "training/b.py": "from training.c import x",
            "training/c.py": "def f():\n    from training import a",
        },
    ),
    "two doors to sqlite3": (
        lambda root: second_doors(modules(root)),
        {"engine/library/store.py": "import sqlite3", "engine/doctor.py": "from sqlite3 import connect"},
    ),
    "tokenizers outside the models": (
        lambda root: second_doors(modules(root)),
        {"engine/documents/chunking.py": "from tokenizers import Tokenizer"},
    ),
    "an import inside a function": (
        lambda root: hidden_imports(modules(root)),
        {"engine/doctor.py": "def look():\n    import platform"},
    ),
    "an import inside a method of the window": (
        lambda root: hidden_imports(modules(root)),
        {
            "desktop_app/app.py": "class A:\n    async def f(self):\n        from engine import wire",
            "engine/wire.py": "",
        },
    ),
    "bootstrap imports a package": (
        lambda root: foreign_to_bootstrap(root),
        {"packaging/bootstrap.py": "import tqdm\nimport helping", "packaging/helping.py": ""},
    ),
    "packaging has become a package": (lambda root: hiding_packages(root), {"packaging/__init__.py": ""}),
    "tests have become a package": (lambda root: hiding_packages(root), {"tests/engine/__init__.py": ""}),
    "a path of a machine": (
        lambda root: machine_traces(all_texts(root)),
        {"README.md": "Run `" + "/".join(("", "work", "main")) + "/x`."},
    ),
    "a download address": (
        lambda root: machine_traces(all_texts(root)),
        {"pip.conf": "index-url" + " = https" + "://example.org/simple"},
    ),
}


@pytest.mark.parametrize("what", BAD_TREES)
def test_rule_finds(what: str, tmp_path: Path) -> None:
    rule, files = BAD_TREES[what]
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert [*rule(tmp_path)] != []


def test_rules_leave_a_good_tree_alone(tmp_path: Path) -> None:
    files = {
        "engine/types.py": "import dataclasses",
        "engine/wire.py": "from engine import types",
        "engine/library/store.py": "import sqlite3\nfrom engine.types import Hit",
        "engine/answers/citing.py": "from engine.documents.sentences import split",
        "engine/documents/sentences.py": "",
        "desktop_app/app.py": "from PySide6.QtWidgets import QApplication\nfrom engine import wire",
        "training/data.py": "import torch\nfrom engine.types import Hit",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    found = modules(tmp_path)
    rules = (foreign_to_engine, out_of_room, foreign_to_window, foreign_to_training, cycles, second_doors)
    assert [problem for rule in (*rules, hidden_imports) for problem in rule(found)] == []


# --- the rules --------------------------------------------------------------------------------------------------


def foreign_to_engine(found: list[Module]) -> Iterator[str]:
    for module in found:
        for use in module.uses:
            if module.top == "engine" and use.top in NOT_IN_ENGINE and (module.name, use.target) not in UPWARD:
                yield module.at(use)


def out_of_room(found: list[Module]) -> Iterator[str]:
    for module in found:
        if module.top != "engine" or module.name == "engine":
            continue
        room = room_of(module.name)
        if room is None:
            yield f"{module.name} stands in no room: give it a line in ENGINE_ROOMS"
            continue
        for use in module.uses:
            if use.target.startswith("engine.") and not is_within(use.target, (room, *ENGINE_ROOMS[room])):
                yield module.at(use)


def foreign_to_window(found: list[Module]) -> Iterator[str]:
    for module in found:
        for use in module.uses:
            if module.top != "desktop_app" or use.top in {"desktop_app", "PySide6"}:
                continue
            if use.top not in sys.stdlib_module_names and not is_within(use.target, PUBLIC_TO_WINDOW):
                yield module.at(use)


def foreign_to_training(found: list[Module]) -> Iterator[str]:
    for module in found:
        for use in module.uses:
            if module.top == "training" and use.top == "desktop_app":
                yield module.at(use)


def cycles(found: list[Module]) -> Iterator[str]:
    """Modules from which a way of imports leads back to themselves, those inside functions included."""
    ours = {module.name: {use.target for use in module.uses} - {module.name} for module in found}
    for name in ours:
        reached: set[str] = set()
        ahead = [*ours[name]]
        while ahead:
            target = ahead.pop()
            if target in ours and target not in reached:
                reached.add(target)
                ahead += ours[target]
        if name in reached and ours[name]:
            yield f"{name} imports itself by way of {', '.join(sorted(reached - {name}))}"


def second_doors(found: list[Module]) -> Iterator[str]:
    doors: dict[str, set[str]] = {}
    for module in found:
        for use in module.uses:
            if module.top == "engine" and use.top in ONE_DOOR:
                doors.setdefault(use.top, set()).add(module.name)
            if module.top == "engine" and use.top == "tokenizers" and not is_within(module.name, ("engine.models",)):
                yield module.at(use)
    for library, names in doors.items():
        names.discard(SECOND_DOOR.get(library, ""))
        if len(names) > 1:
            yield f"{library} is imported in {', '.join(sorted(names))}"


def hidden_imports(found: list[Module]) -> Iterator[str]:
    for module in found:
        for use in module.uses:
            # a training script may wait with its heavy libraries until its arguments are read
            if use.in_function and module.top != "training" and (module.name, use.target) not in INSIDE_FUNCTIONS:
                yield module.at(use)


def foreign_to_bootstrap(root: Path) -> Iterator[str]:
    scripts = sorted((root / "packaging").glob("*.py"))
    siblings = {path.stem for path in scripts}
    for path in scripts:
        for use in uses(path.read_text("utf-8"), path.stem, is_package=False, known=frozenset()):
            if use.top not in sys.stdlib_module_names and use.top not in siblings:
                yield f"{path.name}:{use.line} imports {use.target}"


def hiding_packages(root: Path) -> Iterator[str]:
    """`packaging/__init__.py` would hide the library of that name, and one under tests the package that it tests."""
    yield from (str(path.relative_to(root)) for path in root.glob("packaging/**/__init__.py"))
    yield from (str(path.relative_to(root)) for path in root.glob("tests/**/__init__.py"))


def machine_traces(texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in texts:
        for pattern in (MACHINE_PATH, DOWNLOAD_HOST):
            for match in pattern.finditer(text):
                yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group().strip()}"


def room_of(name: str) -> str | None:
    return max((room for room in ENGINE_ROOMS if is_within(name, (room,))), key=len, default=None)


def is_within(name: str, rooms: Iterable[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)
