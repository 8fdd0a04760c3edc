"""Everything of ours in a data folder, and its end: what the program has made goes, and nothing else."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from filelock import FileLock, Timeout

from engine.config import SAMPLE, Config
from engine.errors import BrokenInstallation, BusyLibrary, Code, UsageError

# What there may be, by what it is for people. Files that are put aside keep their names' beginnings.
BELONGINGS: dict[str, tuple[str, ...]] = {
    "library": ("library.sqlite*", "library-*.sqlite*", "vectors", SAMPLE),
    "conversations": ("conversations.sqlite*", "conversations-*.sqlite*"),
    "models": ("models", "cuda", "speeds.json"),
    "copies": ("backups",),
    "settings": ("settings.toml", "settings.new", "window.ini"),
    "records": ("logs", "crashes"),
}
_PASSING = ("index.lock", "window.*", "inkstone.socket", "settings.*", "speeds.*")  # while the program runs
_NAMED = 3  # of what is not ours
_WAIT_S = 3.0  # for an engine that has just been ended to let go of the library


@dataclass(frozen=True, slots=True)
class Part:
    """One sort of what goes."""

    name: str  # a key of BELONGINGS
    paths: tuple[Path, ...]
    size_bytes: int


def parts(config: Config) -> tuple[Part, ...]:
    """What is there, by sorts; a sort that is not there is left out."""
    found = []
    for name, patterns in BELONGINGS.items():
        paths = tuple(path for pattern in patterns for path in sorted(config.home.glob(pattern)))
        if paths:
            found.append(Part(name, paths, sum(map(size_of, paths))))
    return tuple(found)


def erase(config: Config) -> None:
    """Delete all of it; the folder itself stays. No link is followed.

    Raises, before anything is deleted, UsageError(OTHERS_IN_HOME) where the folder is not ours alone (somebody's own
    `models` would be taken for ours there), and BusyLibrary while another process indexes into it; BrokenInstallation
    where something cannot be deleted.
    """
    if others := _others(config.home):
        raise UsageError(Code.OTHERS_IN_HOME, path=str(config.home), names=", ".join(others[:_NAMED]))
    with _alone(config):
        for part in parts(config):
            for path in part.paths:
                _delete(path)
    config.index_lock.unlink(missing_ok=True)


def _others(home: Path) -> list[str]:
    """The names of what no version of the program has put there."""
    ours = [*(pattern for patterns in BELONGINGS.values() for pattern in patterns), *_PASSING]
    return sorted(path.name for path in home.iterdir() if not any(fnmatchcase(path.name, each) for each in ours))


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; what goes meanwhile counts nothing."""
    files = path.rglob("*") if path.is_dir() and not path.is_symlink() else [path]
    total = 0
    for file in files:
        with contextlib.suppress(OSError):
            total += file.lstat().st_size if not file.is_dir() or file.is_symlink() else 0
    return total


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        where = str(error.filename or path)
        raise BrokenInstallation(Code.CANNOT_WRITE, path=where, why=error.strerror or str(error)) from error


@contextlib.contextmanager
def _alone(config: Config) -> Iterator[None]:
    lock = FileLock(config.index_lock)
    try:
        lock.acquire(timeout=_WAIT_S)
    except Timeout as error:
        raise BusyLibrary from error
    try:
        yield
    finally:
        lock.release()
