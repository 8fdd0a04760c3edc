"""What takes the room in the packages, as a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from frozen_folder import INTERNAL, FrozenFolder

_SAME = {  # several folders of one thing
    "numpy.libs": "numpy",
    "ctranslate2.libs": "ctranslate2",
    "shapely.libs": "shapely",
    "pillow.libs": "PIL",
    "opencv_python_headless.libs": "cv2",
    "shiboken6": "PySide6",
    "tokenizers.libs": "tokenizers",
}
_SMALL = 1_000_000  # bytes: what is less stands together


def table(frozen: FrozenFolder, made: Iterable[Path]) -> str:
    """As Markdown: each file that was made, then the installed size of each part."""
    lines = ["| file | MB |", "|---|---|"]
    lines += [f"| {path.name} | {path.stat().st_size / 1e6:.1f} |" for path in made]
    for ocr, title in ((False, "inkstone"), (True, "inkstone-ocr")):
        parts = counted(frozen, ocr)
        lines += ["", f"| installed: {title} | {sum(parts.values()) / 1e6:.0f} MB |", "|---|---|"]
        shown = [(size, part) for part, size in parts.items() if size >= _SMALL]
        lines += [f"| {part} | {size / 1e6:.1f} |" for size, part in sorted(shown, reverse=True)]
        rest = sum(parts.values()) - sum(size for size, _ in shown)
        lines.append(f"| {len(parts) - len(shown)} smaller parts | {rest / 1e6:.1f} |")
    return "\n".join(lines) + "\n"


def counted(frozen: FrozenFolder, ocr: bool) -> Counter[str]:
    parts: Counter[str] = Counter()
    for inside in frozen.files(ocr):
        parts[part_of(inside)] += (frozen.path / inside).lstat().st_size
    return parts


def part_of(inside: Path) -> str:
    """`_internal/numpy/linalg/x.so` is part of numpy; the program itself holds our modules and Python's own."""
    if inside.parts[0] != INTERNAL:
        return "inkstone, with all Python modules"
    first = inside.parts[1]
    if "shipped" in inside.parts:
        return f"model {inside.parts[inside.parts.index('shipped') + 1]}"
    if first == "PySide6":
        first = "PySide6"
    if len(inside.parts) == 2:
        first = "Python and its libraries" if re.match(r"(lib|base_library)", first) else re.split(r"[.\-]", first)[0]
    first = "Python and its libraries" if first in ("lib-dynload", "python3.11", "python3.12") else first
    return _SAME.get(first, first.partition("-")[0])
