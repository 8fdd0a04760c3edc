"""What a file holds, as one number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

_PIECE_BYTES = 2**20


def sha256_of(path: Path, heard: Callable[[], None] = lambda: None) -> str:
    """In hexadecimal; the file is read in pieces, and `heard` is called with each. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
            heard()
    return digest.hexdigest()
