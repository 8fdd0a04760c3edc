"""ICU, Qt's library of all languages, without what the program never asks of it: 32 MB become 8.

Qt has its own tables of dates, numbers and characters, and asks ICU for sorting (QCollator), upper and lower case. What
goes: names of currencies, units, time zones (we show none), languages and regions, spelled-out numbers,
transliteration, word dictionaries and old encodings (Python's are asked for those). Layout of the data: ICU's udata.h
and ucmndata.h (DataHeader, UDataOffsetTOC).
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

from setting_up import step

LIBRARY = "libicudata.so."
_NOT_ASKED = re.compile(r"[^/]+/((brkitr|curr|lang|rbnf|region|translit|unit|zone)/|.*\.(cnv|spp)$)")
_ALIGNMENT = 16  # bytes, of each item
_ASSEMBLY = """
    .section .note.GNU-stack,"",@progbits
    .section .rodata
    .balign {alignment}
    .globl {symbol}
    .type {symbol}, @object
{symbol}:
    .incbin "{data}"
    .size {symbol}, .-{symbol}
"""


def thin(library: Path, work: Path) -> int:
    """Put a smaller library in the place of `library`, made in the folder `work`. Returns the bytes saved.

    Raises SetupFailed when there is no compiler, or none that can do it.
    """
    before, version = library.stat().st_size, library.name.removeprefix(LIBRARY)
    data, source, made = (work / f"icudata.{kind}" for kind in ("dat", "s", "so"))
    data.write_bytes(kept(library.read_bytes()))
    symbol = f"icudt{version}_dat"
    source.write_text(_ASSEMBLY.format(alignment=_ALIGNMENT, symbol=symbol, data=data), "ascii")
    command = ["g++", "-shared", "-nostdlib", f"-Wl,-soname,{library.name}", "-o", str(made), str(source)]
    step("Thinning ICU", command, work)
    made.replace(library)
    return before - library.stat().st_size


def kept(file: bytes) -> bytes:
    """ICU's data in `file` (a library, or the data alone), without the items that Qt does not ask for."""
    start = file.index(b"CmnD") - 12
    (header_bytes,) = struct.unpack_from("<H", file, start)
    base = start + header_bytes
    (count,) = struct.unpack_from("<I", file, base)
    entries = [struct.unpack_from("<II", file, base + 4 + 8 * index) for index in range(count)]
    names = [file[base + place : file.index(b"\0", base + place)] for place, _ in entries]
    places = [place for _, place in entries]
    items = [
        (name, file[base + place : base + (end or len(file) - base)])
        for name, place, end in zip(names, places, [*places[1:], 0], strict=True)
        if not _NOT_ASKED.match(name.decode("ascii"))
    ]
    return file[start:base] + contents(items)


def contents(items: list[tuple[bytes, bytes]]) -> bytes:
    """A table of contents and what it lists, by name in ascending order; places count from the table's beginning."""
    table_bytes = 4 + 8 * len(items)
    names, data, entries = b"", b"", []
    first = table_bytes + sum(len(name) + 1 for name, _ in items)
    first += -first % _ALIGNMENT
    for name, item in items:
        entries.append((table_bytes + len(names), first + len(data)))
        names += name + b"\0"
        data += item + bytes(-len(item) % _ALIGNMENT)
    table = struct.pack("<I", len(items)) + b"".join(struct.pack("<II", *entry) for entry in entries) + names
    return table.ljust(first, b"\0") + data
