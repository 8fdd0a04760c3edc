"""A model folder arrives completely or, whatever happens, not at all; and so it leaves."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import BrokenInstallation, BusyLibrary, Code

_PREFIX = ".importing-"  # before a folder's name until it is complete
_LOCK = ".lock"


@contextmanager
def arriving(target: Path) -> Iterator[Path]:
    """An empty folder to fill: it becomes `target` when the block ends well, else it is removed.

    It lies in a yard of its own beside `target`, next to the lock: that is held until the folder has its name, and
    Windows renames no folder with an open file in it.

    Raises BusyLibrary(IMPORTING_ELSEWHERE) or BrokenInstallation(NO_SPACE, CANNOT_WRITE).
    """
    yard = target.parent / (_PREFIX + target.name)
    try:
        yard.mkdir(parents=True, exist_ok=True)
        lock = _lock(yard)
    except (Timeout, FileNotFoundError) as error:  # the yard was cleared away this moment
        raise BusyLibrary(Code.IMPORTING_ELSEWHERE) from error
    except OSError as error:
        raise _cannot_write(target.parent, error) from error
    try:
        _empty(yard)  # what an import that was killed left behind
        temporary = yard / target.name
        temporary.mkdir()
        yield temporary
        _flush(temporary)
        temporary.rename(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise _cannot_write(target.parent, error) from error
    finally:
        _clear_away(yard, lock)


def remove_leftovers(parent: Path) -> None:
    """Removes what killed imports left in `parent`, and nothing that is arriving there now."""
    for yard in parent.glob(_PREFIX + "*"):
        with suppress(OSError):  # Timeout, too: somebody is at work there
            _clear_away(yard, _lock(yard))


def leave(folder: Path) -> None:
    """Removes a model's folder: at once it is no model any more, then its files go. Raises BrokenInstallation."""
    yard = folder.parent / f"{_PREFIX}{folder.name}"
    try:
        yard.mkdir(exist_ok=True)
        lock = _lock(yard)
    except Timeout as error:
        raise BusyLibrary(Code.IMPORTING_ELSEWHERE) from error
    except OSError as error:
        raise _cannot_write(folder.parent, error) from error
    try:
        folder.rename(yard / folder.name)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        _clear_away(yard, lock)


def _lock(yard: Path) -> FileLock:
    """Held while a folder is being filled; the system lets go of it when its process ends, however it does."""
    lock = FileLock(yard / _LOCK, timeout=0)
    lock.acquire()
    return lock


def _clear_away(yard: Path, lock: FileLock) -> None:
    """Removes the yard, whose lock is held and let go of. Who opens the lock's file meanwhile finds it taken."""
    _empty(yard)
    with suppress(OSError):  # Windows keeps an open file, and filelock removes it there
        (yard / _LOCK).unlink()
    lock.release()
    with suppress(OSError):  # somebody else is at work there by now
        yard.rmdir()


def _empty(yard: Path) -> None:
    for path in yard.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != _LOCK:
            path.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    """Returns when everything in `folder` is on the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
        else:
            _flush_folder(path)
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # there a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(folder: Path, error: OSError) -> BrokenInstallation:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return BrokenInstallation(Code.NO_SPACE, path=str(folder))
    return BrokenInstallation(Code.CANNOT_WRITE, path=str(folder), why=error.strerror or str(error))
