"""How far indexing or importing is, on standard error: a line that renews itself, elsewhere a line now and then."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType

from engine.texts import Language, say
from engine.types import IndexEvent, Stage, Working

_ON_TERMINAL_S = 0.1
_IN_LOG_S = 10.0


class Progress:
    """Use it as a context: leaving it ends the line."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._terminal = sys.stderr.isatty()
        self._shown = time.monotonic() if not self._terminal else 0.0
        self._started = time.monotonic()
        self._ended: float | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended = time.monotonic()
        self._renew("")

    @property
    def seconds(self) -> float:
        return (self._ended or time.monotonic()) - self._started

    def show(self, event: IndexEvent) -> None:
        if isinstance(event, Working) and event.stage is not Stage.IDLE:
            self._now_and_then(self._sentence(event))

    def counter(self, count: int) -> None:
        self._now_and_then(str(count))

    def converting(self, name: str, done_bytes: int, total_bytes: int) -> None:
        done, total = (f"{size / 1e9:.1f}" for size in (done_bytes, total_bytes))
        self._now_and_then(say("converting", self._language, name=name, done=done, total=total))

    def line(self, text: str) -> None:
        """A line that stays."""
        self._renew("")
        print(text, file=sys.stderr)

    def _now_and_then(self, text: str) -> None:
        now = time.monotonic()
        if now - self._shown >= (_ON_TERMINAL_S if self._terminal else _IN_LOG_S):
            self._shown = now
            if self._terminal:
                self._renew(text)
            else:
                print(text, file=sys.stderr)

    def _renew(self, text: str) -> None:
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            print("\r\x1b[K" + text[:width], end="", file=sys.stderr, flush=True)

    def _sentence(self, event: Working) -> str:
        name = event.path.name if event.path else ""
        text = say(event.stage.value, self._language, done=event.done + 1, total=event.total, name=name)
        if event.seconds_left is None:
            return text
        return f"{text} · {say('left', self._language, time=_duration(event.seconds_left, self._language))}"


def _duration(seconds: float, language: Language) -> str:
    if seconds < 90:
        return say("seconds", language, count=max(1, round(seconds)))
    return say("minutes", language, count=round(seconds / 60))
