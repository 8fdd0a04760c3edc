"""What is said over the pipes."""

from __future__ import annotations

import pytest

from engine.models.jobs import (
    Abandon,
    Done,
    Failed,
    Forget,
    Generate,
    Idle,
    Loaded,
    Refused,
    Reply,
    Request,
    Setup,
    Token,
    Trying,
    decode,
    encode,
)
from engine.types import Notice

MESSAGES = [
    Setup("模型", "", "int8", 2, 600.0),
    Generate(1, [1, 2], [3], [2, 5], 256, 0.7, 0.9, 1.1),
    Abandon(1),
    Forget(20.0),
    Trying("cuda"),
    Loaded("cpu", "int8", 10**9),
    Loaded("cuda", "float16", None, "gpu_unusable", {"why": "…"}),
    Refused("bad_model", {"path": "x", "why": "y"}),
    Token(1, 65023),
    Done(1, complete=True),
    Failed("bad_alloc"),
    Idle(again=True),
]


@pytest.mark.parametrize("message", MESSAGES)
def test_messages_come_back_as_they_were(message: Setup | Request | Reply) -> None:
    assert decode(encode(message)) == message


@pytest.mark.parametrize("frame", [b"", b"{}", b"[]", b'["Token"]', b'["Token",{"x":1}]', b'["rm",{}]', b"\xff"])
def test_nonsense_is_a_value_error(frame: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode(frame)


def test_a_notice_travels_as_code_and_facts() -> None:
    assert Loaded("cpu", "int8", 1).notice is None
    assert Loaded("cpu", "int8", 1, "no_gpu").notice == Notice("no_gpu", {})
