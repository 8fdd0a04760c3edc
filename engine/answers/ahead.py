"""What the model computes while a question is still being typed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from engine.models.prompts import Prompt

Arguments = TypeVar("Arguments")

_HELD_S = 0.5  # so long the same passages must have been the best


class Latest(Generic[Arguments]):
    """Does something for the latest of what comes in, one at a time; what was overtaken meanwhile is passed over."""

    def __init__(self, do: Callable[[Arguments], None]) -> None:
        self._do = do
        self._working = threading.Lock()
        self._waiting: list[Arguments] = []

    def __call__(self, arguments: Arguments) -> None:
        """Returns at once where another thread is at it, which then goes on with this."""
        self._waiting = [arguments]
        if self._working.acquire(blocking=False):
            try:
                while self._waiting:
                    self._do(self._waiting.pop())
            finally:
                self._working.release()


class Preparer(Protocol):
    def prepare(self, prompt: Prompt) -> bool: ...


class Ahead:
    """Decides when the passages of a drafted question are worth computing.

    Only once the same ones have held for half a second, and never twice in a row without a question: what is computed
    for nothing makes the next question wait.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._lock = threading.Lock()
        self._passages: tuple[int, ...] = ()
        self._since_s = 0.0
        self._is_spent = False

    def drafted(self, prompt: Prompt, model: Preparer) -> None:
        """The prompt that would answer what is typed so far."""
        with self._lock:
            now_s, passages = self._now_s(), prompt.fixed + prompt.passages
            if passages != self._passages:
                self._passages, self._since_s = passages, now_s
            elif not self._is_spent and now_s - self._since_s >= _HELD_S:
                self._is_spent = model.prepare(prompt)

    def nothing_drafted(self) -> None:
        with self._lock:
            self._passages = ()

    def asked(self) -> None:
        with self._lock:
            self._passages, self._is_spent = (), False
