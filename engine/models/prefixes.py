"""Which beginnings of prompts the generator keeps computed, and how a prompt makes the best of them.

CTranslate2 keeps the state after a "static prompt" in a map: only the very same ids find it again, never a longer or
shorter beginning, and nothing leaves the map until the model is loaded anew (in a new process: `unload_model` was seen
to give back nothing of it). So the count of its tokens is kept here,
and a prompt that would pass the limit does not go into the map.

The policy: fixed + passages is the static prompt whenever it is there or fits. A cold question computes it in the same
run as itself, so that a follow-up on the same passages finds it and pays for nothing but its own tokens. Where it
does not fit, only the fixed part is static: it is the same for every question of a language.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.models.prompts import Prompt

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A prompt as it goes to the library: `static` first, then `start`."""

    static: Ids
    start: Ids
    computed: int  # tokens that are not there already


class Prefixes:
    """What one child keeps. `limit`: tokens in all."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: set[Ids] = set()
        self._tokens = 0

    def has(self, ids: Ids) -> bool:
        return ids in self._kept

    def add(self, ids: Ids) -> None:
        if ids and ids not in self._kept:
            self._kept.add(ids)
            self._tokens += len(ids)

    def fits(self, ids: Ids) -> bool:
        return self._tokens + len(ids) <= self.limit

    def would_fit_anew(self, ids: Ids) -> bool:
        """Whether it is only what is kept already that stands in its way."""
        return not self.has(ids) and not self.fits(ids) and len(ids) <= self.limit

    def split(self, prompt: Prompt) -> Split:
        whole = prompt.fixed + prompt.passages
        for static in (whole, prompt.fixed):
            start = (whole + prompt.question)[len(static) :]
            if self.has(static):
                return Split(static, start, len(start))
            if static and start and self.fits(static):
                return Split(static, start, len(static) + len(start))
        everything = whole + prompt.question
        return Split((), everything, len(everything))
