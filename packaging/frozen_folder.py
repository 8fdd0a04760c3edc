"""The program in one folder, as PyInstaller makes it, made small: `inkstone` and, beside it, `_internal`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import icu
import stripping
from leaving_out import is_for_ocr, may_be_stripped
from project import own_data
from setting_up import SetupFailed, said, step
from virtual_env import Environment

INTERNAL = "_internal"


class FrozenFolder:
    """The folder at `path`; its parent is where the build keeps what it needs between two builds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def build(self, environment: Environment, root: Path) -> None:
        """Make it anew, of the checkout at `root`. Raises SetupFailed."""
        hnswlib = next(environment.site_packages.glob("hnswlib*.so"), None)
        if hnswlib and shutil.which("objdump"):
            check_runs_anywhere(hnswlib)
        step(
            "Building the folder of the program",
            [
                *(str(environment.python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
                *("--distpath", str(self.path.parent), "--workpath", str(self.path.parent / "pyinstaller")),
                str(root / "packaging" / "inkstone.spec"),
            ],
            root,
            {**os.environ, "PYTHONHASHSEED": "1"},  # the same build gives the same files
        )
        self.check_data(root)
        if sys.platform.startswith("linux"):
            self._strip(environment.python)
            for library in (self.path / INTERNAL / "PySide6/Qt/lib").glob(f"{icu.LIBRARY}*"):
                said(f"{icu.thin(library, self.path.parent) / 1e6:.0f} MB less")

    def check_data(self, root: Path) -> None:
        """Raises SetupFailed if a file that our modules want beside them was left out."""
        if lost := [str(file) for file in own_data(root) if not (self.path / INTERNAL / file).exists()]:
            raise SetupFailed(f"The folder of the program lacks {', '.join(lost)}.")

    def files(self, ocr: bool) -> Iterator[Path]:
        """Every file of the base, or of OCR, as a path from the folder on."""
        for file in sorted(self.path.rglob("*")):
            if file.is_file() or file.is_symlink():
                # a link is of use only beside the library that it leads to
                end = file.resolve().relative_to(self.path.resolve()).as_posix()
                if is_for_ocr(end.removeprefix(f"{INTERNAL}/")) is ocr:
                    yield file.relative_to(self.path)

    def copy(self, to: Path, ocr: bool) -> None:
        """Base or OCR into the folder `to`; links stay links."""
        for inside in self.files(ocr):
            target = to / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            if (self.path / inside).is_symlink():
                target.symlink_to((self.path / inside).readlink())
            else:
                os.link(self.path / inside, target)  # not a byte is copied

    def libraries(self, ocr: bool) -> list[Path]:
        """The ELF files among them."""
        return [self.path / inside for inside in self.files(ocr) if is_elf(self.path / inside)]

    def _strip(self, python: Path) -> None:
        internal = self.path / INTERNAL
        files = [
            file
            for file in sorted(internal.rglob("*"))
            if may_be_stripped(file.relative_to(internal).as_posix()) and not file.is_symlink() and is_elf(file)
        ]
        before = sum(file.stat().st_size for file in files)
        saved = stripping.strip(files, python)
        for file in internal.rglob("*.so*"):
            if not file.is_symlink():
                file.chmod(0o644)  # a library is loaded, not run
        said(f"Stripped {len(files)} libraries: {before / 1e6:.0f} MB became {(before - saved) / 1e6:.0f} MB")


def is_elf(file: Path) -> bool:
    with file.open("rb") as start:
        return start.read(4) == b"\x7fELF"


def check_runs_anywhere(library: Path) -> None:
    """Raises SetupFailed if hnswlib was built for the processor of some computer: it ends others with SIGILL.

    It has no switch between kinds of processors at run time, so that AVX's wide registers anywhere in it mean that.
    """
    done = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", str(library)], capture_output=True, text=True, check=False
    )
    if re.search(r"%[yz]mm", done.stdout):
        raise SetupFailed(
            f"{library.name} was built for this computer's processor alone, by some earlier pip. "
            "Run `python3 -m pip cache remove hnswlib`, delete build/package/venv, and build again."
        )
