import pytest

from engine.library.remaining import Remaining, Speed


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_told_before_something_was_measured() -> None:
    clock = Clock()
    assert Remaining(100, 0, 10.0, clock).seconds_left() is None
    never_embedded = Remaining(100, 0, 0.0, clock)
    never_embedded.advance(50, 10)
    clock.now = 10.0
    assert never_embedded.seconds_left() is None


def test_reading_and_the_embedding_that_follows_are_told_together() -> None:
    clock = Clock()
    remaining = Remaining(100, waiting=20, rate=10.0, clock=clock)
    clock.now = 5.0
    remaining.advance(50, 100)  # half of it in 5 seconds; 200 passages in the end, and 20 from before
    assert remaining.seconds_left() == pytest.approx(5 + 22)


def test_speed_is_that_of_the_last_minute() -> None:
    clock = Clock()
    speed = Speed(clock)
    clock.now = 10.0
    assert speed.after(100) == pytest.approx(10)
    for second in range(20, 121, 10):  # the machine has become busy
        clock.now = float(second)
        rate = speed.after(100 + second - 10)
    assert rate == pytest.approx(1)
