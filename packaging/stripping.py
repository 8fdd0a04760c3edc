"""Symbols that no linker needs are taken out of the libraries, file by file, wherever the smaller file can be loaded.

A blanket `strip` breaks libraries that auditwheel or patchelf has rewritten (numpy's OpenBLAS: "ELF load command
address/offset not page-aligned"), and not at once but when they are loaded. So each one is loaded before it is taken.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

LEAST_BYTES = 100_000  # less is not worth a doubt
_LOADING = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"


def strip(files: Sequence[Path], python: Path) -> int:
    """Returns the bytes saved. `python` is the one whose modules some of the libraries are."""
    smaller = [stripped for file in files if (stripped := _stripped(file))]
    saved = 0
    for stripped in smaller:
        file = stripped.with_name(stripped.name.removesuffix(".stripped"))
        if loads(stripped, python):
            saved += file.stat().st_size - stripped.stat().st_size
            stripped.replace(file)
        else:
            stripped.unlink()
    return saved


def loads(library: Path, python: Path) -> bool:
    """Whether the library can be loaded with all that it needs: in a process that may crash of it."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [str(python), "-c", _LOADING, str(library)]
    return subprocess.run(command, capture_output=True, check=False, env=environment).returncode == 0


def _stripped(file: Path) -> Path | None:
    smaller = file.with_name(file.name + ".stripped")
    done = subprocess.run(
        ["strip", "--strip-unneeded", "-o", str(smaller), str(file)], capture_output=True, check=False
    )
    if done.returncode == 0 and file.stat().st_size - smaller.stat().st_size >= LEAST_BYTES:
        smaller.chmod(file.stat().st_mode)
        return smaller
    smaller.unlink(missing_ok=True)
    return None
