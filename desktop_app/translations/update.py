"""Bring the translations up to date: take the texts out of the sources, and compile what is translated.

    python desktop_app/translations/update.py

Then translate what is said to be unfinished in the .ts files, and run it once more.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
ROOM = FOLDER.parent
TOOLS = Path(sys.executable).parent
LANGUAGES = {"zh_CN": [], "en": ["-pluralonly"]}  # English needs only its plurals: "1 page", "2 pages"


def main() -> None:
    sources = [str(path.relative_to(ROOM)) for path in sorted(ROOM.rglob("*.py"))]
    for language, options in LANGUAGES.items():
        texts = FOLDER / f"inkstone_{language}.ts"
        _run("pyside6-lupdate", *sources, "-ts", str(texts), "-no-obsolete", "-locations", "none", *options)
        _run("pyside6-lrelease", str(texts), "-qm", str(texts.with_suffix(".qm")))


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([TOOLS / tool, *arguments], cwd=ROOM, check=True)


if __name__ == "__main__":
    main()
