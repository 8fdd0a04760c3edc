import pytest

from engine.library.pacing import Pace, Sample, allowed


class FakeMachine:
    """Four cores; `busy` are seconds of processor time since it started."""

    cores = 4

    def __init__(self) -> None:
        self.now = 100.0
        self.all = self.ours = 0.0
        self.on_battery = False
        self.asked = 0

    def sample(self) -> Sample:
        self.asked += 1
        return Sample(self.all, self.ours, self.on_battery)

    def pass_time(self, seconds: float, others: float = 0.0, ours: float = 0.0) -> None:
        """`others` and `ours` are cores kept busy."""
        self.now += seconds
        self.all += seconds * (others + ours)
        self.ours += seconds * ours


@pytest.mark.parametrize(
    ("others", "on_battery", "cores"),
    [
        (0.0, False, 4),
        (0.3, False, 4),
        (0.6, False, 3),
        (2.0, False, 2),
        (4.0, False, 1),
        (0.0, True, 2),
        (3.0, True, 1),
    ],
)
def test_others_come_first_and_one_core_is_always_ours(others: float, on_battery: bool, cores: int) -> None:
    assert allowed(4, others, on_battery) == cores


def test_own_work_is_not_mistaken_for_that_of_others() -> None:
    machine = FakeMachine()
    pace = Pace(machine, clock=lambda: machine.now)
    machine.pass_time(10, others=0.0, ours=4.0)
    assert pace() == 4
    machine.pass_time(10, others=2.0, ours=2.0)
    assert pace() == 2
    machine.pass_time(10, others=0.0, ours=2.0)
    assert pace() == 4


def test_the_machine_is_asked_now_and_then_only() -> None:
    machine = FakeMachine()
    pace = Pace(machine, clock=lambda: machine.now)
    machine.pass_time(0.5, others=4.0)
    assert [pace(), pace()] == [4, 4]
    assert machine.asked == 1


def test_a_battery_halves_it_from_the_start() -> None:
    machine = FakeMachine()
    machine.on_battery = True
    assert Pace(machine, clock=lambda: machine.now)() == 2


def test_the_setting_turns_it_off() -> None:
    machine = FakeMachine()
    machine.on_battery = True
    assert Pace(machine, lambda: False, clock=lambda: machine.now)() == 4
