"""The passwords that a person has given: kept in this process's memory for as long as it lives, written nowhere."""

from __future__ import annotations

import threading
from collections.abc import Iterable


class Passwords:
    """Each is tried on every encrypted document. Any thread may use it."""

    def __init__(self) -> None:
        self._known: tuple[str, ...] = ()
        self._changing = threading.Lock()

    def remember(self, passwords: Iterable[str]) -> None:
        """The latest come first: they are the likeliest to fit next."""
        with self._changing:
            self._known = tuple(dict.fromkeys((*passwords, *self._known)))

    def all(self) -> tuple[str, ...]:
        return self._known

    def __repr__(self) -> str:  # never a password in a log or a traceback
        return f"Passwords({len(self._known)})"
