"""Requests about models, behind the pipe: long ones tell how far they are, are stopped, and take nobody's place."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Code, UsageError
from engine.models.errands import Stopped
from engine.serving import Server
from engine.types import AnewNeed, Arriving, Speed
from engine.wire import from_line, to_line

SPEED = Speed(per_second=34.5, load_s=0.4, memory_bytes=1, measured_ms=2)


class Manager:
    """An assistant that knows models alone."""

    def __init__(self) -> None:
        self.entered = threading.Event()

    def watch(self, tell: object) -> None: ...

    def interrupt(self) -> None: ...

    def close(self) -> None: ...

    def import_model(
        self, folder: Path, small: bool, tell: Callable[[int, int], None], stop: Callable[[], bool]
    ) -> str:
        tell(1, 4)
        self.entered.set()
        while folder.name == "slow":
            if stop():
                raise Stopped
        return f"{folder.name}-{small}"

    def measure(self, name: str, stop: Callable[[], bool]) -> Speed:
        return SPEED

    def remove_model(self, name: str) -> None:
        raise UsageError(Code.SHIPPED_MODEL, name=name)

    def need(self, embedder: str) -> AnewNeed:
        return AnewNeed(embedder, 1, 2, 3)

    def graphics(self) -> None:
        return None

    def add_sample(self) -> Path:
        return Path("sample")


def replies(requests: Callable[[Manager], Iterator[dict[str, object]]]) -> list[dict[str, Any]]:
    """What comes back on these requests, without the first word; the input ends after the last of them."""
    assistant, sink = Manager(), io.BytesIO()
    lines = (to_line(request) for request in requests(assistant))
    Server(assistant, lines, sink).run()  # type: ignore[arg-type]
    return [from_line(line) for line in sink.getvalue().splitlines()[1:]]


def test_import_tells_how_far_it_is_and_gives_the_name():
    came = replies(lambda _: iter([{"id": 1, "do": "import_model", "folder": "bge", "small": True}]))
    assert came == [{"id": 1, "event": Arriving(1, 4)}, {"id": 1, "done": "bge-True"}]


def test_import_is_stopped_while_it_runs():
    def requests(assistant: Manager) -> Iterator[dict[str, object]]:
        yield {"id": 1, "do": "import_model", "folder": "slow", "small": False}
        assert assistant.entered.wait(30)
        yield {"id": 2, "do": "need", "embedder": "small"}  # does not wait for it
        yield {"id": 3, "do": "stop", "request": 1}

    came = {message["id"]: message for message in replies(requests)}
    assert came[1] == {"id": 1, "done": None}
    assert came[2]["done"] == AnewNeed("small", 1, 2, 3)


@pytest.mark.parametrize(
    ("request_", "done"),
    [
        ({"do": "measure", "model": "small"}, SPEED),
        ({"do": "graphics"}, None),
        ({"do": "sample"}, "sample"),
    ],
)
def test_short_requests_are_answered(request_, done):
    assert replies(lambda _: iter([{"id": 1, **request_}])) == [{"id": 1, "done": done}]


def test_refusal_is_told():
    (came,) = replies(lambda _: iter([{"id": 1, "do": "remove_model", "model": "small"}]))
    assert (came["error"], came["facts"]) == ("shipped_model", {"name": "small"})
