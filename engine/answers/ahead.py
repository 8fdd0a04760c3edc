"""What the model computes while a question is still being typed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from engine.models.prompts import Prompt

Arguments = TypeVar("Arguments")

_HELD_S = 0.5  # so long the same passages must have been the best, and the question the same
_AGAIN_S = 1.0
_PATIENCE_S = 60.0  # whoever has not asked by then may never do


class Latest(Generic[Arguments]):
    """Does something for the latest of what comes in, one at a time; what was overtaken meanwhile is passed over."""

    def __init__(self, do: Callable[[Arguments], None]) -> None:
        self._do = do
        self._working = threading.Lock()
        self._waiting: list[Arguments] = []

    def __call__(self, arguments: Arguments) -> None:
        """Returns at once where another thread is at it, which then goes on with this."""
        self._waiting = [arguments]
        while self._waiting and self._working.acquire(blocking=False):
            try:
                if self._waiting:
                    self._do(self._waiting.pop())
            finally:
                self._working.release()


class Preparer(Protocol):
    def prepare(self, prompt: Prompt) -> bool: ...

    def is_ready(self, prompt: Prompt) -> bool: ...


class Ahead:
    """Decides when the passages of a drafted question are worth computing.

    Only once the same ones have held for half a second in which nothing was typed, and never twice in a row without a
    question: what is computed for nothing makes the next question wait. (Passages often hold while a question is half
    written: counted from their last change alone, two of six questions found those of their first words computed.) Its
    methods say after how many seconds to `look` again, None for never.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._lock = threading.Lock()
        self._draft: tuple[Prompt, Preparer] | None = None
        self._since_s = 0.0
        self._is_spent = False
        self._questions = 0

    @property
    def questions(self) -> int:
        """How many were asked so far: a draft that began before the latest is void."""
        return self._questions

    def drafted(self, prompt: Prompt, model: Preparer, questions: int) -> float | None:
        """The prompt that would answer what is typed so far; `questions` as it was when that was taken."""
        with self._lock:
            if questions != self._questions:
                return None
            if self._draft is None or self._draft[0] != prompt:
                self._since_s = self._now_s()
            self._draft = prompt, model
        return self.look()

    def look(self) -> float | None:
        """Begins to compute where it is time to. A model that is still loading, or busy, is tried again."""
        with self._lock:
            if self._draft is None or self._is_spent:
                return None
            held_s = self._now_s() - self._since_s
            if held_s < _HELD_S:
                return _HELD_S - held_s
            prompt, model = self._draft
            self._is_spent = model.prepare(prompt)
            return None if self._is_spent or model.is_ready(prompt) or held_s > _PATIENCE_S else _AGAIN_S

    def nothing_drafted(self) -> None:
        with self._lock:
            self._draft = None

    def asked(self) -> None:
        with self._lock:
            self._draft, self._is_spent = None, False
            self._questions += 1
