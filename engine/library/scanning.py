"""Folder listing × known files → what has changed. It looks at names, sizes and times; it opens no file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from engine.library.store import FoundFile, KnownFile, Root


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands below the roots now. Below `unreachable` nothing is known: it is left as it was."""

    files: tuple[FoundFile, ...]
    unreachable: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`to_read` are new, changed, or not read yet; `gone` are known files that are no longer there."""

    to_read: tuple[FoundFile, ...]
    gone: tuple[KnownFile, ...]


def list_roots(roots: Iterable[Root], readable: Callable[[Path], bool]) -> Listing:
    """Every file of a readable kind below the roots. Hidden names are passed over, linked folders not entered."""
    files: list[FoundFile] = []
    unreachable: list[Path] = []
    for root in roots:
        try:
            if root.is_file:
                found = root.path.stat()
                if S_ISREG(found.st_mode):  # reading a pipe or a device would never end
                    files.append(found_file(root.path, root.path, found))
            else:
                files += _below(root.path, readable, unreachable)
        except FileNotFoundError:
            # A drive that is unplugged looks the same as a folder that was deleted, so its documents stay. A single
            # file is gone when its folder is still there.
            if not (root.is_file and root.path.parent.exists()):
                unreachable.append(root.path)
        except OSError:
            unreachable.append(root.path)
    return Listing(tuple(files), tuple(unreachable))


def compare(listing: Listing, known: Mapping[Path, KnownFile], roots: Iterable[Root]) -> Changes:
    """What must be done so that the library equals the listing."""
    watched = {root.path for root in roots}
    there = {file.path for file in listing.files}
    return Changes(
        to_read=tuple(file for file in listing.files if not _same(file, known.get(file.path))),
        gone=tuple(
            file
            for file in known.values()
            if file.path not in there and (file.root not in watched or not _within(file.path, listing.unreachable))
        ),
    )


def reachable(root: Root) -> bool:
    """Whether the root can be listed (or, if it is a file, is there) now."""
    return os.access(root.path, os.R_OK if root.is_file else os.R_OK | os.X_OK)


def _below(root: Path, readable: Callable[[Path], bool], unreachable: list[Path]) -> Iterator[FoundFile]:
    with os.scandir(root) as entries:  # the root itself must be listable: the caller hears of it
        waiting = [list(entries)]
    while waiting:
        for entry in sorted(waiting.pop(), key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            path = Path(entry.path)
            try:
                if entry.is_dir(follow_symlinks=False):
                    with os.scandir(path) as entries:
                        waiting.append(list(entries))
                elif entry.is_file() and readable(path):
                    yield found_file(path, root, entry.stat())
            except FileNotFoundError:
                continue  # it went away between the listing and now
            except OSError:
                unreachable.append(path)


def found_file(path: Path, root: Path, stat: os.stat_result) -> FoundFile:
    """What the listing says of a file. Times beyond the year 2262 are cut to what SQLite can hold."""
    return FoundFile(path, root, stat.st_size, max(-(2**63), min(stat.st_mtime_ns, 2**63 - 1)))


def _same(file: FoundFile, known: KnownFile | None) -> bool:
    return (
        known is not None
        and known.read
        and (known.size_bytes, known.mtime_ns, known.root) == (file.size_bytes, file.mtime_ns, file.root)
    )


def _within(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
