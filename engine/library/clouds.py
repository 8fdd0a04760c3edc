"""Files that a cloud's program only pretends are here: reading one would download it, so they are left alone.

Told by what a listing says anyway; nothing is opened. Placeholders of Linux clients are not told apart: a file without
blocks may as well be small and stored in its inode (ext4, btrfs), or not written out yet.
"""

from __future__ import annotations

import os

# https://learn.microsoft.com/windows/win32/fileio/file-attribute-constants
_OFFLINE = 0x1000
_RECALL_ON_OPEN = 0x40000
_RECALL_ON_DATA_ACCESS = 0x400000
_AWAY_ON_WINDOWS = _OFFLINE | _RECALL_ON_OPEN | _RECALL_ON_DATA_ACCESS

_SF_DATALESS = 0x40000000  # <sys/stat.h> of macOS: the content comes with the first access

_STUB = ".icloud"  # how older macOS keeps a document that is not here: ".report.pdf.icloud"


def is_placeholder(stat: os.stat_result) -> bool:
    """Whether the content of a file, or the list of a folder, is not on this computer."""
    windows: int = getattr(stat, "st_file_attributes", 0)
    mac: int = getattr(stat, "st_flags", 0)
    return bool(windows & _AWAY_ON_WINDOWS or mac & _SF_DATALESS)


def document_of(name: str) -> str:
    """The name of the document that an iCloud stub stands for, "" if it is no stub."""
    is_stub = name.startswith(".") and name.endswith(_STUB) and len(name) > len(_STUB) + 1
    return name[1 : -len(_STUB)] if is_stub else ""
