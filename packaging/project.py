"""Where the checkout, the build and its results are; what of it is data; the version, which is printed."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "package"  # can be deleted at any time
DIST = ROOT / "dist"


def version() -> str:
    """pyproject.toml's."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def own_data(root: Path) -> list[Path]:
    """What goes along with our modules, as paths from `root` on: all files beside them but the translators' sources."""
    files = (file for package in ("engine", "desktop_app") for file in sorted((root / package).rglob("*")))
    return [
        file.relative_to(root)
        for file in files
        if file.is_file() and file.suffix not in (".py", ".pyc", ".ts") and "__pycache__" not in file.parts
    ]


if __name__ == "__main__":
    print(version())
