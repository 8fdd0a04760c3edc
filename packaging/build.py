"""Build what people install: the program with Python in it, as packages for the system that this runs on.

    python3 packaging/build.py [--only deb] [--only tar] [--version 0.2.0] [--again] [--loose]
    python3 packaging/build.py --model FOLDER      a package for a model, such as a converted ChatGLM3

Python 3.11 or later is all it needs, and on Linux `ar`, `dpkg-deb`, `g++`, `readelf`, `strip` and `xz`. It makes a
virtual environment of its own, PyInstaller's one folder in `build/package/inkstone`, and in `dist/`:

    inkstone_VERSION_amd64.deb            the program, with every model that ships
    inkstone-ocr_VERSION_amd64.deb        what recognises scans
    inkstone-VERSION-linux-x86_64.tar.xz  the program and OCR, to unpack anywhere
    sizes.md                              what takes the room

On Windows and macOS it ends with the one folder (Inkstone.app): `windows/` and `macos/` make the installer of it.
`packaging/verify.py` tries the packages. --version is for trying an update; else the version is pyproject.toml's.
--loose is for trying too: what the packages hold stays as large as it is, which saves minutes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import debian
import portable
from frozen_folder import FrozenFolder
from project import DIST, ROOT, WORK, version
from setting_up import SetupFailed, said, step
from sizes import table
from virtual_env import Environment

KINDS = ("deb", "tar")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=KINDS, help="may be given twice; all unless given")
    parser.add_argument("--version", default=version(), help="what the packages are called")
    parser.add_argument("--again", action="store_true", help="package the folder that the last build left")
    parser.add_argument("--loose", action="store_true", help="do not squeeze the packages for Debian")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="package this model, and nothing else")
    options = parser.parse_args()
    try:
        if options.model:
            DIST.mkdir(exist_ok=True)
            files = [debian.model(options.model, environment(), ROOT, options.version, WORK, DIST)]
        else:
            packer = "none" if options.loose else "xz"
            files = build(options.version, options.only or KINDS, options.again, packer)
        for made in files:
            said(f"{made.stat().st_size / 1e6:8.1f} MB  {made.relative_to(ROOT)}")
    except SetupFailed as failure:
        said(str(failure))
        return 1
    return 0


def build(named: str, kinds: list[str] | tuple[str, ...], again: bool = False, packer: str = "xz") -> list[Path]:
    """The files that were made; `packer` is "xz", or "none". Raises SetupFailed."""
    frozen = FrozenFolder(WORK / "inkstone")
    builder = Environment(ROOT, WORK / "venv")
    if not again:
        environment()
        draw = [str(builder.python), str(ROOT / "packaging/inside/pictures.py"), str(WORK / "pictures")]
        step("Drawing the icons", draw, ROOT)
        frozen.build(builder, ROOT)
    if not sys.platform.startswith("linux"):
        return []
    DIST.mkdir(exist_ok=True)
    made = []
    if "deb" in kinds:
        texts = debian.Texts(builder, ROOT, WORK)
        made += [debian.base(frozen, texts, named, DIST, packer), debian.ocr(frozen, named, DIST, packer)]
    if "tar" in kinds:
        made.append(portable.tar(frozen, ROOT, named, DIST))
    shutil.rmtree(WORK / "staging", ignore_errors=True)
    (DIST / "sizes.md").write_text(table(frozen, made), "utf-8")
    return [*made, DIST / "sizes.md"]


def environment() -> Environment:
    """With everything that the program and its building need. Raises SetupFailed."""
    made = Environment(ROOT, WORK / "venv")
    made.prepare(extras=("ocr", "packaging"))
    return made


if __name__ == "__main__":
    sys.exit(main())
