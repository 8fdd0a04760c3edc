"""Frames, and a process that is spoken to by them."""

from __future__ import annotations

import io
import os
import queue
import sys

import pytest

from engine.children import ChildEnded, ChildProcess, read_frame, write_frame

_ECHO = """
import os
import sys
from engine.children import end_with, own_pipes, read_frame, write_frame
source, out = own_pipes()
end_with(int(sys.argv[1]))
print("noise")
while (frame := read_frame(source)) is not None:
    write_frame(out, frame + sys.argv[2].encode() + os.environ.get("ADDED", "").encode())
    if frame == b"end":
        sys.exit(7)
"""


def test_frames_come_one_by_one_and_a_broken_one_is_the_end() -> None:
    pipe = io.BytesIO()
    write_frame(pipe, b"one")
    write_frame(pipe, b"")
    write_frame(pipe, b"three")
    source = io.BytesIO(pipe.getvalue()[:-1])
    assert [read_frame(source), read_frame(source), read_frame(source)] == [b"one", b"", None]
    assert read_frame(io.BytesIO(b"\xff\xff\xff\xffrest")) is None


def test_a_child_gets_what_is_added_to_the_environment() -> None:
    told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    child = ChildProcess([sys.executable, "-c", _ECHO], ["!"], told.put, {"ADDED": "0"})
    child.send(b"one")
    assert told.get(timeout=30) == b"one!0"
    child.kill()


def test_a_child_answers_and_its_end_is_told_with_its_code() -> None:
    told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    child = ChildProcess([sys.executable, "-c", _ECHO], ["!"], told.put)
    assert child.pid != os.getpid()
    child.send(b"one")
    assert told.get(timeout=30) == b"one!"
    assert child.exit_code is None
    child.send(b"end")
    assert told.get(timeout=30) == b"end!"
    assert told.get(timeout=30) is None
    assert child.exit_code == 7
    with pytest.raises(ChildEnded):
        child.send(b"more")


def test_a_killed_child_is_told_at_once() -> None:
    told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    child = ChildProcess([sys.executable, "-c", "import time; time.sleep(600)"], [], told.put)
    child.kill()
    assert told.get(timeout=30) is None
    assert child.exit_code not in (None, 0)
