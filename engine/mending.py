"""What is wrong within a library is put right, by the one process that may write. `doctor --mend` calls this."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from engine.config import Config
from engine.errors import BusyLibrary
from engine.library.backups import keep_copy
from engine.library.graphs import broken_files
from engine.library.salvaging import is_sound, salvage
from engine.library.store import Store
from engine.library.tables.checking import Disagreement


def salvage_if_damaged(config: Config) -> Path | None:
    """Make a damaged library again from what can be read of it; where the damaged one is kept, None if it is sound.

    Raises BusyLibrary while another process indexes, BrokenInstallation when the disk is full or cannot be written.
    """
    with _alone(config):
        return None if is_sound(config.library) else salvage(config.library)


def mend(config: Config, store: Store) -> list[Disagreement]:
    """Mend what disagrees within a sound file, after a copy of it was kept; what was mended. Raises likewise."""
    with _alone(config):
        flaws = store.flaws()
        if flaws:
            keep_copy(store.database, "mended")
        for flaw in flaws:
            store.mend(flaw)
        store.drop_orphans()
        broken = broken_files(config.vectors)
        for path in broken:
            path.unlink()  # a cache: it is made again
    return flaws + ([Disagreement("flaw_graphs", len(broken))] if broken else [])


def flaws(config: Config, store: Store) -> list[Disagreement]:
    """What `mend` would mend."""
    broken = broken_files(config.vectors)
    return store.flaws() + ([Disagreement("flaw_graphs", len(broken))] if broken else [])


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    lock = FileLock(config.index_lock)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BusyLibrary from error
    try:
        yield
    finally:
        lock.release()
