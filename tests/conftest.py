"""What holds for every test: nothing of the person's is touched, and nothing leaves the computer."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home of the tests' own and English texts, also for the processes that a test starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKSTONE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("INKSTONE_LANG", "en")
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(autouse=True)
def _usual_logging() -> Iterator[None]:
    """The command sets how much is logged for the whole process; the tests that come after it hear as much as ever."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Connecting to another computer from the tests' process fails at once, instead of working here and not there."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any, /) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_this_computer(str(address[0])):
            raise ConnectionRefusedError(f"a test tried to connect to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", local_only)
        yield


def _is_this_computer(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
