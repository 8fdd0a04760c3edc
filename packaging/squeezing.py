"""Packing with xz and its filter for machine code, which takes a tenth off libraries; dpkg-deb alone does not use it.

Whatever unpacks xz undoes the filter by itself: tar, dpkg since its beginning with xz.
"""

from __future__ import annotations

import platform
import tempfile
from pathlib import Path

from setting_up import step

_FILTERS = {"x86_64": ["--x86"]}  # others came with xz 5.4, and older systems cannot undo them
XZ = ["xz", *_FILTERS.get(platform.machine(), []), "--lzma2=preset=6", "--threads=2"]


def squeeze(deb: Path) -> None:
    """Replace the unpacked package `deb` (dpkg-deb -Znone) by the packed one. Raises SetupFailed."""
    with tempfile.TemporaryDirectory(dir=deb.parent, prefix="squeezing-") as name:
        folder = Path(name)
        step("Taking it apart", ["ar", "x", str(deb)], folder)
        step(f"Squeezing {deb.name}", [*XZ, "control.tar", "data.tar"], folder)
        deb.unlink()
        members = ("debian-binary", "control.tar.xz", "data.tar.xz")  # in the order that deb(5) wants
        step("Putting it together", ["ar", "rcSD", str(deb), *members], folder)
