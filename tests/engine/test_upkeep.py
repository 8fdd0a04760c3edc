"""Pausing, on an indexer that works for as long as it may."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.config import Config, Settings
from engine.library.store import Store
from engine.types import IndexEvent, Stage, Working
from engine.upkeep import Upkeep


class EndlessIndexer:
    """Works until it is stopped."""

    def __init__(self) -> None:
        self.runs = 0
        self.at_work = threading.Event()

    def run(
        self, stop: Callable[[], bool], changed: Callable[[], bool] = lambda: False, scans: bool = True
    ) -> Iterator[IndexEvent]:
        self.runs += 1
        yield Working(Stage.EMBEDDING, 1, 2)
        self.at_work.set()
        while not stop():
            pass
        self.at_work.clear()


class Kept:
    """An upkeep at work in a thread of its own, and what it tells."""

    def __init__(self, home: Path, **settings: bool) -> None:
        self.store = Store(home / "library.sqlite")
        self.indexer = EndlessIndexer()
        self.rested = 0
        self.upkeep = Upkeep(
            Config(home, Settings(**settings)),
            self.store,
            lambda: self.indexer,  # type: ignore[arg-type, return-value]
            lambda _: True,
            self._rest,
        )
        self.paused = threading.Event()
        self.thread = threading.Thread(target=self.upkeep.follow, args=[self._tell])
        self.thread.start()

    def close(self) -> None:
        self.upkeep.end()
        self.thread.join()
        self.store.close()

    def _rest(self) -> None:
        self.rested += 1

    def _tell(self, event: object) -> None:
        if isinstance(event, Working) and event.stage is Stage.PAUSED:
            self.paused.set()


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Callable[..., Kept]]:
    kept: list[Kept] = []

    def keep(**settings: bool) -> Kept:
        kept.append(Kept(tmp_path, **settings))
        return kept[-1]

    yield keep
    for each in kept:
        each.close()


def test_a_pause_ends_the_work_and_rests_until_it_goes_on(keeping: Callable[..., Kept]) -> None:
    kept = keeping()
    assert kept.indexer.at_work.wait(20)
    kept.upkeep.pause()
    assert kept.paused.wait(20)
    assert not kept.indexer.at_work.is_set()
    assert kept.rested
    kept.upkeep.nudge()  # a change of a folder does not wake it
    assert kept.indexer.runs == 1
    kept.upkeep.resume()
    assert kept.indexer.at_work.wait(20)
    assert kept.indexer.runs == 2


def test_a_pause_outlives_a_restart(keeping: Callable[..., Kept]) -> None:
    kept = keeping(paused=True)
    assert kept.paused.wait(20)
    assert kept.indexer.runs == 0


def test_what_is_asked_for_is_done_also_while_it_is_paused(keeping: Callable[..., Kept]) -> None:
    kept = keeping(paused=True)
    assert kept.paused.wait(20)
    assert next(kept.upkeep.once(lambda: True)) == Working(Stage.EMBEDDING, 1, 2)


def test_it_can_be_ended_while_it_is_paused(keeping: Callable[..., Kept]) -> None:
    kept = keeping(paused=True)
    assert kept.paused.wait(20)
    kept.close()
    assert not kept.thread.is_alive()
