"""What stands below the watched roots now: names, sizes and times. It opens no document.

Links to files are listed with what they lead to; links to folders are not entered, so that no loop can arise. What
cannot be listed is told, never left out in silence: the library keeps what it knows of it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from engine.documents.kinds import Kind, kind_of
from engine.library.choices import Choices
from engine.library.clouds import document_of, is_placeholder
from engine.library.excluding import DEFAULTS, GIT_IGNORE_FILE, IGNORE_FILE, Rules, lines_of
from engine.library.store import Root
from engine.types import Reason

_BATCH = 1000  # entries looked at before something is told: whoever waits sees that it goes on
_IGNORE_FILE_BYTES = 2**20
_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT: a folder of Windows that is a link


class Listed(NamedTuple):
    """One file. There may be hundreds of thousands at a time, so its name stays text."""

    name: str  # the whole path
    size_bytes: int
    mtime_ns: int
    refused: Reason | None = None  # why it is not to be read
    target: str = ""  # of a link: the path to which it leads


Batch = Sequence[Listed]


@dataclass(slots=True)
class Listing:
    """The files below the roots. They are listed while `files` is walked through; the rest is complete after that."""

    files: Iterable[tuple[Root, Batch]]
    unreachable: set[str] = field(default_factory=set)  # below these paths nothing is known
    volumes: dict[str, str] = field(default_factory=dict)  # of roots and the mount points below them: the file system
    excluded: set[str] = field(default_factory=set)  # mount points asked for that stand within an excluded folder
    folders: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What to list. `entering` is told of every folder just before it is listed."""

    choices: Choices = field(default_factory=Choices)
    own_folder: Path | None = None  # the library's own: its log would be news for ever
    sample: Path | None = None  # the one folder in it that holds documents
    mounts: Collection[str] = ()  # mount points known before
    entering: Callable[[str], None] = lambda folder: None


