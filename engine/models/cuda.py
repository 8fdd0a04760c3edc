"""The libraries of CUDA that CTranslate2 opens by their names once a model is on a graphics card: found, or missing.

The wheels of CTranslate2 4.8.5 hold the CUDA runtime. Their strings tell what is opened: `libcublas.so.12` on Linux,
`cublas64_12.dll` on Windows, each of which needs its Lt beside it; cuDNN not at all on Linux, and on Windows a part of
it lies in the wheel. The driver brings `libcuda`. NCCL is for several cards at once. A name that cannot be opened ends
the process, so it is tried here first.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = {  # in the order in which they are opened: each needs those before it
    "linux": ("libcublasLt.so.12", "libcublas.so.12"),
    "win32": ("cublasLt64_12.dll", "cublas64_12.dll"),
}
PACKAGE = "nvidia-cublas-cu12"  # on PyPI: the same files
FOLDER = "cuda"  # in the home: where the person may put them

Open = Callable[[str], object]  # raises OSError


def has_driver() -> bool:
    """Whether a driver for NVIDIA's cards is installed."""
    if sys.platform == "win32":
        return (Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll").exists()
    return Path("/proc/driver/nvidia/version").exists()


def load(home_folder: Path, open_library: Open | None = None, system: str = sys.platform) -> tuple[str, ...]:
    """Opens each library, from our folders if it is there, else as the system finds it; returns those that are missing.

    What is opened stays open: CTranslate2's own `dlopen` of the name then finds it.
    """
    opened = open_library or _open
    return tuple(name for name in LIBRARIES.get(system, ()) if not _loads(name, folders(home_folder), opened))


def missing(home_folder: Path, known: Callable[[str], bool] | None = None, system: str = sys.platform) -> list[str]:
    """Those in none of our folders and unknown to the system's loader.

    Nothing is loaded: they take more than half a GB.
    """
    is_known = known or _is_known_to_system
    places = folders(home_folder)
    return [
        name
        for name in LIBRARIES.get(system, ())
        if not any((place / name).is_file() for place in places) and not is_known(name)
    ]


def folders(home_folder: Path) -> tuple[Path, ...]:
    """Where we look before the system does: the person's own folder, then NVIDIA's Python packages."""
    return (home_folder, *_packaged())


def _packaged() -> Iterator[Path]:
    spec = find_spec("nvidia")  # a namespace of many packages
    for root in (spec.submodule_search_locations or ()) if spec else ():
        for part in ("lib", "bin"):  # on Linux, on Windows
            yield Path(root) / "cublas" / part


def _loads(name: str, places: Iterable[Path], open_library: Open) -> bool:
    for candidate in (*(str(place / name) for place in places if (place / name).is_file()), name):
        try:
            open_library(candidate)
        except OSError:
            continue
        return True
    return False


def _open(name: str) -> object:
    return ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)


def _is_known_to_system(name: str) -> bool:
    variable = "PATH" if sys.platform == "win32" else "LD_LIBRARY_PATH"
    if any((Path(place) / name).is_file() for place in os.environ.get(variable, "").split(os.pathsep) if place):
        return True
    return sys.platform == "linux" and any(name == line.split(" ")[0].strip() for line in _cache_of_loader())


def _cache_of_loader() -> list[str]:
    """Lines as `\tlibcublas.so.12 (libc6,x86-64) => /usr/local/cuda/lib64/libcublas.so.12`."""
    for command in ("/sbin/ldconfig", "/usr/sbin/ldconfig"):
        try:
            return subprocess.run([command, "-p"], capture_output=True, text=True, check=False).stdout.splitlines()
        except OSError:
            continue
    return []
