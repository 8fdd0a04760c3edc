"""A writer for Microsoft's compound files, as small as Outlook's .msg needs it for tests. (MS-CFB, version 3.)"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Tree = Mapping[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    start: int = _END
    children: list[int] = field(default_factory=list)


def compound_file(tree: Tree) -> bytes:
    """A file with these streams (bytes) and storages (mappings). Every stream is under 4,096 bytes."""
    entries = [_Entry("Root Entry", _ROOT)]
    _add(entries, 0, tree)
    mini, mini_table = b"", []
    for entry in entries:
        if entry.kind == _STREAM and entry.data:
            assert len(entry.data) < _CUTOFF
            entry.start = len(mini) // _MINI
            count = -(-len(entry.data) // _MINI)
            mini_table += [*range(entry.start + 1, entry.start + count), _END]
            mini += entry.data.ljust(count * _MINI, b"\0")
    sectors: list[bytes] = [b""]  # the first is the table of sectors
    table = [_FAT]
    mini_table_start = _append(sectors, table, struct.pack(f"<{len(mini_table)}I", *mini_table), b"\xff")
    entries[0].start, entries[0].data = _append(sectors, table, mini, b"\0"), mini
    directory_start = _append(sectors, table, b"".join(_directory(entries)), b"\0")
    assert len(table) <= _SECTOR // 4
    sectors[0] = struct.pack(f"<{len(table)}I", *table).ljust(_SECTOR, b"\xff")
    header = struct.pack(
        "<8s16x5H6x9I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_start, 0, _CUTOFF),
        *(mini_table_start, 1 if mini_table else 0, _END, 0),
    )
    return header + struct.pack("<109I", 0, *[_FREE] * 108) + b"".join(sectors)


def _add(entries: list[_Entry], parent: int, tree: Tree) -> None:
    for name, content in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
        entries[parent].children.append(len(entries))
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            entries.append(_Entry(name, _STORAGE))
            _add(entries, len(entries) - 1, content)


def _directory(entries: list[_Entry]) -> Iterator[bytes]:
    """Siblings hang on each other's right side: no balanced tree, but a valid one."""
    right = {a: b for entry in entries for a, b in zip(entry.children, entry.children[1:], strict=False)}
    for number, entry in enumerate(entries):
        name = entry.name.encode("utf-16-le")
        child = entry.children[0] if entry.children else _FREE
        yield struct.pack(
            "<64sHBB3I16xI16xIQ",
            *(name, len(name) + 2, entry.kind, 1, _FREE, right.get(number, _FREE), child, 0),
            *(0 if entry.kind == _STORAGE else entry.start, len(entry.data)),
        )


def _append(sectors: list[bytes], table: list[int], data: bytes, filler: bytes) -> int:
    """Put `data` into sectors of its own; its first one's number, or the end's mark where there is none."""
    count = -(-len(data) // _SECTOR)
    first = len(sectors)
    sectors += [data[place : place + _SECTOR].ljust(_SECTOR, filler) for place in range(0, len(data), _SECTOR)]
    table += [*range(first + 1, first + count), _END] if count else []
    return first if count else _END
