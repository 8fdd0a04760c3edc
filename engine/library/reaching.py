"""Which roots can be reached now, asked of a disk or a share that may never answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from engine.library.scanning import reachable
from engine.library.store import Root

_PATIENCE_S = 1.0


class Reaching:
    """A share that hangs counts as not reachable, and is not asked again until it has answered."""

    def __init__(self, patience_s: float = _PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._asked: dict[Path, _Asking] = {}

    def those(self, roots: Iterable[Root]) -> set[Path]:
        """The paths of those of `roots` that can be listed (or, if files, read) now. Any thread may ask."""
        asked = [self._ask(root) for root in roots]
        return {asking.root.path for asking in asked if asking.answered(self._patience_s)}

    def _ask(self, root: Root) -> _Asking:
        """A new question, or the one that another thread asked and that has no answer yet."""
        with self._lock:
            asking = self._asked.get(root.path)
            if asking is None or not asking.is_alive():
                asking = self._asked[root.path] = _Asking(root)
            return asking


class _Asking(threading.Thread):
    def __init__(self, root: Root) -> None:
        super().__init__(name="reaching", daemon=True)
        self.root = root
        self._since = time.monotonic()
        self._reached = False
        self.start()

    def run(self) -> None:
        self._reached = reachable(self.root)

    def answered(self, patience_s: float) -> bool:
        """Whether the root was reached, within `patience_s` seconds of the question."""
        self.join(max(0.0, self._since + patience_s - time.monotonic()))
        return self._reached