class Walk:
    """One root, listed once. Knows nothing of threads."""

    def __init__(self, root: Root, wish: Wish) -> None:
        self._root = root
        self._wish = wish
        self._links: list[str] = []
        self._kinds: dict[str, Kind | None] = {}  # by suffix: asking costs as much as a look at the disk
        self.told = Listing(())

    def batches(self) -> Iterator[Batch]:
        """Some files at a time, often none: that it goes on is news, too."""
        own = self._wish.own_folder
        if own and self._root.path.is_relative_to(own) and self._root.path != self._wish.sample:
            return
        if self._root.is_file:
            yield self._alone()
            return
        yield from self._below(str(self._root.path))
        yield from self._linked()

    def _alone(self) -> Batch:
        path = str(self._root.path)
        try:
            self.told.volumes[path] = volume_of(os.path.dirname(path))
            self._wish.entering(os.path.dirname(path))
            stat = os.stat(path)
        except FileNotFoundError:
            # It is gone when its folder is still there, and it was no link to something that is away.
            if path not in self.told.volumes or os.path.islink(path):
                self.told.unreachable.add(path)
            return ()
        except OSError:
            self.told.unreachable.add(path)
            return ()
        kind = kind_of(self._root.path)
        # reading a pipe or a device would never end
        return (self._listed(path, kind, stat),) if kind and S_ISREG(stat.st_mode) else ()

    def _below(self, root: str) -> Iterator[Batch]:
        try:
            device = os.stat(root).st_dev
            self.told.volumes[root] = volume_of(root)
        except OSError:
            # a drive that is unplugged looks the same as a folder that was deleted, so its documents stay
            self.told.unreachable.add(root)
            return
        waiting = [(root, device, Rules.of(root, DEFAULTS, lines_of(self._wish.choices.exclude)))]
        while waiting:
            folder, device, rules = waiting.pop()
            self._wish.entering(folder)  # first, so that nothing changes unseen after the listing
            self.told.folders += 1
            found: list[Listed] = []
            folders: list[tuple[str, int]] = []
            try:
                entries: list[os.DirEntry[str]] = []
                with os.scandir(folder) as scanned:
                    for entry in scanned:
                        entries.append(entry)
                        if not len(entries) % _BATCH:
                            yield ()
                entries.sort(key=_name)
                rules = self._with_own_rules(folder, rules, entries)
            except FileNotFoundError:
                if folder == root:
                    self.told.unreachable.add(root)
                continue  # it went away between the listing and now
            except OSError:
                self.told.unreachable.add(folder)
                continue
            for number, entry in enumerate(entries, start=1):
                try:
                    self._look(folder, entry, device, rules, found, folders)
                except FileNotFoundError:
                    continue
                except OSError:
                    self.told.unreachable.add(entry.path)
                if not number % _BATCH:
                    yield found
                    found = []
            yield found
            waiting += [(path, at, rules) for path, at in reversed(folders)]

    def _look(
        self,
        folder: str,
        entry: os.DirEntry[str],
        device: int,
        rules: Rules,
        found: list[Listed],
        folders: list[tuple[str, int]],
    ) -> None:
        """Add one entry to what was found, to the folders to enter, or to nothing."""
        name = entry.name
        if entry.is_symlink():
            if self._kind(name) and not rules.excludes(entry.path, name, False):
                self._links.append(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            if rules.excludes(entry.path, name, True) or self._is_own(entry):
                self._forget_mounts(entry.path)
            else:
                self._add_folder(entry, device, folders)
        elif kind := self._kind(name):
            if entry.is_file(follow_symlinks=False) and not rules.excludes(entry.path, name, False):
                found.append(self._listed(entry.path, kind, entry.stat(follow_symlinks=False)))
        elif (document := document_of(name)) and kind_of(Path(document)):
            path = os.path.join(folder, document)
            if not rules.excludes(path, document, False):
                found.append(Listed(path, 0, 0, Reason.IN_CLOUD))

    def _kind(self, name: str) -> Kind | None:
        suffix = os.path.splitext(name)[1]
        if suffix not in self._kinds:
            self._kinds[suffix] = kind_of(Path(f"name{suffix}"))
        return self._kinds[suffix]

    def _add_folder(self, entry: os.DirEntry[str], device: int, folders: list[tuple[str, int]]) -> None:
        stat = entry.stat(follow_symlinks=False)
        if getattr(stat, "st_reparse_tag", 0) == _JUNCTION:
            return
        if is_placeholder(stat):
            self.told.unreachable.add(entry.path)  # listing it would fetch the list
            return
        at = stat.st_dev or device  # on Windows a listing does not tell
        if at != device:
            self.told.volumes[entry.path] = volume_of(entry.path)
        folders.append((entry.path, at))

    def _listed(self, path: str, kind: Kind, stat: os.stat_result, target: str = "") -> Listed:
        refused = None
        if is_placeholder(stat):
            refused = Reason.IN_CLOUD
        elif stat.st_size > self._wish.choices.limit_bytes(kind):
            refused = Reason.OVER_LIMIT
        return Listed(path, stat.st_size, storable(stat.st_mtime_ns), refused, target)

    def _with_own_rules(self, folder: str, rules: Rules, entries: Iterable[os.DirEntry[str]]) -> Rules:
        wanted = {IGNORE_FILE, GIT_IGNORE_FILE} if self._wish.choices.obey_gitignore else {IGNORE_FILE}
        for entry in entries:  # in the order of their names: ours is the stronger
            if entry.name in wanted and entry.is_file(follow_symlinks=False):
                with open(entry.path, "rb") as file:
                    text = file.read(_IGNORE_FILE_BYTES).decode("utf-8", "surrogateescape")
                rules = rules.within(folder, lines_of(text))
        return rules

    def _is_own(self, entry: os.DirEntry[str]) -> bool:
        own = self._wish.own_folder
        return own is not None and entry.name == own.name and os.path.samefile(entry.path, own)

    def _forget_mounts(self, folder: str) -> None:
        if self._wish.mounts:
            self.told.excluded.update(mount for mount in self._wish.mounts if is_within(mount, folder))

    def _linked(self) -> Iterator[Batch]:
        """The files to which links lead, named as their links."""
        if not self._links:
            return
        real, name = os.path.realpath(self._root.path) + os.sep, f"{self._root.path}{os.sep}"
        for link in self._links:
            try:
                stat = os.stat(link)
                if S_ISREG(stat.st_mode):
                    target = os.path.realpath(link)
                    target = name + target[len(real) :] if target.startswith(real) else target
                    kind = kind_of(Path(link))
                    assert kind  # no other link was noted
                    yield (self._listed(link, kind, stat, target),)
            except FileNotFoundError:
                target = os.path.realpath(link)
                # it leads to nothing any more, or to a drive that is away: then not even the folder is there
                if not target.startswith(real) and not os.path.exists(os.path.dirname(target)):
                    self.told.unreachable.add(link)
            except OSError as error:
                if error.errno != errno.ELOOP:
                    self.told.unreachable.add(link)


def volume_of(folder: str) -> str:
    """The file system on which `folder` stands, as a name that outlives a restart where the system has one."""
    if hasattr(os, "statvfs"):
        return f"{os.statvfs(folder).f_fsid:x}"
    return f"{os.stat(folder).st_dev:x}"


def storable(mtime_ns: int) -> int:
    """Times beyond the year 2262 are cut to what SQLite can hold."""
    return max(-(2**63), min(mtime_ns, 2**63 - 1))


def is_within(name: str, folder: str) -> bool:
    """Whether a path, as text, is `folder` or lies below it."""
    return name == folder or name.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
