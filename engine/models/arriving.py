"""A model folder arrives completely or, whatever happens, not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import BrokenInstallation, Code

_PREFIX = ".importing-"  # before a folder's name until it is complete


@contextmanager
def arriving(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` to fill: it becomes `target` when the block ends well, else it is removed.

    Raises BrokenInstallation(NO_SPACE, CANNOT_WRITE).
    """
    temporary = target.parent / (_PREFIX + target.name)
    try:
        _remove(temporary)  # what an import that was killed left behind
        temporary.mkdir(parents=True)
        yield temporary
        _flush(temporary)
        temporary.rename(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise _cannot_write(target.parent, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_leftovers(parent: Path) -> None:
    """Removes what killed imports left in `parent`; nothing else may be arriving there meanwhile."""
    for folder in parent.glob(_PREFIX + "*"):
        shutil.rmtree(folder, ignore_errors=True)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


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
