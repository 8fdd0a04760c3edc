"""The program with OCR as one file to unpack anywhere: no administrator's rights, nothing installed."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from frozen_folder import FrozenFolder
from setting_up import step


def tar(frozen: FrozenFolder, root: Path, version: str, out: Path) -> Path:
    """Raises SetupFailed."""
    name = f"inkstone-{version}-linux-{platform.machine()}"
    staging = frozen.path.parent / "staging" / name
    shutil.rmtree(staging, ignore_errors=True)
    frozen.copy(staging, ocr=False)
    frozen.copy(staging, ocr=True)
    for file in (root / "LICENSE", root / "packaging/linux/README.txt", root / "desktop_app/resources/inkstone.svg"):
        shutil.copyfile(file, staging / file.name)
    made = out / f"{name}.tar.xz"
    packing = ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--use-compress-program=xz -6 -T2"]
    step(f"Packing {made.name}", [*packing, "-cf", str(made), "-C", str(staging.parent), name], out)
    return made
