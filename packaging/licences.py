"""The licences of everything that the packages carry, as each library's own package states them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

_TEXTS = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS|ThirdPartyNotices)", re.IGNORECASE)
_BUILD_ONLY = ("pip", "setuptools", "pyinstaller", "pyinstaller_hooks_contrib", "altgraph", "inkstone")


def collect(site_packages: Path, to: Path) -> None:
    """One folder a library: its licence texts, and METADATA's head where there are none."""
    for info in sorted(site_packages.glob("*.dist-info")):
        name = info.name.partition("-")[0]
        if name.lower() in _BUILD_ONLY:
            continue
        folder = to / name
        folder.mkdir(parents=True, exist_ok=True)
        texts = [path for path in sorted(info.rglob("*")) if path.is_file() and _TEXTS.search(path.name)]
        for text in texts:
            shutil.copyfile(text, folder / text.relative_to(info).as_posix().replace("/", "-"))
        if not texts:
            head = (info / "METADATA").read_text("utf-8").partition("\n\n")[0]
            (folder / "METADATA").write_text(head + "\n", "utf-8")
    for path in to.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
