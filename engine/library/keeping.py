"""What was read is kept, several files in one transaction: a kill costs about a second's work, and nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from engine.documents.kinds import READING_VERSION, SKIMMED
from engine.library.looking_ahead import Slot, Trouble
from engine.library.store import KnownFile, Store
from engine.types import Failed, Indexed, IndexEvent, Reading, Reason, Removed

logger = logging.getLogger(__name__)

_FILES = 64
_PASSAGES = 1000
_AGE_S = 1.0


class Keeper:
    """Collects files that were read until they are worth a transaction. `moved`: what is gone, by size and time."""

    def __init__(self, store: Store, moved: Mapping[tuple[int, int], KnownFile]) -> None:
        self._store = store
        self._moved = moved
        self._slots: list[Slot] = []
        self._passages = 0
        self._since = 0.0

    @property
    def is_due(self) -> bool:
        """Whether enough is collected, or waits for long enough."""
        return bool(self._slots) and (
            len(self._slots) >= _FILES or self._passages >= _PASSAGES or time.monotonic() - self._since >= _AGE_S
        )

    def collect(self, slot: Slot) -> None:
        if not self._slots:
            self._since = time.monotonic()
        self._slots.append(slot)
        self._passages += slot.passages

    def keep(self) -> list[IndexEvent]:
        """Everything that was collected is on disk when this returns: what became of each file, in their order."""
        slots, self._slots, self._passages = self._slots, [], 0
        if not slots:
            return []
        with self._store.together():
            events = [event for slot in slots if (event := self._kept(slot))]
        for slot in slots:
            slot.outcome = None  # a twin finds it in the library from now on
        for event in events:
            if isinstance(event, Failed):
                logger.info("failed %s: %s", event.path, event.reason)
            elif isinstance(event, Indexed):
                logger.info("read %s: %d passages", event.path, event.passages)
        return events

    def _kept(self, slot: Slot) -> IndexEvent | None:
        file, outcome = slot.file, slot.outcome
        if outcome is Trouble.GONE:
            self._store.forget_path(file.path)
            return Removed(file.path)
        if outcome is Trouble.NO_ACCESS:
            self._store.fail_file(file, Reason.NO_ACCESS)
            return Failed(file.path, Reason.NO_ACCESS)
        if outcome is Trouble.AWAY:
            if not self._store.sha256_of(file.path):  # else what was read of it stays, and it is tried again
                self._store.fail_file(file, Reason.NO_ACCESS)
            return Failed(file.path, Reason.NO_ACCESS)
        if outcome is Trouble.CHANGING:
            return Failed(file.path, Reason.CHANGING)  # read again with the next pass
        before = None
        known = self._store.content(slot.sha256, slot.kind, READING_VERSION)
        if known is None and outcome is Reason.ENCRYPTED:  # nobody has given its password to this process yet
            known = self._store.readable_content(slot.sha256, slot.kind)
        if known is not None:
            self._store.link(file, known)
            before = self._moved.get((file.size_bytes, file.mtime_ns))
        else:
            assert isinstance(outcome, Reading | Reason)
            self._store.put(file, slot.sha256, slot.kind, READING_VERSION, outcome)
        reason, passages = self._store.outcome(file.path)
        return Failed(file.path, reason) if reason else Indexed(file.path, passages, before.path if before else None)


class SkimKeeper(Keeper):
    """Keeps bare texts, which count as not read: whatever else became of a file is told when it is read."""

    def _kept(self, slot: Slot) -> None:
        if slot.passages and self._store.content(slot.sha256, slot.kind, READING_VERSION) is None:
            assert isinstance(slot.outcome, Reading)
            self._store.put(slot.file, slot.sha256, slot.kind, SKIMMED, slot.outcome)
