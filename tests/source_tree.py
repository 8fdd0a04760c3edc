"""A tree of sources as the rules of `test_architecture` see it: its modules, their imports, and the files' texts."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Use:
    """One import. `target` is a module of ours in full, or whatever the statement names."""

    target: str
    line: int
    in_function: bool

    @property
    def top(self) -> str:
        return self.target.partition(".")[0]


@dataclass(frozen=True)
class Module:
    name: str
    uses: tuple[Use, ...]

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]

    def at(self, use: Use) -> str:
        return f"{self.name}:{use.line} imports {use.target}"


@cache
def modules(root: Path) -> list[Module]:
    paths = {
        name_of(path.relative_to(root)): path
        for top in ("engine", "desktop_app", "training")
        for path in sorted((root / top).rglob("*.py"))
    }
    known = frozenset(paths)
    return [
        Module(name, tuple(uses(path.read_text("utf-8"), name, path.name == "__init__.py", known)))
        for name, path in paths.items()
    ]


def name_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def uses(source: str, name: str, is_package: bool, known: frozenset[str]) -> Iterator[Use]:
    def walk(node: ast.AST, in_function: bool) -> Iterator[Use]:
        for target in targets(node, name, is_package, known):
            yield Use(target, getattr(node, "lineno", 0), in_function)
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(ast.parse(source), False)


def targets(node: ast.AST, name: str, is_package: bool, known: frozenset[str]) -> Iterator[str]:
    """What one statement imports: `from engine import wire` means engine.wire where there is such a module."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parents = name.split(".") if is_package else name.split(".")[:-1]
            base = ".".join((*parents[: len(parents) - node.level + 1], *([node.module] if node.module else [])))
        for alias in node.names:
            yield f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if called in {"import_module", "__import__"}:
            yield from (str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant))


def tracked_texts(root: Path) -> Iterator[tuple[str, str]]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: nothing says which files belong to the project")
    yield from readable(root, done.stdout.decode("utf-8", "surrogateescape").split("\0"))


def all_texts(root: Path) -> Iterator[tuple[str, str]]:
    yield from readable(root, (str(path.relative_to(root)) for path in root.rglob("*")))


def readable(root: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        path = root / name
        if name and path.is_file() and path.suffix != ".svg":
            data = path.read_bytes()
            if b"\0" not in data[:8192]:
                yield name, data.decode("utf-8", "replace")
