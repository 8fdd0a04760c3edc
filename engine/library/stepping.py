"""Finding out what has changed since the library last looked, and noting what needs no reading."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from engine.documents.kinds import READING_VERSION
from engine.hashing import sha256_of
from engine.library.listers import Lister, Stopped
from engine.library.listing import Wish
from engine.library.scanning import Changes, compare
from engine.library.store import FoundFile, KnownFile, Store
from engine.types import Failed, IndexEvent, Reason

# A file system tells times in steps of up to 2 s (FAT): within one step a file may change twice and look the same.
_STEP_NS = 2 * 10**9


def changes_since(store: Store, lister: Lister, wish: Wish, stop: Callable[[], bool]) -> Changes:
    """What is to be read, and what is gone; the rest is noted in the library. Nothing of it when stopped."""
    roots = store.roots()
    volumes = store.volumes()
    listing = lister.list(roots, replace(wish, mounts=tuple(volumes)), stop)
    try:
        changes = compare(listing, store.known_files(READING_VERSION), roots, volumes)
        changes = replace(changes, to_read=changes.to_read + _changed_unseen(store, changes.to_check, stop))
    except Stopped:
        return Changes()
    with store.together():
        store.see([*changes.to_read, *(file for file, _ in changes.refused)])
        store.mark_away(changes.away, True)
        store.mark_away(changes.back, False)
        store.remember_volumes(changes.volumes)
        _mark_fresh(store, changes.to_read)
        store.set_meta("folders", str(listing.folders))
    return changes


def refuse(store: Store, refused: Iterable[tuple[FoundFile, Reason]]) -> Iterator[IndexEvent]:
    """Files that are not to be read, with the reason."""
    for file, reason in refused:
        store.fail_file(file, reason)
        yield Failed(file.path, reason)


def _changed_unseen(store: Store, files: Iterable[KnownFile], stop: Callable[[], bool]) -> tuple[FoundFile, ...]:
    """Those of `files`, which look as they did, that hold something else after all. Their time has to have passed."""
    changed: list[FoundFile] = []
    settled: list[KnownFile] = []
    for file in files:
        if stop():
            raise Stopped
        if _is_fresh(file.mtime_ns):
            continue
        try:
            same = sha256_of(file.path) == store.sha256_of(file.path)
        except OSError:
            same = True  # the next listing tells
        if same:
            settled.append(file)
        else:
            changed.append(FoundFile(file.path, Path(file.root), file.size_bytes, file.mtime_ns))
    store.mark_fresh((), (file.path for file in settled))
    return tuple(changed)


def _mark_fresh(store: Store, files: Iterable[FoundFile]) -> None:
    fresh = [file.path for file in files if _is_fresh(file.mtime_ns)]
    settled = [file.path for file in files if not _is_fresh(file.mtime_ns)]
    store.mark_fresh(fresh, settled)


def _is_fresh(mtime_ns: int) -> bool:
    return abs(time.time_ns() - mtime_ns) < _STEP_NS
