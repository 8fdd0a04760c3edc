"""Which roots can be reached now, asked of a disk or a share that may never answer."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from engine.library.scanning import reachable
from engine.library.store import Root

_PATIENCE_S = 1.0


class Reaching:
    """A share that hangs counts as not reachable, and is not asked again until it has answered."""

    def __init__(self, patience_s: float = _PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._asked: dict[Path, threading.Thread] = {}

    def those(self, roots: Iterable[Root]) -> set[Path]:
        """The paths of those of `roots` that can be listed (or, if files, read) now. Any thread may ask."""
        found: set[Path] = set()
        asked = []
        for root in roots:
            before = self._asked.get(root.path)
            if before and before.is_alive():
                continue
            thread = threading.Thread(target=_ask, args=[root, found], name="reaching", daemon=True)
            self._asked[root.path] = thread
            thread.start()
            asked.append(thread)
        for thread in asked:
            thread.join(self._patience_s)
        return set(found)


def _ask(root: Root, found: set[Path]) -> None:
    if reachable(root):
        found.add(root.path)
