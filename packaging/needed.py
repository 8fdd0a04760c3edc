"""What the program's libraries want of the system: their NEEDED entries as Debian's packages, with versions."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setting_up import SetupFailed
from system_packages import QT_LIBRARIES

_C_LIBRARY = "libc libm libdl libpthread librt libresolv libutil libanl libnsl".split()
PACKAGES = {  # library → Debian's package
    **QT_LIBRARIES,
    **{f"{name}.so.{number}": "libc6" for name in _C_LIBRARY for number in (0, 1, 2, 6)},
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libwayland-server.so.0": "libwayland-server0",
}
RENAMED = {"libglib2.0-0": "libglib2.0-0t64 | libglib2.0-0"}  # in Debian 13 and Ubuntu 24.04
_GCC_OF = {29: "11", 30: "12", 31: "13", 32: "13.2", 33: "14"}  # GLIBCXX_3.4.x came with


@dataclass(slots=True)
class Needs:
    """What some libraries want that is not among themselves."""

    names: set[str] = field(default_factory=set)
    glibc: tuple[int, ...] = (0,)
    glibcxx: int = 0


def needs(libraries: Sequence[Path], given: Iterable[str]) -> Needs:
    """`given` are the names of libraries that the packages bring."""
    if not libraries:
        return Needs()
    command = ["readelf", "--dynamic", "--version-info", "--wide", *map(str, libraries)]
    found = read(subprocess.run(command, capture_output=True, text=True, errors="replace", check=False).stdout)
    found.names -= {*given}
    return found


def read(told: str) -> Needs:
    """What `readelf` told."""
    glibc = (tuple(map(int, version.split("."))) for version in re.findall(r"Name: GLIBC_([\d.]+)", told))
    glibcxx = map(int, re.findall(r"Name: GLIBCXX_3\.4\.(\d+)", told))
    names = set(re.findall(r"\(NEEDED\).*\[(.+)\]", told))
    return Needs(names, max(glibc, default=(0,)), max(glibcxx, default=0))


def depends(found: Needs, besides: Iterable[str] = ()) -> list[str]:
    """Debian's dependencies, without packages in `besides`. Raises SetupFailed for a library of no known package."""
    unknown = sorted(found.names - PACKAGES.keys())
    if unknown:
        raise SetupFailed(f"packaging/needed.py does not know which package brings {', '.join(unknown)}.")
    packages = {PACKAGES[name] for name in found.names} - {*besides}
    return [_with_version(package, found) for package in sorted(packages)]


def _with_version(package: str, found: Needs) -> str:
    if package == "libc6" and found.glibc > (0,):
        return f"libc6 (>= {'.'.join(map(str, found.glibc))})"
    if package == "libstdc++6" and found.glibcxx:
        gcc = _GCC_OF.get(found.glibcxx) or (_GCC_OF[max(_GCC_OF)] if found.glibcxx > max(_GCC_OF) else "5")
        return f"libstdc++6 (>= {gcc})"
    return RENAMED.get(package, package)
