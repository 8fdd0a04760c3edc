"""The virtual environments: is one what we need, and making it so. Safe to interrupt, and to run twice at once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path

from setting_up import said, step
from system_packages import ensure, missing_to_install


class Need(Enum):
    NOTHING = "nothing"
    INSTALL = "install"  # pip puts the rest on top of what is there
    REBUILD = "rebuild"


@dataclass(frozen=True)
class Stamp:
    """What an environment was made for and of. It is written as incomplete before pip starts."""

    root: str  # scripts and the editable install name the checkout by its path
    python: str
    project: str  # sha256 of pyproject.toml
    extras: tuple[str, ...]
    complete: bool = False
    entries: tuple[str, ...] = ()  # what lay in site-packages in the end: names carry the versions

    @classmethod
    def from_text(cls, text: str) -> Stamp | None:
        """None for anything that we did not write."""
        try:
            values = json.loads(text)
            return cls(**{**values, "extras": tuple(values["extras"]), "entries": tuple(values["entries"])})
        except (ValueError, TypeError, KeyError):
            return None

    def to_text(self) -> str:
        return json.dumps(asdict(self), indent=1)


def need(found: Stamp | None, wanted: Stamp, entries: set[str]) -> Need:
    """What an environment that starts needs: `found` is its stamp, `entries` lie in its site-packages now."""
    if found is None:
        return Need.INSTALL  # somebody made it by hand
    if not found.complete or (found.root, found.python) != (wanted.root, wanted.python):
        return Need.REBUILD
    if not entries.issuperset(found.entries):
        return Need.REBUILD  # something was deleted or changed, and pip may not notice
    if found.project != wanted.project or not set(found.extras).issuperset(wanted.extras):
        return Need.INSTALL
    return Need.NOTHING


class Environment:
    """The virtual environment of the checkout at `root`, or another one in `folder`."""

    def __init__(self, root: Path, folder: Path | None = None) -> None:
        self.root = root
        self.folder = folder or root / ".venv"
        self.stamp = self.folder / "inkstone-setup.json"

    @property
    def python(self) -> Path:
        return self.script("python")

    def script(self, name: str) -> Path:
        return self.folder / "Scripts" / f"{name}.exe" if os.name == "nt" else self.folder / "bin" / name

    @property
    def site_packages(self) -> Path:
        if os.name == "nt":
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"

    def prepare(self, extras: tuple[str, ...] = (), first: tuple[str, ...] = ()) -> None:
        """Inkstone with `extras` is installed when this returns; `first` are installed before, in a step of their own.

        Raises SetupFailed.
        """
        wanted = Stamp(str(self.root), python_identity(), self._project(), extras)
        if self._need(wanted) is Need.NOTHING:
            return
        with locked(self.root / "build" / "bootstrap.lock"):
            needed = self._need(wanted)  # another set-up may just have done it
            if needed is Need.NOTHING:
                return
            ensure(missing_to_install())
            if needed is Need.REBUILD:
                step(
                    f"Making the environment {self.folder.name}",
                    [sys.executable, "-m", "venv", "--clear", str(self.folder)],
                    self.root,
                )
            self.stamp.write_text(wanted.to_text(), "utf-8")
            if first:
                self._pip(f"Installing {' '.join(first)}", list(first))
            names = f"[{','.join(extras)}]" if extras else ""
            self._pip("Installing Inkstone and the packages that it needs", ["-e", f".{names}"])
            self._finish(wanted)

    def _need(self, wanted: Stamp) -> Need:
        if not self._starts() or not self.site_packages.is_dir():
            return Need.REBUILD
        found = Stamp.from_text(self.stamp.read_text("utf-8")) if self.stamp.exists() else None
        return need(found, wanted, self._entries())

    def _starts(self) -> bool:
        with contextlib.suppress(OSError):
            command = [str(self.python), "-c", "import pip"]
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        return False

    def _project(self) -> str:
        return hashlib.sha256((self.root / "pyproject.toml").read_bytes()).hexdigest()

    def _entries(self) -> set[str]:
        return {entry.name for entry in self.site_packages.iterdir() if entry.name != "__pycache__"}

    def _pip(self, label: str, arguments: list[str]) -> None:
        environment = {
            **os.environ,
            "HNSWLIB_NO_NATIVE": "1",  # else it runs only on processors like the one that it was built on
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
        }
        step(label, [str(self.python), "-m", "pip", "install", *arguments], self.root, environment)

    def _finish(self, wanted: Stamp) -> None:
        """The stamp becomes complete in one move: whoever reads it sees the old or the new one."""
        done = replace(wanted, complete=True, entries=tuple(sorted(self._entries())))
        temporary = self.stamp.with_suffix(".new")
        temporary.write_text(done.to_text(), "utf-8")
        temporary.replace(self.stamp)


def python_identity() -> str:
    return f"{sys.version} {sys.base_prefix}"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one process at a time is inside; the lock falls with its process."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a+b") as file:
        if not _try_lock(file.fileno()):
            said("Waiting for another set-up of this checkout to finish ...")
            while not _try_lock(file.fileno()):
                time.sleep(0.2)
        yield


if os.name == "nt":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, 0, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
