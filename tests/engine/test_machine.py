"""What the machine tells of itself, also where it tells little."""

from __future__ import annotations

import psutil
import pytest

from engine.machine import ThisMachine


def test_machine_that_says_nothing_of_its_power_is_not_on_battery(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise FileNotFoundError("/sys/class/power_supply")  # as in a container

    monkeypatch.setattr(psutil, "sensors_battery", missing, raising=False)
    assert not ThisMachine().sample().on_battery
