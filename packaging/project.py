"""Where the checkout, the build and its results are; and the version, which stands in one place and is printed."""

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


if __name__ == "__main__":
    print(version())
