"""The program with OCR as one file to unpack anywhere: no administrator's rights, nothing installed."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from frozen_folder import FrozenFolder
from needed import needs
from setting_up import step
from squeezing import XZ


def tar(frozen: FrozenFolder, root: Path, version: str, out: Path) -> Path:
    """Raises SetupFailed."""
    name = f"inkstone-{version}-linux-{platform.machine()}"
    staging = frozen.path.parent / "staging" / name
    shutil.rmtree(staging, ignore_errors=True)
    frozen.copy(staging, ocr=False)
    frozen.copy(staging, ocr=True)
    for file in (root / "LICENSE", root / "desktop_app/resources/inkstone.svg"):
        shutil.copyfile(file, staging / file.name)
    wanted = needs([*frozen.libraries(ocr=False), *frozen.libraries(ocr=True)], given=())
    text = (root / "packaging/linux/README.txt").read_text("utf-8")
    (staging / "README.txt").write_text(text.format(glibc=".".join(map(str, wanted.glibc))), "utf-8")
    made = out / f"{name}.tar.xz"
    packing = [
        "tar",
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        f"--use-compress-program={' '.join(XZ)}",
    ]
    step(f"Packing {made.name}", [*packing, "-cf", str(made), "-C", str(staging.parent), name], out)
    return made
