"""Folder listing × known files → what has changed. Pure: it looks at names, sizes and times that others found."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.library.listing import Listed, Listing, is_within, storable
from engine.library.store import FoundFile, KnownFile, Root
from engine.types import Reason


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be done so that the library equals the listing."""

    to_read: tuple[FoundFile, ...] = ()  # new, changed, or not read yet
    gone: tuple[KnownFile, ...] = ()  # known, and no longer there
    refused: tuple[tuple[FoundFile, Reason], ...] = ()  # not to be read, and not known as such
    to_check: tuple[KnownFile, ...] = ()  # unchanged by name, size and time, which were too fresh to be relied on
    away: tuple[int, ...] = ()  # ids of documents that cannot be reached any more: they stay
    back: tuple[int, ...] = ()  # ids of those that can be again
    volumes: Mapping[str, str] = field(default_factory=dict)  # what to remember of roots and mount points


def compare(
    listing: Listing, known: Mapping[str, KnownFile], roots: Iterable[Root], volumes: Mapping[str, str]
) -> Changes:
    """What has changed; `volumes` are those of the listing before. Walks through the listing."""
    left = dict(known)
    to_read: dict[str, FoundFile] = {}
    refused: list[tuple[FoundFile, Reason]] = []
    to_check: list[KnownFile] = []
    back: list[int] = []
    targets: set[str] = set()
    for root, file in _in_order(listing):
        if file.target:
            # a file within the roots is listed itself; of several links to one outside, the first stands for it
            if file.target in targets or file.target in to_read or (file.target in known and file.target not in left):
                continue
            targets.add(file.target)
        before = left.pop(file.name, None)
        if before and before.away:
            back.append(before.id)
        if file.refused:
            if not _stays_refused(file, before):
                refused.append((_found(file, root), file.refused))
        elif before is None or not _same(file, root, before):
            to_read[file.name] = _found(file, root)
        elif before.fresh:
            to_check.append(before)
    watched = {str(root.path) for root in roots}
    remembered, strangers = _volumes(listing, known, left, watched, volumes)
    unreachable = listing.unreachable | strangers
    kept = {name for name, file in left.items() if file.root in watched and _above(name, unreachable)}
    return Changes(
        to_read=tuple(to_read.values()),
        gone=tuple(file for name, file in left.items() if name not in kept),
        refused=tuple(refused),
        to_check=tuple(to_check),
        away=tuple(left[name].id for name in kept if not left[name].away),
        back=tuple(back),
        volumes=remembered,
    )


def found_file(path: Path, root: Path, stat: os.stat_result) -> FoundFile:
    """What the listing says of a file."""
    return FoundFile(path, root, stat.st_size, storable(stat.st_mtime_ns))


def reachable(root: Root) -> bool:
    """Whether the root can be listed (or, if it is a file, is there) now."""
    return os.access(root.path, os.R_OK if root.is_file else os.R_OK | os.X_OK)


def _in_order(listing: Listing) -> Iterator[tuple[Root, Listed]]:
    """Links come last: by then it is known whether what they lead to is listed itself."""
    links: list[tuple[Root, Listed]] = []
    for root, batch in listing.files:
        for file in batch:
            if file.target:
                links.append((root, file))
            else:
                yield root, file
    yield from links


def _found(file: Listed, root: Root) -> FoundFile:
    return FoundFile(Path(file.name), root.path, file.size_bytes, file.mtime_ns)


def _same(file: Listed, root: Root, before: KnownFile) -> bool:
    return (
        before.read
        and before.mtime_ns == file.mtime_ns
        and before.size_bytes == file.size_bytes
        and before.root == str(root.path)
    )


def _stays_refused(file: Listed, before: KnownFile | None) -> bool:
    """Whether the library says so already. What was read of a file before it went into the cloud stays, too."""
    if before is None:
        return False
    return before.reason is file.refused or (file.refused is Reason.IN_CLOUD and before.read)


def _volumes(
    listing: Listing,
    known: Mapping[str, KnownFile],
    left: Mapping[str, KnownFile],
    watched: set[str],
    before: Mapping[str, str],
) -> tuple[dict[str, str], set[str]]:
    """What to remember, and the paths below which another file system stands than before: what was there is away.

    The number of a file system may change while its files are the same. So it is another one only when not a single
    file that was known below is there.
    """
    remembered: dict[str, str] = {}
    strangers: set[str] = set()
    for path, was in before.items():
        now = listing.volumes.get(path)
        if now == was or path in listing.excluded or not _above(path, watched):
            continue
        if _above(path, listing.unreachable):
            remembered[path] = was
            continue
        below = [name for name in known if is_within(name, path)]
        if below and all(name in left for name in below):
            strangers.add(path)
            remembered[path] = was
    return listing.volumes | remembered, strangers


def _above(name: str, folders: set[str]) -> bool:
    """Whether `name` is one of `folders` or lies within one."""
    if not folders:
        return False
    while name not in folders:
        above = os.path.dirname(name)  # noqa: PTH120 - text stays text here
        if above == name:
            return False
        name = above
    return True
