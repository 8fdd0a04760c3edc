"""What only the system can bring (a compiler, libraries of the screen): what of it is missing, and getting it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from setting_up import SetupFailed, said, step


@dataclass(frozen=True)
class Missing:
    what: str  # a program, a header or a library, and what it is for
    package: str  # Debian's name, "" if it is not known


# library → Debian package, for all that PySide6's wheel expects of the system
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
QT_MODULES = ("libQt6Core", "libQt6Gui", "libQt6Widgets", "libQt6Svg", "libQt6Network")


def missing_to_install() -> list[Missing]:
    """What making a virtual environment and building hnswlib (it comes as source only) need and is not here."""
    missing = []
    if importlib.util.find_spec("ensurepip") is None:  # Debian ships it apart from Python
        missing.append(Missing("Python's venv module", "python3-venv"))
    if not has_compiler():
        missing.append(Missing("a C++ compiler, which builds hnswlib", "g++"))
    if os.name != "nt" and not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        missing.append(Missing("Python's headers, with which hnswlib is built", "python3-dev"))
    return missing


def has_compiler() -> bool:
    if os.name == "nt":
        return _visual_studio_has_cpp()
    if sys.platform == "darwin":  # clang++ is there as a stub even while the command line tools are not
        return subprocess.call(["xcode-select", "-p"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    return bool(shutil.which("g++") or shutil.which("clang++") or shutil.which(os.environ.get("CXX", "c++")))


def missing_for_qt(site_packages: Path, platform: str) -> list[Missing]:
    """The libraries that Qt needs for `platform` ("xcb": a window, "offscreen": tests) and the system lacks.

    Qt itself names only one of them when it does not start, and often the wrong one; `ldd` knows. On Windows and
    macOS the wheel brings everything.
    """
    qt = site_packages / "PySide6" / "Qt"
    if not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return []
    files = [qt / "plugins" / "platforms" / f"libq{platform}.so", *(qt / "lib" / f"{name}.so.6" for name in QT_MODULES)]
    done = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)
    return [Missing(name, QT_LIBRARIES.get(name, "")) for name in not_found(done.stdout)]


def not_found(ldd_output: str) -> list[str]:
    return sorted(set(re.findall(r"^\s*(\S+) => not found", ldd_output, re.MULTILINE)))


def ensure(missing: list[Missing], install: Callable[[list[str]], None] | None = None) -> None:
    """Installs what is missing where we may (root on Debian and its kin), else raises SetupFailed with the command."""
    if not missing:
        return
    for item in missing:
        said(f"Missing: {item.what}" + (f" (package {item.package})" if item.package else ""))
    packages = packages_of(missing)
    if packages and (install or may_install()):
        (install or install_with_apt)(packages)
    else:
        raise SetupFailed(advice(packages))


def packages_of(missing: Iterable[Missing]) -> list[str]:
    return sorted({item.package for item in missing if item.package})


def may_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install_with_apt(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step("Reading the list of system packages", ["apt-get", "update"], Path.cwd(), environment)
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    step(f"Installing {' '.join(packages)}", command, Path.cwd(), environment)


def advice(packages: list[str]) -> str:
    names = " ".join(packages)
    if os.name == "nt":
        return "Install the Build Tools for Visual Studio with `Desktop development with C++`, then try again."
    if sys.platform == "darwin":
        return "Run `xcode-select --install`, then try again."
    if shutil.which("apt-get"):
        return f"Install them with:\n\n    sudo apt-get install {names}\n\nand try again."
    return f"Install them with your system's package manager and try again. In Debian the packages are: {names}"


def _visual_studio_has_cpp() -> bool:
    finder = Path(os.environ.get("PROGRAMFILES(X86)", "")) / "Microsoft Visual Studio" / "Installer" / "vswhere.exe"
    if not finder.exists():
        return shutil.which("cl") is not None
    command = [str(finder), "-latest", "-products", "*", "-property", "installationPath"]
    command += ["-requires", "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"]
    return bool(subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip())
