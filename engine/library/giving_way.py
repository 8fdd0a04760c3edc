"""Work in the background stands back while someone waits for an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_AT_MOST_S = 120.0  # an answer that takes longer is waited for no more: whoever asked may be gone


class GivingWay:
    """Any thread may ask, any thread may stand back."""

    def __init__(self, at_most_s: float = _AT_MOST_S) -> None:
        self._at_most_s = at_most_s
        self._news = threading.Condition()
        self._asked = 0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Within it an answer is waited for."""
        with self._news:
            self._asked += 1
        try:
            yield
        finally:
            with self._news:
                self._asked -= 1
                self._news.notify_all()

    def stand_back(self) -> None:
        """Returns once nobody waits for an answer. To be called between two pieces of work."""
        with self._news:
            self._news.wait_for(lambda: not self._asked, self._at_most_s)
